"""Encode many inputs at once as fast as the hardware can.

Knows torch, processors and precision; knows no model. On a processor each batch has a core to
itself: threads that share one batch wait for one another at every layer, and when anything else
is running they all but stop (a query's words: 256 ms on two threads, 14 ms on one).
"""

import ctypes
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Barrier
from typing import TypeVar

import torch

_MANY = 16  # inputs from which half precision pays

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class Cores:
    """Threads that compute alone, one for each core; on an accelerator, the calling thread."""

    def __init__(self, device: torch.device) -> None:
        """Start the threads; torch's setting is the thread's own, but is made for all that start.

        So it is put back before anything else can start with it.
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

        Half precision is used where the hardware is built for it, and only for a batch of many:
        indexing gets faster, a query stays exact.
        """

        def work(batch: Sequence[Thing]) -> Result:
            with torch.inference_mode(), _precision(self._device, len(batch)):
                return encode(batch)

        return list(map(work, batches) if self._pool is None else self._pool.map(work, batches))


def release_memory() -> None:
    """Give back what finished batches left behind: glibc keeps it for each thread, 200 MB and more.

    Elsewhere nothing is done.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def _compute_alone(ready: Barrier) -> None:
    torch.get_num_threads()  # torch takes up the setting on first use, which would undo the next
    torch.set_num_threads(1)
    ready.wait()


def multiplies_bfloat16(device: torch.device) -> bool:
    """Tell whether the hardware is built to multiply in bfloat16.

    AVX-512 alone is not: there torch imitates it, at less than half the speed of single precision.
    """
    if device.type != "cpu":
        return device.type == "cuda"
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _precision(device: torch.device, count: int) -> AbstractContextManager[object]:
    if count < _MANY or not multiplies_bfloat16(device):
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
