"""Decide whether an item satisfies constraints. Pure; this is the only definition.

Knows records; knows nothing of how a user phrases a constraint or how a store filters. A missing
value never satisfies a limit: an item without a price is not "under 40". Excluded is what does not
say only where the record must say.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from retrieval.items import (
    Constraint,
    Item,
    Variant,
    field_quantities,
    field_values,
    normal,
    total_stock,
)
from retrieval.units import Quantity, converted

_TOLERANCE = 1e-9  # relative; 27 in are 68.58 cm whichever is converted


def number(item: Item, name: str) -> float | None:
    """Return a field as a number ("12 left" is 12), or None when the record has none."""
    found = field_quantities(item, name)
    return found[0].middle if found else None


def measured_value(item: Item, constraint: Constraint) -> float | None:
    """Return what a record says of a constraint's field, in the constraint's unit."""
    found = (converted(one, constraint.unit) for one in field_quantities(item, constraint.field))
    return next((one.middle for one in found if one is not None), None)


def end_at_limit(item: Item, constraint: Constraint) -> float | None:
    """Return the end of a record's quantity that is held against a limit, in the limit's unit.

    "8 x 6 ft" keeps "at most 10 ft" by its 8. Of several quantities the nearest to the limit
    counts; None where the record has none, or one that never ends.
    """
    limit = constraint.numbers[0]
    found = (converted(one, constraint.unit) for one in field_quantities(item, constraint.field))
    ends = [(one.high if constraint.op == "<=" else one.low) for one in found if one is not None]
    finite = [end for end in ends if math.isfinite(end)]
    keeping = [end for end in finite if (end <= limit) == (constraint.op == "<=") or end == limit]
    return min(keeping or finite, key=lambda end: abs(end - limit), default=None)


def keeps_limit(quantity: Quantity, constraint: Constraint) -> bool:
    """Tell whether a quantity satisfies a limit on a number; all of a range must, but for "=".

    "=" is satisfied by a range that contains the number: "2–5 years" fits a child of 3. A number
    without a unit is taken to be in the constraint's.
    """
    seen = converted(quantity, constraint.unit)
    if seen is None:
        return False
    return any(_keeps(seen, limit, constraint) for limit in constraint.numbers)


def _keeps(seen: Quantity, limit: float, constraint: Constraint) -> bool:
    least, most = bounds(limit)
    if constraint.op == "<=":
        return seen.high < least if constraint.strict else seen.high <= most
    if constraint.op == ">=":
        return seen.low > most if constraint.strict else seen.low >= least
    return seen.low <= most and seen.high >= least


def bounds(limit: float) -> tuple[float, float]:
    """Return a limit a little lower and a little higher, so that conversion costs no item."""
    slack = _TOLERANCE * abs(limit)
    return limit - slack, limit + slack


def satisfies(item: Item, constraint: Constraint) -> bool:
    """Tell whether the item's record satisfies one constraint."""
    found = field_quantities(item, constraint.field) if constraint.numbers else ()
    match constraint.op:
        case "<=" | ">=" | "=" | "in" if constraint.numbers:
            return any(keeps_limit(one, constraint) for one in found)
        case "!=" | "not in" if constraint.numbers:
            return bool(found) and not any(keeps_limit(one, constraint) for one in found)
        case "=" | "in":
            return not compared_values(constraint).isdisjoint(field_values(item, constraint.field))
        case "!=" | "not in":
            values = field_values(item, constraint.field)
            if constraint.recorded and not values:
                return False
            return compared_values(constraint).isdisjoint(values)
        case _:
            raise TypeError(f"{constraint.field} {constraint.op} takes no {constraint.value!r}")


def satisfies_all(item: Item, constraints: Iterable[Constraint]) -> bool:
    """Tell whether the item's record satisfies every constraint; of variants, one must do so.

    A tee that is sold in S for $18 and in XL for $30 is no tee "in XL under 20".
    """
    wanted = tuple(constraints)
    return any(all(satisfies(one, c) for c in wanted) for one in each_variant(item))


def each_variant(item: Item) -> Iterator[Item]:
    """Yield the item as each of its variants has it: its options, price and stock."""
    for variant in item.variants:
        stock = {} if variant.stock is None else {"stock": f"{variant.stock:g}"}
        price = item.price if variant.price is None else variant.price
        facts = {**item.attributes, **variant.options, **stock}
        yield replace(item, price=price, attributes=facts, variants=())
    if not item.variants:
        yield item


def fitting_variants(item: Item, constraints: Iterable[Constraint]) -> tuple[Variant, ...]:
    """Return the variants of an item that satisfy every constraint."""
    wanted = tuple(constraints)
    each = zip(item.variants, each_variant(item), strict=False)
    return tuple(variant for variant, one in each if all(satisfies(one, c) for c in wanted))


def as_it_fits(item: Item, constraints: Iterable[Constraint]) -> Item:
    """Return the item as who asks can buy it: the variants that satisfy every constraint.

    Price and stock are theirs: a tee from $18 that costs $30 in XL is a tee of $30 for who wants
    XL. The least price of those in stock counts, else of all.
    """
    fitting = fitting_variants(item, constraints)
    if fitting in ((), item.variants):
        return item
    there = [one for one in fitting if one.stock != 0] or list(fitting)
    prices = [one.price for one in there if one.price is not None]
    counts = [one.stock for one in fitting if one.stock is not None]
    stock = {"stock": f"{total_stock(counts):.15g}"} if counts else {}
    return replace(
        item,
        variants=fitting,
        price=min(prices, default=item.price),
        attributes={**item.attributes, **stock},
    )


def compared_values(constraint: Constraint) -> frozenset[str]:
    """Return a constraint's values in the form used for comparison: normalised, except ids."""
    values = constraint.values
    return frozenset(values if constraint.field == "id" else map(normal, values))
