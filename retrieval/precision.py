"""Choose the arithmetic that many inputs at once are encoded in.

Knows torch and the processor; knows no model. Half precision is used where the hardware is built
for it, and only for many inputs at once: indexing gets faster, a query stays exact.
"""

from contextlib import AbstractContextManager, nullcontext

import torch

MANY = 16  # inputs from which half precision pays


def precision(device: torch.device, count: int) -> AbstractContextManager[object]:
    """Return the context to encode `count` inputs in."""
    fast = device.type == "cuda" or (
        device.type == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    if count < MANY or not fast:
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
