"""Say of many items how many there are, what values a field has, and what they cost.

Pure: counts records; knows no message of the user.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.answering.utterances import FieldName, Series, Utterance, utter
from assistant.recommending.facts import Money
from retrieval.items import Item, field_values, raw_value

_NAMED = 8  # values that are named, the most frequent first


def count_text(items: Sequence[Item]) -> Utterance:
    """Say how many items there are."""
    if len(items) == 1:
        return utter("overview.one", title=items[0].title)
    return utter("overview.count", count=len(items)) if items else utter("overview.none")


def values_text(items: Sequence[Item], name: str) -> Utterance:
    """Say which values a field has, with the number of items that have each."""
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for item in items:
        for value in field_values(item, name):
            counts[value] += 1
            raw = raw_value(item, name)
            spelled.setdefault(value, raw if raw.casefold() == value else value)
    if not counts:
        return utter("record.unsaid")
    named = tuple(
        utter("overview.value", value=spelled[value], count=n)
        for value, n in counts.most_common(_NAMED)
    )
    more = len(counts) - len(named)
    key = "overview.values_more" if more else "overview.values"
    return utter(key, field=FieldName(name), values=Series(named), count=more)


def prices_text(items: Sequence[Item]) -> Iterator[Utterance]:
    """Say between what the prices lie, in each currency."""
    currencies = dict.fromkeys(item.currency for item in items if item.price is not None)
    for currency in currencies:
        prices = sorted(
            item.price for item in items if item.price is not None and item.currency == currency
        )
        ends = (prices[0], prices[-1], prices[(len(prices) - 1) // 2])
        least, most, middle = (Money(one, currency) for one in ends)
        yield utter("overview.prices", least=least, most=most, middle=middle)
    if not currencies:
        yield utter("record.unsaid")
