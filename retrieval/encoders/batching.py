"""Encode many inputs at once as fast as the hardware can.

Knows torch, CPU threads and precision; knows no model. On a CPU each batch runs on one core:
threads that share a batch wait for each other at every layer, and become very slow when other
programs run (a query's words: 256 ms on two threads, 14 ms on one).
"""

import ctypes
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Barrier
from typing import TypeVar

import torch

_MANY = 16  # batch size from which half precision is faster

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class Cores:
    """A pool of single-threaded workers, one per core; on a GPU, the calling thread."""

    def __init__(self, device: torch.device) -> None:
        """Start the workers, each with one torch thread.

        `torch.set_num_threads` applies to the calling thread and to threads started later, so the
        old number is restored before any other thread starts.
        """
        self._device = device
        self._pool: ThreadPoolExecutor | None = None
        count = torch.get_num_threads()
        if device.type == "cpu" and count > 1:
            self._pool = ThreadPoolExecutor(count, thread_name_prefix="core")
            ready = Barrier(count + 1)
            for _ in range(count):
                self._pool.submit(_compute_alone, ready)
            ready.wait()
            torch.set_num_threads(count)

    def encode(
        self, encode: Callable[[Sequence[Thing]], Result], batches: Sequence[Sequence[Thing]]
    ) -> list[Result]:
        """Return `encode` of every batch, in order, without gradients.

        Half precision is used where the hardware supports it, and only for large batches: indexing
        gets faster, queries stay exact.
        """

        def work(batch: Sequence[Thing]) -> Result:
            with torch.inference_mode(), _precision(self._device, len(batch)):
                return encode(batch)

        return list(map(work, batches) if self._pool is None else self._pool.map(work, batches))


def release_memory() -> None:
    """Return freed memory to the system: glibc keeps 200 MB and more of it for the threads.

    Does nothing outside Linux.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def _compute_alone(ready: Barrier) -> None:
    torch.get_num_threads()  # the first use initialises the setting and would undo the next line
    torch.set_num_threads(1)
    ready.wait()


def best_device() -> torch.device:
    """Return where models run when nothing else is said: on a GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def multiplies_bfloat16(device: torch.device) -> bool:
    """Tell whether the hardware multiplies bfloat16 natively.

    AVX-512 alone does not: torch emulates it, at less than half the speed of single precision.
    """
    if device.type != "cpu":
        return device.type == "cuda"
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _precision(device: torch.device, count: int) -> AbstractContextManager[object]:
    if count < _MANY or not multiplies_bfloat16(device):
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
