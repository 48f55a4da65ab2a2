"""Remember what the model has already read, so that the fixed part of a prompt is read once.

Knows token ids and key-value tensors; knows no model. Reading a prompt is what a turn costs on a
CPU, and most of a prompt is the same each time: the instructions, the conversation so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_SAME_KIND = 16  # tokens: prompts that begin alike so far follow the same instructions


@dataclass(frozen=True, slots=True)
class PastTokens:
    """A sequence of tokens, and the key and value tensors it left in each layer."""

    ids: tuple[int, ...]
    layers: tuple[tuple["Tensor", "Tensor"], ...]  # (1, heads, len(ids), width) each

    def first(self, count: int) -> "PastTokens":
        """Return only the first tokens; shares memory."""
        layers = tuple((k[:, :, :count], v[:, :, :count]) for k, v in self.layers)
        return PastTokens(self.ids[:count], layers)


class Prefixes:
    """The prompts read last, within a budget of tokens; the least recently used go first."""

    def __init__(self, budget: int) -> None:
        self._budget = budget  # tokens
        self._read: list[PastTokens] = []  # least recently used first

    def longest(self, ids: Sequence[int]) -> PastTokens | None:
        """Return the longest beginning of `ids` that was read before, at most all but one token."""
        best = max(self._read, key=lambda read: shared(read.ids, ids), default=None)
        if best is None or not (count := min(shared(best.ids, ids), len(ids) - 1)):
            return None
        self._read.remove(best)
        self._read.append(best)
        return best.first(count)

    def remember(self, fresh: PastTokens) -> None:
        """Keep what was read, in place of the older prompt of the same kind.

        Each kind has one place, so that many long ones push no other kind's instructions out.
        """
        self._read = [read for read in self._read if shared(read.ids, fresh.ids) < _SAME_KIND]
        self._read.append(fresh)
        while sum(len(read.ids) for read in self._read) > self._budget:
            self._read.pop(0)


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two sequences share at their beginning."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))
