"""What sets items apart: two side by side, the first two shown, and one that is not here.

Pure. Computed from the records; where one of them says nothing, that is said or left out.
"""

from collections.abc import Iterator, Sequence

from assistant.answering.choose import AnswerRequest, is_interesting
from assistant.answering.limits import limit_text, miss_text
from assistant.answering.utterances import FieldName, Series, Utterance, utter
from assistant.recommending.facts import Money
from assistant.understanding.value_names import KIND_FIELDS
from retrieval.constraints import satisfies
from retrieval.items import Constraint, Item, normal, raw_value
from retrieval.units import read_quantity

_APART = 3  # differences of the first two shown that are said
_VALUE = 4  # words of a value that is no prose


def compare(items: Sequence[Item], fields: Sequence[str] = ()) -> Utterance:
    """Say how two items differ, field by field, from their records; by some `fields` alone."""
    first, second = items[0], items[1]
    if fields:
        told = tuple(_against(name, first, second) for name in fields)
    else:
        told = (*_prices(first, second), *_differing(first, second))
    key = "compare.two" if told else "compare.same"
    parts = Series(told, "apart")
    return utter(key, title=first.title, other=second.title, differences=parts)


def apart(items: Sequence[Item], asked: AnswerRequest) -> Iterator[Utterance]:
    """Say in one sentence what sets the first two items apart, if they are of one kind.

    The fields that the request has named come first, then those nearest to it in meaning. What
    only one of them says sets nothing apart.
    """
    if len(items) < 2 or any(_differs(name, items[0], items[1]) for name in KIND_FIELDS):
        return
    first, second = items[0], items[1]
    told = [name for name in first.attributes if raw_value(first, name) and raw_value(second, name)]
    differing = [
        name
        for name in told
        if is_interesting(name, asked.profile)
        and _differs(name, first, second)
        and all(len(raw_value(item, name).split()) <= _VALUE for item in (first, second))
    ]
    named = {one.field for one in asked.constraints}
    near = dict(zip(differing, asked.likeness(differing), strict=True))
    differing.sort(key=lambda name: (name in named, near[name]), reverse=True)
    parts = [*_prices(first, second), *(_against(name, first, second) for name in differing)]
    if parts:
        several = Series(tuple(parts[:_APART]), "apart")
        yield utter("compare.apart", title=first.title, other=second.title, differences=several)


def why_not(
    item: Item, constraints: Sequence[Constraint], here: int | None, rank: int | None, ranked: int
) -> Utterance:
    """Say which constraints an item breaks, else its place on screen, else its rank.

    `rank` is its place among the `ranked` best of the search, None when it is not among them.
    """
    broken = [c for c in constraints if not satisfies(item, c)]
    if broken:
        told = tuple(
            utter("whynot.broken", miss=miss_text(item, c), limit=limit)
            for c in broken
            if (limit := limit_text(c, item.currency)) is not None
        )
        return utter("whynot.left_out", title=item.title, broken=Series(told, "apart"))
    if here is not None:
        return utter("whynot.here", title=item.title, here=here)
    if rank is not None:
        return utter("whynot.ranked", title=item.title, rank=rank)
    return utter("whynot.further", title=item.title, ranked=ranked)


def _prices(first: Item, second: Item) -> Iterator[Utterance]:
    if first.price is None or second.price is None or first.currency != second.currency:
        return
    gap = Money(round(abs(first.price - second.price), 2), first.currency)
    lower, higher = sorted((first, second), key=lambda item: item.price or 0.0)
    if gap.amount:
        price = Money(lower.price or 0.0, lower.currency)
        yield utter("compare.price", title=lower.title, price=price, gap=gap)
    else:
        yield utter("compare.same_price", price=Money(first.price, first.currency))


def _differing(first: Item, second: Item) -> Iterator[Utterance]:
    for name in dict.fromkeys(("category", "brand", *first.attributes, *second.attributes)):
        if _differs(name, first, second) and name != "stock":
            yield _against(name, first, second)


def _differs(name: str, first: Item, second: Item) -> bool:
    told = [raw_value(item, name) for item in (first, second)]
    if normal(told[0]) == normal(told[1]):
        return False
    amounts = [read_quantity(value) for value in told]  # "16 GB" and "16GB"
    return None in amounts or amounts[0] != amounts[1]


def _against(name: str, first: Item, second: Item) -> Utterance:
    told = [_value(item, name) for item in (first, second)]
    return utter("compare.field", field=FieldName(name), value=told[0], other_value=told[1])


def _value(item: Item, name: str) -> str | Utterance | Money:
    if name == "price":
        if item.price is None:
            return utter("compare.unrecorded")
        return Money(item.price, item.currency)
    return raw_value(item, name) or utter("compare.unrecorded")
