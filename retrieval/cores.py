"""Encode many inputs at once as fast as the hardware can.

Knows torch, processors and precision; knows no model. On a processor each batch has a core to
itself: threads that share one batch wait for one another at every layer, and much longer when
anything else is running.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch

_MANY = 16  # inputs from which half precision pays

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def encode_batches(
    encode: Callable[[Sequence[Thing]], Result],
    batches: Sequence[Sequence[Thing]],
    device: torch.device,
) -> list[Result]:
    """Return `encode` of every batch, in order, without gradients.

    Half precision is used where the hardware is built for it, and only for a batch of many:
    indexing gets faster, a query stays exact.
    """

    def work(batch: Sequence[Thing]) -> Result:
        with torch.inference_mode(), _precision(device, len(batch)):
            return encode(batch)

    cores = torch.get_num_threads()
    if device.type != "cpu" or len(batches) < 2 or cores < 2:
        return [work(batch) for batch in batches]
    try:
        with ThreadPoolExecutor(cores, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(work, batches))
    finally:
        torch.set_num_threads(cores)  # what threads to come start with


def _precision(device: torch.device, count: int) -> AbstractContextManager[object]:
    fast = device.type == "cuda" or (
        device.type == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    if count < _MANY or not fast:
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
