"""Sentences that need no language model: empties, comparisons, help, notices.

Pure. Everything said here is computed from records and constraints, so it is true whether or not
a model is there.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.recommending.evidence import price_text
from assistant.understanding.acts.feedback import Feeling
from assistant.understanding.tokens.cues import read_sentence
from retrieval.constraints import measured_value, satisfies
from retrieval.english import plural
from retrieval.items import Catalogue, Constraint, Item, normal, raw_value

SHOWN_VALUES = 3  # of a constraint with many
_NEAR_MISSES = 2
_SYMBOL = 2  # letters of a unit that is a symbol, and has no plural


def constraint_text(constraint: Constraint, currency: str) -> str:
    """Word a constraint as a shopper would."""
    name, value = constraint.field, constraint.value
    if name == "id":
        return ""
    if name == "stock":
        return "in stock"
    if name == "title":
        return f"{'not ' if constraint.excludes else ''}called “{constraint.said}”"
    if isinstance(value, float | int):
        money = constraint.unit or currency
        amount = price_text(float(value), money) if name == "price" else number_text(constraint)
        under, over = ("under", "over") if constraint.strict else ("at most", "at least")
        sides = {"<=": f"{under} {amount}", ">=": f"{over} {amount}"}
        return sides.get(constraint.op, amount)
    values = constraint.values
    if constraint.numbers:  # "not 8 GB ram", "9 or 10 size"
        values = tuple(number_text(replace(constraint, value=one)) for one in constraint.numbers)
    listed = " or ".join(values[:SHOWN_VALUES]) + (
        " or similar" if len(values) > SHOWN_VALUES else ""
    )
    return f"not {listed}" if constraint.excludes else listed


def number_text(constraint: Constraint) -> str:
    """Word the number of a constraint with its unit and field: "16 GB ram", "400 pages"."""
    value, name, unit = constraint.value, constraint.field, constraint.unit
    if not isinstance(value, float | int):
        return ""
    counted = plural(unit) if len(unit) > _SYMBOL and value != 1 else unit
    if not unit or counted == name:
        return f"{name} {value:g}" if not unit else f"{value:g} {name}"
    return f"{value:g} {counted} {name}"


def nothing_fits(
    tightest: Constraint | None, nearest: Sequence[Item], would_bring: int, currency: str
) -> str:
    """Say that nothing fits, which single constraint stands in the way, and what just misses it.

    `nearest` are items that keep everything but the tightest constraint; they are only named.
    """
    nothing = "Nothing in this catalogue fits all of that together."
    if tightest is None:
        return nothing
    items = "one item" if would_bring == 1 else f"{would_bring} items"
    several = len({item.currency for item in nearest}) > 1  # no cheapest of two currencies
    prices = [] if several else [item.price for item in nearest if item.price is not None]
    cheapest = tightest.field == "price" and tightest.op == "<=" and would_bring > 1 and prices
    without = f"Without “{constraint_text(tightest, currency)}” there would be {items}."
    if cheapest:
        without += f" The cheapest of them costs {price_text(min(prices), nearest[0].currency)}."
    missed = [f"{item.title} ({differs(item, tightest)})" for item in nearest[:_NEAR_MISSES]]
    misses = f"Near miss{'es' if len(missed) > 1 else ''}, not shown: {'; '.join(missed)}."
    return " ".join([nothing, without, *([misses] if missed else [])])


def differs(item: Item, constraint: Constraint) -> str:
    """Say how an item breaks a constraint: "$75, $35 over", "colour red"."""
    limit = constraint.value
    if constraint.field == "stock":
        return "not in stock"
    if isinstance(limit, float | int):
        seen = measured_value(item, constraint)
        if seen is None and constraint.field == "price" and item.price is not None:
            return f"{price_text(item.price, item.currency)}, not in {constraint.unit}"
        if seen is None:
            return f"no {constraint.field} recorded"
        side = "over" if seen > limit else "under"
        if math.isinf(seen):  # a lifetime guarantee
            return f"{constraint.field} {raw_value(item, constraint.field)}"
        if constraint.field != "price":
            unit = f" {constraint.unit}" if constraint.unit else ""
            return f"{constraint.field} {seen:g}{unit}, {abs(seen - limit):g}{unit} {side}"
        gap = price_text(round(abs(seen - limit), 2), item.currency)
        return f"{price_text(seen, item.currency)}, {gap} {side}"
    told = raw_value(item, constraint.field)
    return f"{constraint.field} {told}" if told else f"no {constraint.field} recorded"


def not_carried(thing: str, nearest: Sequence[str], *, mentioned: bool) -> str:
    """Say that nothing is listed as a thing; `nearest` are the kinds of what is shown instead.

    `mentioned` tells whether some record has the word, without being of that thing.
    """
    nothing = f"No record in this catalogue mentions “{thing}”."
    if mentioned:
        nothing = f"Nothing in this catalogue is listed as “{thing}”."
    if not nearest:
        return f"{nothing} The nearest I have:"
    *kinds, last = [plural(kind) for kind in nearest[:SHOWN_VALUES]]
    listed = f"{', '.join(kinds)} and {last}" if kinds else last
    return f"{nothing} The nearest I have: {listed}, which differ in kind."


def by_taste(titles: Sequence[str], *, remembers: bool) -> str:
    """Say what the items go by when it is left to Magpie what to show; `titles` are the likes'."""
    if titles:
        named, more = ", ".join(titles[:SHOWN_VALUES]), len(titles) - SHOWN_VALUES
        return f"Chosen by what you liked: {named}{f' and {more} more' if more > 0 else ''}."
    if not remembers:
        return "Remembering is switched off, so I go by no taste. Here are things that differ:"
    return (
        "I do not know your taste yet. Say “I like the second one”, and I go by that. "
        "Here are things that differ:"
    )


