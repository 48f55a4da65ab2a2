"""Why what is shown is not quite what was asked for: values, which `answering` words.

Pure. Knows constraints and items; knows no sentence.
"""

from dataclasses import dataclass
from enum import Enum, auto

from retrieval.items import Constraint, Item


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Nothing can satisfy both constraints."""

    one: Constraint
    other: Constraint


@dataclass(frozen=True, slots=True)
class NothingFits:
    """No item satisfies all constraints together."""

    tightest: Constraint | None  # the one whose removal would bring most items
    nearest: tuple[Item, ...]  # what keeps all but that one, the nearest first
    would_bring: int  # how many items its removal would bring


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Nothing is listed as the thing that was asked for."""

    thing: str  # in the user's own words
    kinds: tuple[str, ...]  # of what is shown instead, () where its kind is the one asked for
    mentioned: bool  # some record has the word, without being of that thing


@dataclass(frozen=True, slots=True)
class OtherKind:
    """None of the shown items is of the kind that the photo seems to show."""

    kind: str


@dataclass(frozen=True, slots=True)
class ByTaste:
    """The user left it open what to show; the items go by what was liked."""

    titles: tuple[str, ...]  # of what was liked
    remembers: bool  # tastes are kept at all


class Exhausted(Enum):
    """Nothing is left to show."""

    ALL_SEEN = auto()  # of what fits
    KIND_SEEN = auto()  # of the kind of the example; others are shown
    NO_SOUND_ALIKE = auto()  # nothing sounds like the recording


# Why a shortlist is not quite what was asked for.
Lead = Contradiction | NothingFits | NotCarried | OtherKind | ByTaste | Exhausted
