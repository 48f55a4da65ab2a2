"""Limits in words: "at most $40", "not red or blue", "at least 16 GB ram"; and how items miss them.

Pure. Knows constraints and records; returns utterances.
"""

from collections.abc import Sequence
from datetime import date

from assistant.answering.utterances import Day, FieldName, Series, Utterance, utter
from assistant.recommending.facts import Money, UnitAmount
from assistant.understanding.value_names import NO_VALUES, YES_VALUES
from retrieval.constraints import end_at_limit
from retrieval.items import Constraint, Item, raw_value, read_date

_FIRST_DATE = 1000  # years from which a number of them is a date
SHOWN_VALUES = 3  # of a constraint with many


def limit_text(constraint: Constraint, currency: str) -> Utterance | None:
    """Word a constraint as a shopper would; None for what only excludes items that were shown."""
    name, value = constraint.field, constraint.value
    if name == "id":
        return None
    if name == "stock":
        return utter("limit.stock")
    if name == "title":
        return utter(f"limit.{'not_called' if constraint.excludes else 'called'}",
                     said=constraint.said)  # fmt: skip
    if isinstance(value, float | int) and constraint.op in ("<=", ">="):
        side = "most" if constraint.op == "<=" else "least"
        strict = "_strict" if constraint.strict else ""
        return utter(f"limit.{side}{strict}", amount=_amount(constraint, float(value), currency))
    return _values(constraint, currency)


def limits_text(constraints: Sequence[Constraint], currency: str) -> Series:
    """Word several constraints, one after another."""
    told = (limit_text(one, currency) for one in constraints)
    return Series(tuple(one for one in told if one is not None))


def _values(constraint: Constraint, currency: str) -> Utterance:
    """Word the values that are wanted, or are not."""
    values = constraint.values
    if len(values) == 1 and (values[0] in NO_VALUES or values[0] in YES_VALUES):
        wanted = (values[0] in YES_VALUES) != constraint.excludes
        return utter(f"limit.{'with' if wanted else 'without'}", field=constraint.field)
    days = [read_date(value) for value in values]
    if not constraint.numbers and all(days):
        return _days([at.date() for at in days if at is not None], excluded=constraint.excludes)
    parts = tuple(_amount(constraint, one, currency) for one in constraint.numbers) or values
    named = Series(parts[:SHOWN_VALUES], "or")
    similar = "similar" if len(parts) > SHOWN_VALUES else "values"
    return utter(f"limit.{'not_' if constraint.excludes else ''}{similar}", values=named)


def _days(days: Sequence[date], *, excluded: bool) -> Utterance:
    """Word days by the first and the last of them."""
    first, last = min(days), max(days)
    several = first != last
    told = utter("limit.days", first=Day(first), last=Day(last)) if several else Day(first)
    return utter(f"limit.{'not_' if excluded else ''}values", values=told)


def _amount(constraint: Constraint, value: float, currency: str) -> Utterance | Money:
    """Word the number of a constraint with its unit and field: "16 GB ram", "400 pages"."""
    name, unit = constraint.field, constraint.unit
    if name == "price":
        return Money(value, unit or currency)
    if unit == "year" and value >= _FIRST_DATE:
        return utter("amount.bare", field=FieldName(name), value=f"{value:.0f}")
    if not unit:
        return utter("amount.bare", field=FieldName(name), value=value)
    if name.rstrip("s") == unit:
        return utter("amount.counted", value=UnitAmount(value, unit))
    return utter("amount.measured", field=FieldName(name), value=UnitAmount(value, unit))


def miss_text(item: Item, constraint: Constraint) -> Utterance:
    """Say how an item breaks a constraint: "$75, $35 over", "colour red"."""
    name, raw = constraint.field, raw_value(item, constraint.field)
    if name == "stock":
        return utter("miss.stock")
    if name == "price" and item.price is not None:
        return _price_missed(item, item.price, constraint)
    if not raw:
        return utter("miss.unrecorded", field=FieldName(name))
    limited = constraint.op in ("<=", ">=") and bool(constraint.numbers)
    end = end_at_limit(item, constraint) if limited else None
    if end is None:
        return utter("miss.value", field=FieldName(name), value=raw)
    gap = UnitAmount(abs(end - constraint.numbers[0]), constraint.unit)
    return utter(f"miss.number_{_side(constraint)}", field=FieldName(name), value=raw, gap=gap)


def _price_missed(item: Item, price: float, constraint: Constraint) -> Utterance:
    told = Money(price, item.currency)
    if constraint.unit and constraint.unit != item.currency:
        return utter("miss.currency", price=told, currency=constraint.unit)
    gap = Money(round(abs(price - constraint.numbers[0]), 2), item.currency)
    return utter(f"miss.price_{_side(constraint)}", price=told, gap=gap)


def _side(constraint: Constraint) -> str:
    return "over" if constraint.op == "<=" else "under"
