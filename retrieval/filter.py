"""Find the items of a catalogue that satisfy constraints, fast.

`constraints.satisfies` is the definition; this module looks most values up in the catalogue's
table instead of reading every record. A test checks that both give the same result.
"""

from collections.abc import Callable, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from retrieval.constraints import bounds, compared_values, satisfies, satisfies_all
from retrieval.items import Catalogue, Constraint
from retrieval.units import Quantity, converted

Bounds = NDArray[np.float64]  # one end of each quantity of a column


def satisfying(catalogue: Catalogue, constraints: Sequence[Constraint]) -> Set[str]:
    """Return the ids of the items that satisfy every constraint.

    Of an item with variants one variant must satisfy them all, which no table tells: such items
    stay until they are held against the definition, one by one.
    """
    allowed: Set[str] = catalogue.items.keys()
    for constraint in constraints:
        kept = _kept(catalogue, constraint, allowed)
        if constraint.field in catalogue.varying:
            kept = kept | (allowed & catalogue.with_variants)
        allowed = allowed & kept
    if not constraints:
        return allowed
    several = allowed & catalogue.with_variants
    broken = {one for one in several if not satisfies_all(catalogue.items[one], constraints)}
    return allowed - broken


def _kept(catalogue: Catalogue, constraint: Constraint, among: Set[str]) -> Set[str]:
    if constraint.numbers:
        return _measuring(catalogue, constraint) & among
    find = _LOOKUPS.get(constraint.op)
    if find is None:
        return {id_ for id_ in among if satisfies(catalogue.items[id_], constraint)}
    return find(catalogue, constraint, among)


def _having(catalogue: Catalogue, constraint: Constraint, among: Set[str]) -> Set[str]:
    """Return the ids whose records carry one of the constraint's values."""
    wanted = compared_values(constraint)
    if constraint.field == "id":
        return wanted & among
    values = catalogue.values_of(constraint.field)
    return {id_ for value in wanted for id_ in values.get(value, ())}


def _measuring(catalogue: Catalogue, constraint: Constraint) -> Set[str]:
    """Return the ids whose quantities keep a limit, in one pass over arrays."""
    kept, there = set[str](), set[str]()
    for unit, column in catalogue.quantities.column(constraint.field).items():
        there |= set(column.ids.tolist()) if constraint.excludes else set()
        scale = converted(Quantity(1.0, 1.0, unit), constraint.unit)
        if scale is None:
            continue
        low, high = column.low * scale.low, column.high * scale.low
        for number in constraint.numbers:
            kept |= set(column.ids[_fits(low, high, number, constraint)].tolist())
    return there - kept if constraint.excludes else kept


def _fits(low: Bounds, high: Bounds, number: float, constraint: Constraint) -> NDArray[np.bool_]:
    """Tell of each quantity whether it keeps a limit."""
    least, most = bounds(number)
    if constraint.op == "<=":
        return high < least if constraint.strict else high <= most
    if constraint.op == ">=":
        return low > most if constraint.strict else low >= least
    return (low <= most) & (high >= least)


def _lacking(catalogue: Catalogue, constraint: Constraint, among: Set[str]) -> Set[str]:
    kept = among - _having(catalogue, constraint, among)
    if not constraint.recorded or constraint.field == "id":
        return kept
    saying = catalogue.values_of(constraint.field).values()
    return kept & {id_ for ids in saying for id_ in ids}


_LOOKUPS: dict[str, Callable[[Catalogue, Constraint, Set[str]], Set[str]]] = {
    "=": _having,
    "in": _having,
    "!=": _lacking,
    "not in": _lacking,
}
