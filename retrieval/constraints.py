"""Decide whether an item satisfies constraints. Pure; this is the only definition.

Knows records; knows nothing of how a user phrases a constraint or how a store filters. A missing
value never satisfies a constraint: an item without a price is not "under 40".
"""

import re
from collections.abc import Iterable

from retrieval.items import Constraint, Item, field_values, normal

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def number(item: Item, name: str) -> float | None:
    """Return a field as a number ("12 left" is 12), or None when the record has none."""
    if name == "price":
        return item.price
    found = _NUMBER.search(item.attributes.get(name, ""))
    return float(found.group()) if found else None


def satisfies(item: Item, constraint: Constraint) -> bool:
    """Tell whether the item's record satisfies one constraint."""
    match constraint.op, constraint.value:
        case "<=" | ">=", float() | int() as limit:
            seen = number(item, constraint.field)
            return seen is not None and (seen <= limit if constraint.op == "<=" else seen >= limit)
        case "=" | "in", _:
            return not compared_values(constraint).isdisjoint(field_values(item, constraint.field))
        case "!=" | "not in", _:
            return compared_values(constraint).isdisjoint(field_values(item, constraint.field))
        case _:
            raise TypeError(f"{constraint.field} {constraint.op} takes no {constraint.value!r}")


def satisfies_all(item: Item, constraints: Iterable[Constraint]) -> bool:
    """Tell whether the item's record satisfies every constraint."""
    return all(satisfies(item, constraint) for constraint in constraints)


def compared_values(constraint: Constraint) -> frozenset[str]:
    """Return a constraint's values in the form used for comparison: normalised, except ids."""
    values = constraint.values
    return frozenset(values if constraint.field == "id" else map(normal, values))
