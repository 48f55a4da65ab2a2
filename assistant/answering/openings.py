"""The first sentence of an answer with items: how many fit, what they all keep, who does not say.

Pure. Worded from constraints, which every shown item satisfies, so it is true by construction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.limits import limit_text, limits_text
from assistant.answering.utterances import Few, FieldName, KindName, Part, Series, Utterance, utter
from assistant.understanding.value_names import KIND_FIELDS
from retrieval.filter import satisfying
from retrieval.items import (
    Catalogue,
    Constraint,
    Item,
    Query,
    raw_value,
)

_ALWAYS_SAID = frozenset({"id", "title", "stock", *KIND_FIELDS})


@dataclass(frozen=True, slots=True)
class FitCount:
    """How many items of a catalogue fit, and of how many the record does not say."""

    fit: int
    unsaid: int = 0  # items that keep all that their record says
    field: str = ""  # what the record of most of these does not say


def count_fitting(catalogue: Catalogue, constraints: Sequence[Constraint]) -> FitCount:
    """Count the items that satisfy all constraints, and those that keep all but one unsaid."""
    fit = satisfying(catalogue, constraints)
    silent = {}
    for one in constraints:
        if one.field in _ALWAYS_SAID or one.excludes:
            continue
        others = [other for other in constraints if other is not one]
        near = satisfying(catalogue, others) - fit
        silent[one.field] = sum(_says_nothing(catalogue.items[id_], one) for id_ in near)
    field = max(silent, key=lambda name: silent[name], default="")
    return FitCount(len(fit), silent.get(field, 0), field)


def _says_nothing(item: Item, constraint: Constraint) -> bool:
    """Tell whether a record says nothing at all of what a constraint is about."""
    if constraint.field == "price":
        return item.price is None
    return not raw_value(item, constraint.field)


def opening(
    shown: int,
    constraints: Sequence[Constraint],
    counted: FitCount,
    query: Query,
    currency: str,
    *,
    by_field: bool = False,
) -> Iterator[Utterance]:
    """Say how many items fit and what they all keep, or by what the search puts them first.

    `by_field` tells that they are in an order that the user asked for.
    """
    if not shown:
        return
    if not any(limit_text(one, currency) for one in constraints):
        if shown > 1 and (query.words or query.photos) and not by_field:
            seen = "photo" if query.photos else "words"
            yield utter(f"found.nearest_{seen}", count=Few(shown))
        return
    kind = next((c for c in constraints if c.field in KIND_FIELDS and c.wants), None)
    others = [one for one in constraints if one is not kind]
    limits, total = limits_text(others, currency), max(counted.fit, shown)
    left = "all" if total == shown else _left(query, by_field=by_field)
    places: dict[str, Part] = {"count": Few(shown), "total": Few(total), "limits": limits}
    if kind is not None:
        names = tuple(KindName(value) for value in kind.values)
        places["things"] = Series(names[:3], "or")
    named = "kind" if kind is not None else "items"
    limited = "_limits" if limits.parts else ""
    yield utter(f"found.{named}{limited}_{left}", **places)
    if counted.unsaid:
        yield utter("found.unsaid", count=Few(counted.unsaid), field=FieldName(counted.field))


def _left(query: Query, *, by_field: bool) -> str:
    """Return which of several items stand here: others than before, or the first of some order."""
    if any(one.field == "id" for one in query.constraints):
        return "others"
    return "sorted" if by_field else "more"
