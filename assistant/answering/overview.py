"""Say of many items how many there are, what values a field has, and what they cost.

Pure: counts records and words the count; knows no message.
"""

from collections import Counter
from collections.abc import Sequence

from assistant.recommending.evidence import price_text
from retrieval.items import Item, field_values, raw_value

_NAMED = 8  # values that are named, the most frequent first


def count_text(items: Sequence[Item]) -> str:
    """Say how many items there are."""
    if len(items) == 1:
        return f"One item fits: {items[0].title}."
    return f"{len(items)} items fit." if items else "No item fits."


def values_text(items: Sequence[Item], name: str) -> str:
    """Say which values a field has, with the number of items that have each."""
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for item in items:
        for value in field_values(item, name):
            counts[value] += 1
            raw = raw_value(item, name)
            spelled.setdefault(value, raw if raw.casefold() == value else value)
    if not counts:
        return "The record does not say."
    named = [f"{spelled[value]} ({n})" for value, n in counts.most_common(_NAMED)]
    more = len(counts) - len(named)
    return f"{name.capitalize()}: {', '.join(named)}{f' and {more} more' if more else ''}."


def prices_text(items: Sequence[Item]) -> str:
    """Say between what the prices lie, in each currency."""
    told = []
    for currency in dict.fromkeys(item.currency for item in items if item.price is not None):
        prices = sorted(
            item.price for item in items if item.price is not None and item.currency == currency
        )
        least, middle, most = prices[0], prices[(len(prices) - 1) // 2], prices[-1]
        ends = [price_text(one, currency) for one in (least, most, middle)]
        told.append(f"From {ends[0]} to {ends[1]}; half of them cost {ends[2]} or less.")
    return " ".join(told) or "The record does not say."
