"""Turn what a message says into changes of the ledger.

Pure. Knows amounts, the catalogue's values and what is on screen; merges nothing itself.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.amounts import Limit
from assistant.ledger import Ask, Change, Drop, TurnTo, Undo
from assistant.vocabulary import Mention, Vocabulary
from retrieval.items import Constraint, Item

_UNDO = re.compile(r"^\W*(?:undo|go back|take that back|never ?mind that)\b", re.I)
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
    r"\b(?:cheaper|less expensive|lower(?: in)? priced?|more affordable)\b(?! than \W?\d)", re.I
)
_DEARER = re.compile(
    r"\b(?:more expensive|pricier|fancier|more luxurious|higher priced)\b(?! than \W?\d)", re.I
)
_STOCK = re.compile(r"\b(?:in stock|not sold out|available (?:now|today|right now))\b", re.I)


def changes_asked(
    message: str,
    limits: Sequence[Limit],
    mentions: Sequence[Mention],
    on_screen: Sequence[Item],
    vocabulary: Vocabulary,
) -> list[Change]:
    """Return every change of the ledger that the message asks for.

    `on_screen` are the items that "cheaper" is measured against: those meant, else those shown.
    """
    if _UNDO.search(message):
        return [Undo()]
    return [
        *_cleared(message, vocabulary),
        *_named(mentions, vocabulary),
        *(Ask(Constraint("price", limit.op, limit.amount, limit.said)) for limit in limits),
        *_in_stock(message, vocabulary),
        *_relative(message, on_screen),
    ]


def without_controls(message: str) -> str:
    """Blank out what `changes_asked` reads by pattern; every other word keeps its place."""
    for pattern in (_UNDO, _AFRESH, _FREE_PRICE, _FREE_FIELD, _CHEAPER, _DEARER, _STOCK):
        message = pattern.sub(lambda match: " " * len(match[0]), message)
    return message


def _cleared(message: str, vocabulary: Vocabulary) -> Iterator[Change]:
    """Read "start over", "ignore the budget", "any colour"."""
    if _AFRESH.search(message):
        yield Drop()
    if _FREE_PRICE.search(message):
        yield Drop("price")
    for match in _FREE_FIELD.finditer(message):
        stem = match[1].lower().replace("colour", "color")
        for name in vocabulary.facets:
            if name.replace("colour", "color").endswith(stem):
                yield Drop(name)


def _named(mentions: Sequence[Mention], vocabulary: Vocabulary) -> Iterator[Change]:
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
            yield Ask(_one_of(name, several))
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
    found = _STOCK.search(message)
    if found and "stock" in vocabulary.catalogue.values:
        yield Ask(Constraint("stock", ">=", 1.0, found[0]))


def _relative(message: str, on_screen: Sequence[Item]) -> Iterator[Change]:
    """Read "cheaper" against the middle price of what it is measured against."""
    prices = sorted(item.price for item in on_screen if item.price is not None)
    if not prices:
        return
    middle = prices[len(prices) // 2]
    if found := _CHEAPER.search(message):
        yield Ask(Constraint("price", "<=", round(middle - 0.01, 2), found[0]))
    elif found := _DEARER.search(message):
        yield Ask(Constraint("price", ">=", round(middle + 0.01, 2), found[0]))
