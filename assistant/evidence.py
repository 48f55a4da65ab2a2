"""What truly ranked this item: matched constraints, matched words, the photo, the recording.

Pure. Reads the candidate's contributions and its record; writes short reasons that are true by
construction, and renders prices. Knows no model.
"""

from collections.abc import Sequence

from assistant.claims import sentences
from assistant.vocabulary import KINDS, content_words
from retrieval.items import Candidate, Constraint, Item, raw_value

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹"}
_CLOSE = {
    "text": "its description is close in meaning to your words",
    "picture": "its picture is close to your words",
    "speech": "its recording is close in meaning to your words",
}
_LEADS = 1.0  # standard deviations above the catalogue's average: worth a reason


def price_text(amount: float | None, currency: str) -> str:
    """Render a price from the record, "" when the record has none."""
    if amount is None:
        return ""
    digits = f"{amount:,.2f}".removesuffix(".00")
    sign = _SIGNS.get(currency)
    return f"{sign}{digits}" if sign else f"{digits} {currency}".strip()


def reasons(
    candidate: Candidate, constraints: Sequence[Constraint], phrase: str, *, photo: bool
) -> tuple[str, ...]:
    """Return why this item is here, most telling first."""
    item, parts = candidate.item, candidate.contributions
    found = [_quoted(item, phrase), *(_kept(item, constraint) for constraint in constraints)]
    if photo and parts.get("picture", 0.0) > _LEADS:
        found.append("it looks like your photo")
    if not any(found) and parts:
        found.append(_CLOSE.get(max(parts, key=lambda name: parts[name]), ""))
    return tuple(reason for reason in found if reason)


def _kept(item: Item, constraint: Constraint) -> str:
    """Say how the record satisfies a constraint that the user set."""
    if constraint.field == "price" and isinstance(constraint.value, float | int):
        side = "under" if constraint.op == "<=" else "over"
        limit = price_text(constraint.value, item.currency)
        return f"{price_text(item.price, item.currency)} is {side} your {limit}"
    if constraint.field in ("id", "stock", *KINDS) or constraint.op in ("!=", "not in"):
        return ""
    return f"{constraint.field}: {raw_value(item, constraint.field)}"


def _quoted(item: Item, phrase: str) -> str:
    """Quote the sentence of the record that shares most with the request beyond the name."""
    wanted = content_words(phrase) - content_words(f"{item.title} {item.category}")
    told = [("the record", sentence) for sentence in sentences(item.description)]
    told += [("its recording", s) for words in item.transcripts for s in sentences(words)]
    shared = [len(wanted & content_words(sentence)) for _, sentence in told]
    if not any(shared):
        return ""
    teller, sentence = told[shared.index(max(shared))]
    return f"{teller} says “{sentence}”"
