"""Why the results differ from the request, as values; `answering` turns them into sentences.

Pure. Knows constraints and items; knows no sentence.
"""

from dataclasses import dataclass
from enum import Enum, auto

from retrieval.items import Constraint, Item


@dataclass(frozen=True, slots=True)
class Contradiction:
    """No item can satisfy both constraints."""

    one: Constraint
    other: Constraint


@dataclass(frozen=True, slots=True)
class NothingFits:
    """No item satisfies all constraints together."""

    tightest: Constraint | None  # the constraint whose removal would give most items
    nearest: tuple[Item, ...]  # items that satisfy all but that one, the nearest first
    would_bring: int  # how many items its removal would give


@dataclass(frozen=True, slots=True)
class NotCarried:
    """The catalogue has no item of the requested thing."""

    thing: str  # in the user's own words
    kinds: tuple[str, ...]  # of the items shown instead, () if they are of the requested kind
    mentioned: bool  # some record contains the word, but is another thing


@dataclass(frozen=True, slots=True)
class OtherKind:
    """None of the shown items is of the kind that the photo seems to show."""

    kind: str


@dataclass(frozen=True, slots=True)
class ByTaste:
    """The user left open what to show, so the items were chosen by earlier likes."""

    titles: tuple[str, ...]  # of the liked items
    remembers: bool  # whether likes are stored


@dataclass(frozen=True, slots=True)
class CodeNotFound:
    """No item has these codes."""

    codes: tuple[str, ...]  # as the user wrote them
    nearest: bool  # whether what is shown is the nearest to them


@dataclass(frozen=True, slots=True)
class CodeLeftOut:
    """Items that were named by their codes break a constraint of the same message."""

    items: tuple[Item, ...]
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing of the request is understood: what is shown is nearest by looks or sound alone."""

    part: str  # "photo" or "words"
    titles: tuple[str, ...]  # of the nearest items


class Exhausted(Enum):
    """Nothing is left to show."""

    ALL_SEEN = auto()  # every item that fits was shown before, and is shown again
    KIND_SEEN = auto()  # every item of the example's kind was shown before; others are shown
    NO_SOUND_ALIKE = auto()  # nothing sounds like the recording


# Why a shortlist differs from the request.
Lead = (
    Contradiction
    | NothingFits
    | NotCarried
    | OtherKind
    | ByTaste
    | CodeNotFound
    | CodeLeftOut
    | NotUnderstood
    | Exhausted
)
