"""Conditions on an item, as a script writes them: "price <= 40", "colour has blue".

Pure. They are the ground truth, and intentionally separate from the dialogue state's constraints:
they state what the words mean to a person, whatever catalogue values the assistant maps them to.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.understanding.tokens.text import folded_words
from retrieval.constraints import number, satisfies
from retrieval.errors import SettingsError
from retrieval.items import Constraint, Item, field_values, item_text, normal, raw_value

Operator = Literal["<=", ">=", "<", ">", "is", "is not", "has", "has not"]

_WRITTEN = re.compile(
    r"(?P<field>[a-z][a-z ]*?)\s+(?P<op><=|>=|<|>|is not|is|has not|has)\s+(?P<value>.+)"
)
_CENT = 0.005


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be true of an item's record."""

    field: str  # a field of the record, or "text": all its words
    op: Operator
    values: tuple[str, ...]  # one match is enough; for "is not" and "has not", none may match

    @property
    def amount(self) -> float:
        """The limit of a comparison."""
        return float(self.values[0])

    def __str__(self) -> str:
        """Return the condition as scripts write it."""
        return f"{self.field} {self.op} {' | '.join(self.values)}"


def read_condition(text: str) -> Condition:
    """Read a condition as scripts write it.

    Raises:
        SettingsError: it is not "<field> <operator> <value>".
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise SettingsError(
            f"the condition {text!r} is not understood: write '<field> <operator> <value>' with "
            "<=, >=, <, >, is, is not, has or has not"
        )
    values = tuple(value.strip() for value in match["value"].split("|"))
    op: Operator = match["op"]  # type: ignore[assignment]  # the pattern lists the operators
    if op in ("<=", ">=", "<", ">") and not re.fullmatch(r"-?\d+(?:\.\d+)?", values[0]):
        raise SettingsError(f"the condition {text!r} compares with {values[0]!r}: give a number")
    return Condition(match["field"], op, values)


def true_of(item: Item, condition: Condition) -> bool:
    """Tell whether an item's record satisfies a condition; a missing value equals nothing."""
    match condition.op:
        case "is":
            return bool(_whole(item, condition.field) & set(map(normal, condition.values)))
        case "is not":
            return not _whole(item, condition.field) & set(map(normal, condition.values))
        case "has":
            return any(_contains(item, condition.field, value) for value in condition.values)
        case "has not":
            return not any(_contains(item, condition.field, value) for value in condition.values)
    amount, limit = number(item, condition.field), condition.amount
    if amount is None:
        return False
    return {
        "<=": amount <= limit + _CENT,
        ">=": amount >= limit - _CENT,
        "<": amount < limit - _CENT,
        ">": amount > limit + _CENT,
    }[condition.op]


def held_by(constraints: Iterable[Constraint], condition: Condition, items: Sequence[Item]) -> bool:
    """Tell whether one constraint of a state is equivalent to the condition, or stricter.

    A numeric limit must be equal. Any other constraint must match at least one item, and no item
    that violates the condition.
    """
    if condition.op in ("<=", ">=", "<", ">"):
        return any(
            (c.field, c.op) == (condition.field, condition.op)
            and isinstance(c.value, float | int)
            and abs(c.value - condition.amount) < _CENT
            for c in constraints
        )
    return any(_implies(c, condition, items) for c in constraints if c.field not in ("id", "price"))


def _implies(constraint: Constraint, condition: Condition, items: Sequence[Item]) -> bool:
    passing = [item for item in items if satisfies(item, constraint)]
    return bool(passing) and all(true_of(item, condition) for item in passing)


def _whole(item: Item, name: str) -> set[str]:
    return set(field_values(item, name)) | {normal(raw_value(item, name))}


def _contains(item: Item, name: str, value: str) -> bool:
    """Tell whether a field contains the words as a phrase: adjacent and in this order."""
    record = item_text(item) + ". " + ". ".join(item.transcripts)
    inside = folded_words(record if name == "text" else raw_value(item, name))
    wanted = folded_words(value)
    return any(
        inside[at : at + len(wanted)] == wanted for at in range(len(inside) - len(wanted) + 1)
    )
