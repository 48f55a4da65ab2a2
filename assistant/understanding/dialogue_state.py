"""What this conversation has asked for: constraints set, changed, cleared.

Pure. Code merges, never the language model; a reading that failed brings no change, so it loses
nothing. Every constraint keeps the user's own words. Across messages the newer wish holds; what
contradicts itself within one message is kept whole, so that the user can be asked.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Literal

from assistant.understanding.value_names import COLOUR_FIELDS
from retrieval.items import Constraint

# What describes one thing only, and lapses when the user turns to another kind of thing.
# Budget, stock, brand, who it is for and everything excluded stay.
_DESCRIBES_THE_THING = frozenset({*COLOUR_FIELDS, "material", "pattern", "size", "style", "title"})


@dataclass(frozen=True, slots=True)
class Ask:
    """Set a constraint; it replaces what it contradicts on the same field."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Also:
    """Ask for one more of a field that has several: "with a grill and a timer"."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Prefer:
    """Wish for something that is no must: it orders what is found, and hides nothing."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Shift:
    """Tighten or loosen a limit that holds, by an amount or by a share of it."""

    way: Literal["tighten", "loosen"]
    field: str
    op: Literal["<=", ">="]  # the limit that moves
    by: float  # above 0
    said: str
    share: bool = False  # `by` is a share of the limit: 0.1 is 10 %


@dataclass(frozen=True, slots=True)
class Allow:
    """Loosen a wish: these values are fine too, beside those wished for or despite exclusion."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Drop:
    """Clear everything on a field, or on all fields when it is ""."""

    field: str = ""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Clear one constraint, chosen by hand."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class TurnTo:
    """Turn to another kind of thing: what described the former one lapses."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last change back."""


Change = Ask | Also | Prefer | Shift | Allow | Drop | GiveUp | TurnTo | Undo


@dataclass(frozen=True, slots=True)
class DialogueState:
    """The constraints that hold, what is only wished for, and what held before the last change."""

    constraints: tuple[Constraint, ...] = ()
    before: tuple[tuple[Constraint, ...], ...] = field(default=(), repr=False)
    preferences: tuple[Constraint, ...] = ()


def merge(
    state: DialogueState, changes: Iterable[Change], *, kinds: frozenset[str], anew: bool = False
) -> DialogueState:
    """Apply one turn's changes.

    `kinds` are the fields that name a kind of thing; `anew` says that the user looks for something
    else, whether or not its kind is among the changes.
    """
    changes = tuple(changes)
    if any(isinstance(change, Undo) for change in changes):
        *earlier, last = state.before or ((),)
        return DialogueState(last, tuple(earlier), state.preferences)
    held = state.constraints
    wished = _preferred(state.preferences, changes, kinds, anew=anew)
    now = tuple(c for c in held if not (anew and _lapses(c, kinds)))
    fresh: list[Constraint] = []
    for change in changes:
        now = _apply(now, change, kinds, fresh)
        fresh += [change.constraint] if isinstance(change, Ask | Also | TurnTo) else []
    if now == state.constraints:
        return state if wished == state.preferences else replace(state, preferences=wished)
    return DialogueState(now, (*state.before, state.constraints), wished)


def _preferred(
    standing: tuple[Constraint, ...],
    changes: Iterable[Change],
    kinds: frozenset[str],
    *,
    anew: bool,
) -> tuple[Constraint, ...]:
    """Return what is wished for: a newer wish or a limit on the same field takes its place."""
    now = tuple(c for c in standing if not (anew and _lapses(c, kinds)))
    fresh: list[Constraint] = []
    for change in changes:
        match change:
            case Drop(""):
                now = ()
            case Drop(name):
                now = tuple(c for c in now if c.field != name)
            case TurnTo():
                now = tuple(c for c in now if c in fresh or not _lapses(c, kinds))
            case Ask(constraint) | Also(constraint):
                now = tuple(c for c in now if c.field != constraint.field or c in fresh)
            case Prefer(constraint):
                now = (*(c for c in now if c.field != constraint.field or c in fresh), constraint)
                fresh.append(constraint)
    return now


def contradiction(constraints: Iterable[Constraint]) -> tuple[Constraint, Constraint] | None:
    """Return two constraints that nothing can satisfy together, if one field has them.

    They are a lower limit above an upper one, or a wish for exactly what is excluded.
    """
    return next((pair for pair in permutations(constraints, 2) if _contradict(*pair)), None)