def contradicts(one: Constraint, other: Constraint, currency: str) -> str:
    """Ask which of two contradicting limits counts."""
    low, high = constraint_text(one, currency), constraint_text(other, currency)
    return f"You asked for {low} and for {high}, and nothing can be both. Which one counts?"


def why_not(
    item: Item, constraints: Sequence[Constraint], here: int | None, rank: int | None, ranked: int
) -> str:
    """Say which constraints an item breaks, else its place on screen, else its rank.

    `rank` is its place among the `ranked` best of the search, None when it is not among them.
    """
    broken = [c for c in constraints if not satisfies(item, c)]
    if broken:
        told = [
            f"{differs(item, c)}, and you asked for {constraint_text(c, item.currency)}"
            for c in broken
            if c.field != "id"
        ]
        return f"{item.title} is left out: {'; '.join(told)}."
    if here is not None:
        before = f"{here - 1} before it" if here > 1 else "nothing before it"
        return f"{item.title} is here, as number {here}, with {before}: it keeps all you asked for."
    if rank is not None:
        return (
            f"{item.title} keeps all you asked for, but the search puts it in place {rank}, "
            "behind what is shown."
        )
    return f"{item.title} keeps all you asked for, but the search puts it behind the {ranked} best."


def compare(items: Sequence[Item], fields: Sequence[str] = ()) -> str:
    """Say how two items differ, field by field, from their records; by some `fields` alone."""
    first, second = items[0], items[1]
    if fields:
        beginning = f"Comparing {first.title} with {second.title}."
        pairs = [(name, _field_text(first, name), _field_text(second, name)) for name in fields]
        return " ".join([beginning, *(_against(*pair) for pair in pairs)])
    lines = []
    if first.price is not None and second.price is not None and first.currency == second.currency:
        gap = abs(first.price - second.price)
        lower, higher = sorted((first, second), key=lambda item: item.price or 0.0)
        lines.append(
            f"{lower.title} costs {price_text(lower.price, lower.currency)}, "
            f"{price_text(gap, lower.currency)} less than {higher.title}."
            if gap else f"Both cost {price_text(first.price, first.currency)}."
        )  # fmt: skip
    names = dict.fromkeys(("category", "brand", *first.attributes, *second.attributes))
    for name in names:
        a, b = raw_value(first, name), raw_value(second, name)
        if normal(a) != normal(b) and name != "stock":
            lines.append(_against(name, a, b))
    return " ".join([f"Comparing {first.title} with {second.title}.", *lines]) if lines else (
        f"The records of {first.title} and {second.title} do not differ."
    )  # fmt: skip


