"""Find the items of a catalogue that satisfy constraints, fast.

`constraints.satisfies` is the definition; this module looks most values up in the catalogue's
table instead of reading every record. A test checks that both give the same result.
"""

from collections.abc import Callable, Sequence, Set

from retrieval.constraints import compared_values, satisfies
from retrieval.items import Catalogue, Constraint


def satisfying(catalogue: Catalogue, constraints: Sequence[Constraint]) -> Set[str]:
    """Return the ids of the items that satisfy every constraint."""
    allowed: Set[str] = catalogue.items.keys()
    for constraint in constraints:
        allowed = allowed & _kept(catalogue, constraint, allowed)
    return allowed


def _kept(catalogue: Catalogue, constraint: Constraint, among: Set[str]) -> Set[str]:
    find = _LOOKUPS.get(constraint.op)
    if find is None or constraint.field == "title":
        return {id_ for id_ in among if satisfies(catalogue.items[id_], constraint)}
    return find(catalogue, constraint, among)


def _having(catalogue: Catalogue, constraint: Constraint, among: Set[str]) -> Set[str]:
    """Return the ids whose records carry one of the constraint's values."""
    wanted = compared_values(constraint)
    if constraint.field == "id":
        return wanted & among
    values = catalogue.values.get(constraint.field, {})
    return {id_ for value in wanted for id_ in values.get(value, ())}


def _lacking(catalogue: Catalogue, constraint: Constraint, among: Set[str]) -> Set[str]:
    return among - _having(catalogue, constraint, among)


_LOOKUPS: dict[str, Callable[[Catalogue, Constraint, Set[str]], Set[str]]] = {
    "=": _having,
    "in": _having,
    "!=": _lacking,
    "not in": _lacking,
}
