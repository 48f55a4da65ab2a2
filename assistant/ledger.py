"""What this conversation has asked for: constraints set, changed, cleared.

Pure. Code merges, never the language model; a reading that failed brings no change, so it loses
nothing. Every constraint keeps the user's own words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from retrieval.items import Constraint

# What describes one thing only, and lapses when the user turns to another kind of thing.
# Budget, stock, brand, who it is for and everything excluded stay.
_DESCRIBES_THE_THING = frozenset(
    {"colour", "color", "base colour", "base color", "material", "pattern", "size", "style"}
)


@dataclass(frozen=True, slots=True)
class Ask:
    """Set a constraint; it replaces what it contradicts on the same field."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Drop:
    """Clear everything on a field, or on all fields when it is ""."""

    field: str = ""


@dataclass(frozen=True, slots=True)
class TurnTo:
    """Turn to another kind of thing: what described the former one lapses."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last change back."""


Change = Ask | Drop | TurnTo | Undo


@dataclass(frozen=True, slots=True)
class Ledger:
    """The constraints that hold, and those that held before the last change."""

    constraints: tuple[Constraint, ...] = ()
    before: tuple[tuple[Constraint, ...], ...] = field(default=(), repr=False)


def merge(
    ledger: Ledger, changes: Iterable[Change], *, kinds: frozenset[str], anew: bool = False
) -> Ledger:
    """Apply one turn's changes.

    `kinds` are the fields that name a kind of thing; `anew` says that the user looks for something
    else, whether or not its kind is among the changes.
    """
    changes = tuple(changes)
    if any(isinstance(change, Undo) for change in changes):
        *earlier, last = ledger.before or ((),)
        return Ledger(last, tuple(earlier))
    now = ledger.constraints
    if anew:
        now = tuple(c for c in now if not _lapses(c, kinds))
    for change in changes:
        now = _apply(now, change, kinds)
    return (
        ledger if now == ledger.constraints else Ledger(now, (*ledger.before, ledger.constraints))
    )


def contradiction(constraints: Iterable[Constraint]) -> tuple[Constraint, Constraint] | None:
    """Return a lower and an upper limit that nothing can satisfy together, if there are."""
    limits = [(c, c.value) for c in constraints if isinstance(c.value, float | int)]
    for low, least in limits:
        for high, most in limits:
            if (low.op, high.op, low.field) == (">=", "<=", high.field) and least > most:
                return low, high
    return None


def _apply(
    now: tuple[Constraint, ...], change: Change, kinds: frozenset[str]
) -> tuple[Constraint, ...]:
    match change:
        case Ask(constraint):
            return (*_without_contradicted(now, constraint), constraint)
        case Drop(""):
            return ()
        case Drop(name):
            return tuple(c for c in now if c.field != name)
        case TurnTo(constraint):
            return (*(c for c in now if not _lapses(c, kinds)), constraint)
        case _:
            return now


def _lapses(constraint: Constraint, kinds: frozenset[str]) -> bool:
    describes = constraint.field in kinds or constraint.field in _DESCRIBES_THE_THING
    return describes and _wishes(constraint)


def _without_contradicted(now: tuple[Constraint, ...], new: Constraint) -> Iterable[Constraint]:
    """Keep what can stand beside `new`; on its own field, a newer wish replaces an older one."""
    for old in now:
        if old.field != new.field:
            yield old
        elif new.op in ("<=", ">="):
            if old.op != new.op and not contradiction((old, new)):
                yield old
        elif _wishes(old) and _wishes(new):
            continue
        elif kept := _minus(old, new):
            yield kept


def _wishes(constraint: Constraint) -> bool:
    return constraint.op in ("=", "in")


def _minus(old: Constraint, new: Constraint) -> Constraint | None:
    """Return `old` without the values that `new` speaks of."""
    rest = tuple(v for v in _values(old) if v not in _values(new))
    if not rest:
        return None
    if len(rest) == len(_values(old)):
        return old
    op: Literal["in", "not in"] = "in" if old.op in ("=", "in") else "not in"
    return replace(old, op=op, value=rest)


def _values(constraint: Constraint) -> tuple[str, ...]:
    value = constraint.value
    return value if isinstance(value, tuple) else (str(value),)
