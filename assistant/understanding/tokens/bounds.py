"""An amount and the side of it that is wanted → constraints on a field, in the field's unit.

Knows units and fields that are themselves a bound ("max load"); knows no message.
"""

from collections.abc import Iterator
from typing import Literal

from assistant.understanding.tokens.amounts import Amount
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.tokens.weighed import Side
from retrieval.field_profile import FieldProfile
from retrieval.items import Catalogue, Constraint
from retrieval.units import Quantity, converted, dimension_of

# "About 40 dollars" is 30 to 50, "about 27 inches" 24.3 to 29.7.
_ABOUT_MONEY, _ABOUT = 0.25, 0.1


def constraints_of(
    amount: Amount,
    field: FieldProfile,
    side: Side,
    said: str,
    catalogue: Catalogue,
    *,
    strict: bool,
) -> Iterator[Constraint]:
    """Yield what an amount asks of a field; `strict` leaves the amount itself out."""
    asked, unit = _asked(amount, field, catalogue)
    if asked is None:
        return
    low, high = asked.low, asked.high
    open_ = (
        side in ("about", "exact") and low == high and not read_sentence(said).has("exact sharp")
    )
    bound = _bound(field) if open_ else ""
    if side == "about" and not bound:
        spread = _ABOUT_MONEY if field.role == "price" else _ABOUT
        low, high = low - spread * abs(low), high + spread * abs(high)
    if side == "most":
        yield Constraint(field.name, "<=", high, said, unit, strict)
    elif side == "least":
        yield Constraint(field.name, ">=", low, said, unit, strict)
    elif bound:  # "a lead for 32 kg"
        yield Constraint(field.name, bound, low, said, unit)
    elif low != high:
        yield Constraint(field.name, ">=", low, said, unit)
        yield Constraint(field.name, "<=", high, said, unit)
    elif amount.others:
        scale = low / amount.low if amount.low else 1.0  # of the unit
        several = (low, *(other * scale for other in amount.others))
        yield Constraint(field.name, "in", several, said, unit)
    else:
        yield Constraint(field.name, "=", low, said, unit)


def unit_of(amount: Amount, field: FieldProfile, catalogue: Catalogue) -> str:
    """Return the unit in which an amount is compared: the field's, or another in its column.

    A column of power may hold 1,400 W and 36 V.
    """
    dimension = dimension_of(amount.unit)
    if not amount.unit or dimension == dimension_of(field.unit):
        return field.unit
    units = catalogue.quantities.column(field.name)
    return next((unit for unit in units if dimension == dimension_of(unit)), "")


def is_bound(field: FieldProfile) -> bool:
    """Tell whether a field is itself a bound: "max load"."""
    return bool(_bound(field))


def _bound(field: FieldProfile) -> Literal["<=", ">=", ""]:
    """Return how a value keeps to a field that is itself a bound: "max load", "min age"."""
    name = read_sentence(field.name)
    if name.cue_at(0, "bound upper"):
        return ">="
    return "<=" if name.cue_at(0, "bound lower") else ""


def _asked(
    amount: Amount, field: FieldProfile, catalogue: Catalogue
) -> tuple[Quantity | None, str]:
    """Return an amount in the unit in which a field is compared, and that unit."""
    if field.role != "price":
        unit = unit_of(amount, field, catalogue)
        return converted(Quantity(amount.low, amount.high, amount.unit), unit), unit
    several = catalogue.currencies if len(catalogue.currencies) > 1 else {}
    unit = next((code for code in several if code in amount.currencies), "")
    high = max((amount.high, *amount.others))  # "20 or 30 dollars"
    return Quantity(amount.low, high), unit