def _against(name: str, one: str, other: str) -> str:
    return f"{name.capitalize()}: {one or 'not recorded'} against {other or 'not recorded'}."


def _field_text(item: Item, name: str) -> str:
    if name != "price":
        return raw_value(item, name)
    return price_text(item.price, item.currency) if item.price is not None else ""


def help_text(catalogue: Catalogue) -> str:
    """Say what can be asked, from what this catalogue holds."""
    kinds = list(catalogue.values.get("category", {}))[:6]
    some = f", among them {', '.join(kinds)}" if kinds else ""
    return (
        f"I find things in a catalogue of {len(catalogue.items):,} items{some}. "
        "Tell me what you need, show me a photo or say it aloud. You can name a budget, a colour "
        "or what you do not want, and then go on: “the second one, but cheaper”, "
        "“compare the first two”, “ignore the budget”."
    )


def smalltalk(message: str) -> str:
    """Answer a greeting, a farewell, or thanks and what else is said kindly."""
    sentence = read_sentence(message)
    if sentence.has("talk farewell"):
        return "Goodbye."
    if sentence.has("talk greeting") and not sentence.has("talk thanks"):
        return "Hello. What shall I look for?"
    return "You are welcome. Is there anything else to look for?"


def out_of_scope(catalogue: Catalogue) -> str:
    """Say what Magpie does, and therefore what it does not."""
    count = len(catalogue.items)
    return f"I only find things in this catalogue of {count:,} items. What shall I look for?"


def nothing_to_compare(shown: Sequence[Item]) -> str:
    """Say that fewer than two items are on screen."""
    alone = f"{shown[0].title} is the only item on screen." if shown else ""
    return f"{alone or 'There are no two items on screen to compare.'} What shall I look for?"


def whole_record(item: Item) -> str:
    """Say all that the record says of an item."""
    facts = [f"{name}: {value}" for name, value in item.attributes.items() if value]
    price = price_text(item.price, item.currency)
    parts = (
        item.title,
        price,
        item.category,
        item.brand,
        *facts,
        item.description,
        *item.transcripts,
    )
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def told_of(item: Item, fields: Sequence[str]) -> str:
    """Say what the record says in these fields, which may be "price"; a word of it is enough."""
    told = [
        (name, price_text(item.price, item.currency) if name == "price" else raw_value(item, name))
        for name in fields
    ]
    facts = [value if name == "price" else f"{name}: {value}" for name, value in told if value]
    if not facts:
        return "The record does not say."
    return f"The record of {item.title} says: “{', '.join(facts)}”"


def taken_for(said: str, kind: str) -> str:
    """Say that a thing was found under another name."""
    return f"I took “{said}” to mean {kind}."


def other_currency(said: str, currency: str) -> str:
    """Warn that an amount in another currency was compared as it stands."""
    return f"Prices here are in {currency}; I took “{said}” as an amount in {currency}."


def gone(items: Sequence[Item]) -> str:
    """Say that items which were shown are no longer in the catalogue."""
    return " ".join(f"{item.title} is no longer in the catalogue." for item in items)


def noted(feeling: Feeling, items: Sequence[Item], *, remembers: bool) -> str:
    """Say what was kept of an opinion about shown items, or ask which is meant."""
    if not items:
        verb = "like" if feeling == "like" else "don’t like"
        return f"Which one do you mean? Say “I {verb} the second one”, for example."
    titles = [item.title for item in items]
    named = ", ".join(titles[:SHOWN_VALUES])
    named += f" and {len(titles) - SHOWN_VALUES} more" if len(titles) > SHOWN_VALUES else ""
    if not remembers:
        return f"I keep nothing of that about {named}: remembering is switched off."
    if feeling == "like":
        return f"Noted: you like {named}."
    return f"Noted: you don’t like {named}. I leave it out from now on, unless you name it."


def left_out(titles: Sequence[str]) -> str:
    """Say which items would have been shown if the user liked them."""
    return f"Left out, because you don’t like it: {', '.join(titles)}. Name it to see it."
