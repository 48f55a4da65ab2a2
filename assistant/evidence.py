"""What truly ranked this item: matched constraints, matched words, the photo, the recording.

Pure. Reads the candidate's contributions and its record; writes short reasons that are true by
construction, and renders prices. Knows no model.
"""

from collections.abc import Sequence

from assistant.claims import sentences
from assistant.vocabulary import words
from retrieval.items import Candidate, Constraint, Item, item_text, raw_value

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
    found = [reason for c in constraints if (reason := _kept(item, c))]
    wanted = {word for word in words(phrase) if len(word) > 2}
    if parts.get("speech", 0.0) > _LEADS and (quote := _quoted(item, wanted)):
        found.append(f"its recording says “{quote}”")
    if photo and parts.get("picture", 0.0) > _LEADS:
        found.append("it looks like your photo")
    matched = [w for w in dict.fromkeys(words(item_text(item))) if w in wanted]
    if matched:
        found.append("its record mentions " + ", ".join(matched[:4]))
    if not found and phrase and parts:
        strongest = max(parts, key=lambda name: parts[name])
        found.append(_CLOSE.get(strongest, ""))
    return tuple(reason for reason in found if reason)


def _kept(item: Item, constraint: Constraint) -> str:
    """Say how the record satisfies a constraint that the user set."""
    if constraint.field == "price" and isinstance(constraint.value, float | int):
        side = "under" if constraint.op == "<=" else "over"
        limit = price_text(constraint.value, item.currency)
        return f"{price_text(item.price, item.currency)} is {side} your {limit}"
    if constraint.field in ("id", "stock") or constraint.op in ("!=", "not in"):
        return ""
    return f"{constraint.field}: {raw_value(item, constraint.field)}"


def _quoted(item: Item, wanted: set[str]) -> str:
    """Return the sentence of the recordings that shares most words with the request."""
    spoken = [sentence for transcript in item.transcripts for sentence in sentences(transcript)]
    best = max(spoken, key=lambda s: len(wanted & set(words(s))), default="")
    return best if wanted & set(words(best)) else ""
