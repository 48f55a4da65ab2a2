"""Turn what a message says into changes of the state.

Pure. Knows amounts, the catalogue's values and what is on screen; merges nothing itself.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.understanding.catalogue_values import Mention, Vocabulary
from assistant.understanding.dialogue_state import Allow, Ask, Change, Drop, Shift, TurnTo, Undo
from assistant.understanding.limits.flags import NO_VALUES
from assistant.understanding.limits.quantities import AMOUNT, Limit, read_number
from assistant.understanding.limits.spans import blanked
from assistant.understanding.limits.steps import LimitStep, read_steps
from assistant.understanding.money import measured_against, of_one_currency, price_unit
from assistant.understanding.text import american
from retrieval.items import Constraint, Item

_UNDO = re.compile(
    r"^\W*(?:(?:actually|no|ok(?:ay)?|sorry|please|wait|oh)\W+)*"
    r"(?:undo|go back|take that back|never ?mind that)\b",
    re.I,
)
_AFRESH = re.compile(r"\b(?:start over|start again|forget everything|new search|reset)\b", re.I)
_FREE_PRICE = re.compile(
    r"\b(?:(?:ignore|forget(?: about)?|drop|lift|remove|never mind|no) (?:the |my |any )?"
    r"(?:budget|price(?: limit)?|limit)"
    r"|(?:budget|price|money) (?:is|does)(?:n'?t| not) (?:an? )?(?:issue|problem|matter|important)"
    r"|any price|whatever the price|at any price|price (?:does not|doesn'?t) matter)\b",
    re.I,
)
_FREE_FIELD = re.compile(
    r"\b(?:any|forget(?: about)? the|ignore the|whatever|no matter (?:the|what)) "
    r"(colou?r|brand|size|material|pattern|category)\b",
    re.I,
)
_CHEAPER = re.compile(
    r"(?<!not become )(?<!not get )(?<!not got )(?<!not gotten )"
    r"\b(?:cheaper|less expensive|lower(?: in)? priced?|more affordable"
    r"|(?<!not )too (?:expensive|pric[ey]+|dear|costly)|(?:can'?t|cannot|can not) afford"
    r"|(?:out of|over|above|beyond) my (?:budget|reach|price range)|costs? too much)\b"
    r"(?! than \W?\d)",
    re.I,
)
_DEARER = re.compile(
    r"\b(?:more expensive|pricier|fancier|more luxurious|higher priced)\b(?! than \W?\d)", re.I
)
_BY_SHARE = re.compile(r"(\d{1,2})\s?(?:%|per\s?cent)\W*$", re.I)
_BY_MONEY = re.compile(rf"{AMOUNT.replace('{n}', '')}\W*$", re.I)
_ALSO = re.compile(
    r"^\W*(?:or|and also|also)\b|\b(?:too|also|as well|either)\b"
    r"|(?:\bis|\bare|\bwould be|'s)\s+(?:also\s+)?(?:fine|ok|okay|alright|all right|good)\b",
    re.I,
)
_STOCK = re.compile(r"\b(?:in stock|not sold out|available (?:now|today|right now))\b", re.I)


def changes_asked(
    message: str,
    limits: Sequence[Limit],
    mentions: Sequence[Mention],
    on_screen: Sequence[Item],
    standing: Sequence[Constraint],
    vocabulary: Vocabulary,
) -> list[Change]:
    """Return every change of the state that the message asks for.

    `on_screen` are the items that "cheaper" is measured against: those meant, else those shown.
    `standing` are the constraints that hold, which "a bit more" and "green is fine too" loosen.
    An amount that is named goes before a relative wish: "cheaper, under 30" is under 30.
    """
    if _UNDO.search(message):
        return [Undo()]
    steps, alike = () if limits else read_steps(message), of_one_currency(on_screen)
    stepped = (change for step in steps for change in _moved(step, standing, alike))
    return [
        *_cleared(message, vocabulary),
        *_named(message, mentions, standing, vocabulary),
        *measured_against(_relative(message, alike), alike, vocabulary.catalogue),
        *measured_against(stepped, alike, vocabulary.catalogue),
        *(
            Ask(Constraint("price", limit.op, limit.amount, limit.said, unit))
            for limit in limits
            for unit in [price_unit(limit.currencies, vocabulary.catalogue)]
        ),
        *_in_stock(message, vocabulary),
    ]


def without_controls(message: str) -> str:
    """Blank out what `changes_asked` reads by pattern; every other word keeps its place."""
    for pattern in (_UNDO, _AFRESH, _FREE_PRICE, _FREE_FIELD, _CHEAPER, _DEARER, _STOCK):
        message = pattern.sub(lambda match: " " * len(match[0]), message)
    return blanked(message, [step.span for step in read_steps(message)])


def _cleared(message: str, vocabulary: Vocabulary) -> Iterator[Change]:
    """Read "start over", "ignore the budget", "any colour"."""
    if _AFRESH.search(message):
        yield Drop()
    if _FREE_PRICE.search(message):
        yield Drop("price")
    for match in _FREE_FIELD.finditer(message):
        stem = american(match[1])
        yield from (Drop(name) for name in vocabulary.facets if american(name).endswith(stem))


def _named(
    message: str,
    mentions: Sequence[Mention],
    standing: Sequence[Constraint],
    vocabulary: Vocabulary,
) -> Iterator[Change]:
    """Read values: the kind of thing first, because turning to it lets others lapse."""
    wanted: dict[str, list[Mention]] = {}
    for mention in mentions:
        if not mention.negated:
            wanted.setdefault(mention.field, []).append(mention)
    kind = next((name for name in vocabulary.kinds if name in wanted), None)
    if kind:
        yield TurnTo(_one_of(kind, wanted[kind]))
    for name, several in wanted.items():
        if name not in vocabulary.kinds:
            also = _ALSO.search(message) and any(c.field == name for c in standing)
            yield (Allow if also else Ask)(_one_of(name, several))
    for mention in mentions:
        if mention.negated:
            yield Ask(Constraint(mention.field, "not in", mention.values, mention.said))


def _one_of(name: str, mentions: Sequence[Mention]) -> Constraint:
    values = tuple(dict.fromkeys(value for mention in mentions for value in mention.values))
    said = " or ".join(dict.fromkeys(mention.said for mention in mentions))
    if len(values) == 1:
        return Constraint(name, "=", values[0], said)
    return Constraint(name, "in", values, said)


def _in_stock(message: str, vocabulary: Vocabulary) -> Iterator[Change]:
    """Read "in stock" on the field that says so: a count, or yes and no."""
    found = _STOCK.search(message)
    if found is None:
        return
    for stock in (one for one in vocabulary.profile.fields.values() if one.role == "stock"):
        values = vocabulary.catalogue.values.get(stock.name, {})
        if stock.type == "yes/no":
            there = tuple(value for value in values if value not in NO_VALUES)
            yield Ask(Constraint(stock.name, "in", there, found[0]))
        else:
            yield Ask(Constraint(stock.name, ">=", 1.0, found[0]))


def _relative(message: str, on_screen: Sequence[Item]) -> Iterator[Change]:
    """Read "cheaper", "10 % cheaper", "$20 cheaper" against what it is measured against."""
    middle = _middle(on_screen)
    if middle is None:
        return
    if found := _CHEAPER.search(message):
        least = max(_step_before(message[: found.start()], middle), 0.01)
        yield Ask(Constraint("price", "<=", max(round(middle - least, 2), 0.0), found[0]))
    elif found := _DEARER.search(message):
        least = max(_step_before(message[: found.start()], middle), 0.01)
        yield Ask(Constraint("price", ">=", round(middle + least, 2), found[0]))


def _step_before(before: str, middle: float) -> float:
    """Return how much cheaper: the amount or the share right before the word, else 0."""
    if share := _BY_SHARE.search(before):
        return middle * int(share[1]) / 100
    amount = _BY_MONEY.search(before)
    return read_number(amount["number"]) if amount and (amount["sign"] or amount["unit"]) else 0.0


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