def _contradict(one: Constraint, other: Constraint) -> bool:
    """Tell whether a lower limit or a wish cannot stand with an upper limit or an exclusion."""
    if one.field != other.field:
        return False
    least, most = one.value, other.value
    if isinstance(least, float | int) and isinstance(most, float | int):
        return (one.op, other.op) == (">=", "<=") and least > most
    return one.wants and other.excludes and set(one.values) <= set(other.values)


def _apply(
    now: tuple[Constraint, ...], change: Change, kinds: frozenset[str], fresh: Container[Constraint]
) -> tuple[Constraint, ...]:
    """Apply one change; `fresh` are the constraints that the same message has set."""
    match change:
        case Ask(constraint):
            return _with(now, constraint, fresh)
        case Also(constraint):
            others = tuple(c for c in now if c.field == constraint.field and c.wants)
            apart = tuple(c for c in now if c not in others)
            kept = tuple(c for c in others if c.values != constraint.values)
            return (*_with(apart, constraint, fresh)[:-1], *kept, constraint)
        case Allow(constraint):
            return tuple(_widened(now, constraint))
        case Shift():
            return tuple(_shifted(c, change) for c in now)
        case Drop() | GiveUp():
            return tuple(c for c in now if not _clears(change, c))
        case TurnTo(constraint):
            return (*(c for c in now if not _lapses(c, kinds)), constraint)
        case _:
            return now


def _clears(change: Drop | GiveUp, constraint: Constraint) -> bool:
    if isinstance(change, GiveUp):
        return constraint == change.constraint
    return change.field in ("", constraint.field)


def _lapses(constraint: Constraint, kinds: frozenset[str]) -> bool:
    describes = constraint.field in kinds or constraint.field in _DESCRIBES_THE_THING
    return describes and constraint.wants


def _with(
    now: tuple[Constraint, ...], new: Constraint, fresh: Container[Constraint]
) -> tuple[Constraint, ...]:
    """Add a constraint; on its own field, what cannot stand beside it goes if it is older."""
    kept: list[Constraint] = []
    for old in now:
        if old.field != new.field:
            kept.append(old)
        elif old in fresh and new.excludes and _narrower(old, new):
            new = _minus(new, old) or new  # "no wool, but merino is fine"
            kept.append(old)
        elif new.op in ("<=", ">="):
            if old.op != new.op and (old in fresh or contradiction((old, new)) is None):
                kept.append(old)
        elif new.wants and new.numbers and old.op in ("<=", ">="):
            continue  # "100 mm then" after "at least 140 mm"
        elif not (old.wants and new.wants) and (rest := _minus(old, new)):
            kept.append(rest)
    return (*kept, new)


def _narrower(wish: Constraint, exclusion: Constraint) -> bool:
    """Tell whether one message wished for nothing but what it also excludes."""
    return wish.wants and set(wish.values) <= set(exclusion.values)


def _widened(now: Iterable[Constraint], new: Constraint) -> Iterator[Constraint]:
    """Let the wishes on a field take these values too, and no exclusion stand against them."""
    for old in now:
        if old.field != new.field:
            yield old
        elif old.wants:
            values = tuple(dict.fromkeys((*old.values, *new.values)))
            yield replace(old, op="in", value=values, said=_joined(old.said, new.said))
        elif rest := _minus(old, new):
            yield rest


def _shifted(old: Constraint, shift: Shift) -> Constraint:
    """Move a limit inward or outward, never below 0."""
    if (old.field, old.op) != (shift.field, shift.op) or not isinstance(old.value, float | int):
        return old
    by = old.value * shift.by if shift.share else shift.by
    up = (shift.way == "loosen") == (shift.op == "<=")
    moved = max(round(old.value + (by if up else -by), 2), 0.0)
    return replace(old, value=moved, said=_joined(old.said, shift.said))


def _joined(before: str, said: str) -> str:
    """Keep the words that set a constraint and those that changed it."""
    return ", ".join(words for words in (before, said) if words)


def _minus(old: Constraint, new: Constraint) -> Constraint | None:
    """Return `old` without the values that `new` speaks of."""
    rest = tuple(v for v in old.values if v not in new.values)
    if not rest:
        return None
    if len(rest) == len(old.values):
        return old
    op: Literal["in", "not in"] = "in" if old.wants else "not in"
    return replace(old, op=op, value=rest)
