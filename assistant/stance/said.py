"""What can be told of a message: how each thing in it is meant, and what the message does.

Knows names and likelihoods; knows no model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Meaning = Literal[
    "want",  # it is required
    "soft",  # it would be nice
    "not",  # it is refused
    "ask",  # it is asked or talked about
    "background",  # it is only mentioned: what somebody has, gave away, paid
    "free",  # it was refused or required, and is not any more
    "max", "min", "exact", "near",  # of amounts: which side of them is wanted
]  # fmt: skip
MessageAct = Literal[
    "find", "ask", "compare", "count", "like", "dislike", "control", "smalltalk", "advice",
    "offtopic",
]  # fmt: skip
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
ACTS: tuple[MessageAct, ...] = get_args(MessageAct)

Stretch = tuple[int, int]  # first character, one past the last
Meant = Mapping[Meaning, float]  # likelihoods that add up to 1


@dataclass(frozen=True, slots=True)
class MessageTold:
    """What a message says, as far as other messages tell."""

    meant: tuple[Meant, ...]  # of each stretch that was asked about
    acts: Mapping[MessageAct, float]  # each between 0 and 1; several may be near 1


MessageReader = Callable[[str, Sequence[Stretch]], MessageTold]
