"""In which currency is an amount meant, where a catalogue has prices in several?

Pure. An amount with a sign or a name holds for the items in that currency; a bare one within each
item's own; "cheaper" is measured within one. Where a catalogue has one currency, nothing changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.understanding.dialogue_state import Ask, Change
from retrieval.currencies import SIGNS
from retrieval.items import Catalogue, Constraint, Item


@dataclass(frozen=True, slots=True)
class MoneyDoubt:
    """A limit on the price whose words do not say the one currency that is meant."""

    said: str
    currency: str  # in which it is read; "" for each item's own


def of_one_currency(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items whose price is in the currency of the first that has one."""
    priced = [item for item in items if item.price is not None]
    return tuple(item for item in priced if item.currency == priced[0].currency)


def measured_against(
    changes: Iterable[Change], items: Sequence[Item], catalogue: Catalogue
) -> Iterator[Change]:
    """Yield the changes that "cheaper" makes, in the currency of the items it is measured against.

    `items` are of one currency.
    """
    unit = items[0].currency if items and len(catalogue.currencies) > 1 else ""
    for change in changes:
        if unit and isinstance(change, Ask) and change.constraint.field == "price":
            yield Ask(replace(change.constraint, unit=unit))
        else:
            yield change


def money_doubts(changes: Iterable[Change], catalogue: Catalogue) -> tuple[MoneyDoubt, ...]:
    """Return the limits on the price that can be meant in several of the catalogue's currencies."""
    if len(catalogue.currencies) < 2:
        return ()
    asked = [change.constraint for change in changes if isinstance(change, Ask)]
    doubts = dict.fromkeys(
        MoneyDoubt(one.said, one.unit)
        for one in asked
        if one.field == "price" and not (one.unit and _names_one(one, catalogue))
    )
    return tuple(doubts)


def _names_one(constraint: Constraint, catalogue: Catalogue) -> bool:
    """Tell whether a limit's words can mean no other currency of the catalogue: "US$50"."""
    unit, said = constraint.unit, constraint.said.lower()
    signs = [codes for codes in SIGNS.values() if unit in codes]
    alike = {code for codes in signs for code in codes} & catalogue.currencies.keys()
    own = (unit, *(sign for sign, codes in SIGNS.items() if codes == (unit,)))
    return len(alike) < 2 or any(one.lower() in said for one in own)
