"""Cache the key-value tensors of prompts, so that a shared prefix is computed only once.

Knows token ids and key-value tensors; knows no model. On a CPU, prompt processing dominates the
time of a turn, and most of a prompt is the same each time: the instructions, the conversation so
far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import DynamicCache

_SAME_KIND = 16  # tokens: prompts with a common prefix this long have the same instructions


@dataclass(frozen=True, slots=True)
class PastTokens:
    """A sequence of tokens, with its key and value tensors in each layer."""

    ids: tuple[int, ...]
    layers: tuple[tuple["Tensor", "Tensor"], ...]  # (1, heads, len(ids), width) each

    def first(self, count: int) -> "PastTokens":
        """Return only the first tokens; shares memory."""
        layers = tuple((k[:, :, :count], v[:, :, :count]) for k, v in self.layers)
        return PastTokens(self.ids[:count], layers)


class Prefixes:
    """A cache of prompts with a budget of tokens; the least recently used are evicted first."""

    def __init__(self, budget: int) -> None:
        self._budget = budget  # tokens
        self._read: list[PastTokens] = []  # least recently used first

    def longest(self, ids: Sequence[int]) -> PastTokens | None:
        """Return the longest cached prefix of `ids`, at most all tokens but the last."""
        best = max(self._read, key=lambda read: shared(read.ids, ids), default=None)
        if best is None or not (count := min(shared(best.ids, ids), len(ids) - 1)):
            return None
        self._read.remove(best)
        self._read.append(best)
        return best.first(count)

    def remember(self, fresh: PastTokens) -> None:
        """Cache a prompt, replacing the earlier one with the same instructions.

        Only one prompt is cached for the same instructions, so that many long prompts of one kind
        do not evict the others.
        """
        self._read = [read for read in self._read if shared(read.ids, fresh.ids) < _SAME_KIND]
        self._read.append(fresh)
        while sum(len(read.ids) for read in self._read) > self._budget:
            self._read.pop(0)


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return the length of the common prefix of two token sequences."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def kept_tokens(ids: Sequence[int], cache: "DynamicCache") -> PastTokens:
    """Return what a cache holds after some tokens; shares memory."""
    layers: list[Any] = cache.layers
    return PastTokens(tuple(ids), tuple((layer.keys, layer.values) for layer in layers))


def restore_tokens(cache: "DynamicCache", read: PastTokens, times: int = 1) -> None:
    """Put tokens into an empty cache, as often as rows are computed."""
    for index, (keys, values) in enumerate(read.layers):
        cache.update(keys.expand(times, -1, -1, -1), values.expand(times, -1, -1, -1), index)
