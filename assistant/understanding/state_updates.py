"""Turn what a message says into changes of the state.

Pure. Knows a message's wishes, the catalogue's fields and what is on screen; merges nothing itself.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.controls import afresh, dropped_fields, stocked, undoing
from assistant.understanding.dialogue_state import (
    Ask,
    Change,
    Drop,
    Prefer,
    Shift,
    Undo,
)
from assistant.understanding.money import measured_against, of_one_currency
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.steps import Adjustment, LimitStep
from assistant.understanding.tokens.text import says_something
from assistant.understanding.value_names import NO_VALUES
from assistant.understanding.value_updates import named_values
from assistant.understanding.wishes import Wishes
from retrieval.items import Constraint, Item, field_quantities


def changes_asked(
    wishes: Wishes,
    on_screen: Sequence[Item],
    standing: Sequence[Constraint],
    vocabulary: Vocabulary,
) -> list[Change]:
    """Return every change of the state that a message asks for.

    `on_screen` are the items that "cheaper" is measured against: those meant, else those shown.
    `standing` are the constraints that hold, which "a bit more" and "green is fine too" loosen.
    An amount that is named goes before a relative wish: "cheaper, under 30" is under 30.
    """
    sentence = wishes.sentence
    if any(True for _ in undoing(sentence)):
        return [Undo()]
    given_up = set(_given_up(wishes, standing))
    if given_up:
        limits = tuple(x for x in wishes.limits if x.constraints[0].field not in given_up)
        wishes = replace(wishes, limits=limits, open=())
    priced = {c.field for limit in wishes.limits for c in limit.constraints}
    steps = () if "price" in priced else wishes.steps
    alike = of_one_currency(on_screen)
    relative = [
        change
        for one in wishes.adjustments
        if priced.isdisjoint(one.fields)
        for change in _adjusted(one, alike if "price" in one.fields else on_screen, vocabulary)
    ]
    relative += [change for step in steps for change in _moved(step, standing, alike)]
    return [
        *_cleared(sentence, vocabulary),
        *map(Drop, sorted(given_up)),
        *named_values(wishes, standing, vocabulary),
        *measured_against(relative, alike, vocabulary.catalogue),
        *(
            (Prefer if limit.soft else Ask)(constraint)
            for limit in wishes.limits
            for constraint in limit.constraints
        ),
        *_in_stock(sentence, vocabulary),
        *_replaced(wishes, standing),
    ]


def _replaced(wishes: Wishes, standing: Sequence[Constraint]) -> Iterator[Change]:
    """Read a bare amount as another limit, on the price or the one number: "make it 300".

    Of several it is the one that is led in so: "I said 100, but make it 150".
    """
    numbers = [c for c in standing if c.numbers and c.field not in ("stock", "id")]
    limits = [c for c in numbers if c.field == "price"] or numbers
    sentence, bare = wishes.sentence, [one for one in wishes.open if one.bare]
    led = [one for one in bare if sentence.cue_before(one.start, "step make")]
    amounts = led[-1:] or (bare if len(wishes.open) == 1 else [])
    if not amounts or len(limits) != 1 or wishes.limits:
        return
    amount = amounts[0]
    rest = [
        token.text
        for at, token in enumerate(sentence.tokens)
        if says_something(token.word) and not amount.start <= at < amount.end
    ]
    if led or sentence.cues.steering.issuperset(rest):
        said = sentence.text(amount.start, amount.end)
        yield Ask(replace(limits[0], value=amount.low, said=said, strict=False))


def _given_up(wishes: Wishes, standing: Sequence[Constraint]) -> Iterator[str]:
    """Yield the field of each limit that holds and is named to be given up: "forget the 100"."""
    sentence = wishes.sentence
    named = [(x.number, x.constraints[0].value) for x in wishes.limits if x.constraints]
    named += [(sentence.span(x.start, x.end), x.low) for x in wishes.open]
    released = [
        sentence.span(*sentence.part(cue.start))
        for cue in sentence.found
        if "denial release" in cue.roles
    ]
    for (start, end), amount in named:
        if any(first <= start and end <= last for first, last in released):
            yield from (c.field for c in standing if c.numbers and c.value == amount)


def _cleared(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Change]:
    """Read "start over", "ignore the budget", "any colour"."""
    if any(True for _ in afresh(sentence)):
        yield Drop()
    for _, _, fields in dropped_fields(sentence, vocabulary):
        yield from (Drop(name) for name in fields)


def _in_stock(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Change]:
    """Read "in stock" on the field that says so: a count, or yes and no."""
    found = next(stocked(sentence), None)
    if found is None:
        return
    said = sentence.text(*found)
    for stock in (one for one in vocabulary.profile.fields.values() if one.role == "stock"):
        values = vocabulary.catalogue.values.get(stock.name, {})
        if stock.type == "yes/no":
            there = tuple(value for value in values if value not in NO_VALUES)
            yield Ask(Constraint(stock.name, "in", there, said))
        else:
            yield Ask(Constraint(stock.name, ">=", 1.0, said))


def _adjusted(
    one: Adjustment, on_screen: Sequence[Item], vocabulary: Vocabulary
) -> Iterator[Change]:
    """Read "cheaper", "10 % cheaper", "too heavy" against what is shown.

    Of the fields that the word can mean, it is the one that most of these items have.
    """
    found = {
        name: [v for item in on_screen if (v := _single(item, name)) is not None]
        for name in one.fields
    }
    name = max(one.fields, key=lambda field: len(found[field]))
    if not found[name]:
        return
    middle = sorted(found[name])[len(found[name]) // 2]
    by = middle * one.by if one.share else one.by
    profile = vocabulary.profile.fields[name]
    if name == "price":
        by = max(by, 0.01)
        value = max(round(middle - by, 2), 0.0) if one.way == "less" else round(middle + by, 2)
        yield Ask(Constraint(name, "<=" if one.way == "less" else ">=", value, one.said))
        return
    value = middle - by if one.way == "less" else middle + by
    op = "<=" if one.way == "less" else ">="
    yield Ask(Constraint(name, op, value, one.said, profile.unit, strict=not by))  # type: ignore[arg-type]


def _single(item: Item, name: str) -> float | None:
    """Return a field that is one number; of a range, nothing is simply less."""
    quantities = field_quantities(item, name)
    one = quantities[0] if quantities else None
    return one.low if one is not None and one.low == one.high < math.inf else None


def _middle(on_screen: Sequence[Item]) -> float | None:
    """Return the middle price of what is on screen."""
    prices = sorted(item.price for item in on_screen if item.price is not None)
    return prices[len(prices) // 2] if prices else None


def _moved(
    step: LimitStep, standing: Sequence[Constraint], on_screen: Sequence[Item]
) -> Iterator[Change]:
    """Move the limit that a step speaks of; "10 % less" without one is less than what is shown."""
    limits = {c.op for c in standing if c.field == "price"}
    most, least = "<=" in limits, ">=" in limits
    if step.way == "more" and (most or not step.permits):
        if most:
            yield Shift("loosen", "price", "<=", step.by, step.said, share=step.share)
        elif least:
            yield Shift("tighten", "price", ">=", step.by, step.said, share=step.share)
    elif step.way == "less" and least and (step.permits or not most):
        yield Shift("loosen", "price", ">=", step.by, step.said, share=step.share)
    elif step.way == "less" and most and not step.permits:
        yield Shift("tighten", "price", "<=", step.by, step.said, share=step.share)
    elif step.way == "less" and not limits and (middle := _middle(on_screen)) is not None:
        by = middle * step.by if step.share else step.by
        yield Ask(Constraint("price", "<=", max(round(middle - by, 2), 0.0), step.said))
