"""Sentences that need no language model: openings, empties, comparisons, help, notices.

Pure. Everything said here is computed from records and constraints, so it is true whether or not
a model is there.
"""

from collections.abc import Sequence

from assistant.evidence import price_text
from assistant.ledger import contradiction
from assistant.opinions import Feeling
from retrieval.items import Catalogue, Constraint, Item, normal, raw_value

_SHOWN_VALUES = 3


def opening(count: int, constraints: Sequence[Constraint], currency: str) -> str:
    """Say how many items follow and what they all keep."""
    kept = [wording for c in constraints if (wording := constraint_text(c, currency))]
    things = "One item fits" if count == 1 else f"{count} items fit"
    return f"{things}: {', '.join(kept)}." if kept else ""


def constraint_text(constraint: Constraint, currency: str) -> str:
    """Word a constraint as a shopper would."""
    name, value = constraint.field, constraint.value
    if name == "id":
        return ""
    if name == "stock":
        return "in stock"
    if isinstance(value, float | int):
        amount = price_text(float(value), currency) if name == "price" else f"{name} {value:g}"
        return f"at most {amount}" if constraint.op == "<=" else f"at least {amount}"
    values = (value,) if isinstance(value, str) else value
    listed = " or ".join(values[:_SHOWN_VALUES]) + (
        " or similar" if len(values) > _SHOWN_VALUES else ""
    )
    return f"not {listed}" if constraint.op in ("!=", "not in") else listed


def nothing_fits(tightest: Constraint | None, would_bring: int, currency: str) -> str:
    """Say that nothing fits, and which single constraint stands in the way."""
    if tightest is None:
        return "Nothing in this catalogue fits all of that together."
    items = "one item" if would_bring == 1 else f"{would_bring} items"
    return (
        f"Nothing in this catalogue fits all of that together. "
        f"Without “{constraint_text(tightest, currency)}” there would be {items}."
    )


def not_carried(thing: str, *, nearest: bool) -> str:
    """Say that no record mentions a thing."""
    return f"No record in this catalogue mentions “{thing}”." + (
        " The nearest I have:" if nearest else ""
    )


def contradicts(constraints: Sequence[Constraint], currency: str) -> str:
    """Ask which of two contradicting limits counts, "" when none contradict."""
    pair = contradiction(constraints)
    if pair is None:
        return ""
    low, high = (constraint_text(c, currency) for c in pair)
    return f"You asked for {low} and for {high}, and nothing can be both. Which one counts?"


def compare(items: Sequence[Item]) -> str:
    """Say how two items differ, field by field, from their records."""
    first, second = items[0], items[1]
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
            lines.append(
                f"{name.capitalize()}: {a or 'not recorded'} against {b or 'not recorded'}."
            )
    return " ".join([f"{first.title} and {second.title}.", *lines]) if lines else (
        f"The records of {first.title} and {second.title} do not differ."
    )  # fmt: skip


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
    """Answer a greeting, thanks or a farewell in kind."""
    said = message.lower()
    if any(word in said for word in ("thank", "thx", "cheers", "danke", "gracias", "merci", "谢")):
        return "You are welcome. Is there anything else to look for?"
    if "bye" in said:
        return "Goodbye."
    return "Hello. What shall I look for?"


def out_of_scope(catalogue: Catalogue) -> str:
    """Say what Magpie does, and therefore what it does not."""
    count = len(catalogue.items)
    return f"I only find things in this catalogue of {count:,} items. What shall I look for?"


def nothing_shown() -> str:
    """Say that there is nothing on screen to speak of."""
    return "There are no two items on screen to compare. What shall I look for?"


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


def other_currency(said: str, currency: str) -> str:
    """Warn that an amount in another currency was compared as it stands."""
    return f"Prices here are in {currency}; I took “{said}” as an amount in {currency}."


def noted(feeling: Feeling, items: Sequence[Item], *, remembers: bool) -> str:
    """Say what was kept of an opinion about shown items, or ask which is meant."""
    if not items:
        verb = "like" if feeling == "like" else "don’t like"
        return f"Which one do you mean? Say “I {verb} the second one”, for example."
    titles = [item.title for item in items]
    named = ", ".join(titles[:_SHOWN_VALUES])
    named += f" and {len(titles) - _SHOWN_VALUES} more" if len(titles) > _SHOWN_VALUES else ""
    if not remembers:
        return f"I keep nothing of that about {named}: remembering is switched off."
    if feeling == "like":
        return f"Noted: you like {named}."
    return f"Noted: you don’t like {named}. I leave it out from now on, unless you name it."


def left_out(titles: Sequence[str]) -> str:
    """Say which items would have been shown if the user liked them."""
    return f"Left out, because you don’t like it: {', '.join(titles)}. Name it to see it."
