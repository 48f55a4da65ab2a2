"""Write why the best items fit, from their records alone; check every sentence before it is shown.

Knows candidates, the language model and the prompts. Names and prices are rendered here from the
record; the model only continues the sentence. What nothing supports is replaced by a reason that
is true by construction.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.claims import check
from assistant.evidence import price_text
from assistant.language_model import LanguageModel, Message
from assistant.prompt import load_prompt
from assistant.rerank import short_record
from assistant.wording import sentences
from retrieval.items import Candidate, Constraint, Item

_LONGEST = 42  # tokens of one sentence
_ENDED = re.compile(r"[.!?]\s")
NOT_SAID = "The record does not say."


def explain(
    request: str,
    candidates: Sequence[Candidate],
    reasons: Mapping[str, Sequence[str]],
    constraints: Sequence[Constraint],
    model: LanguageModel,
) -> Iterator[str]:
    """Yield one checked sentence a candidate.

    Raises:
        LanguageModelError: the model failed; what was yielded stands.
    """
    prompt = load_prompt("explain", expects=frozenset({"request", "record"}))
    for candidate in candidates:
        item = candidate.item
        opening = (
            f"The {item.title} ({price})"
            if (price := price_text(item.price, item.currency))
            else f"The {item.title}"
        )
        chat = (
            *prompt.fill(request=request[:300], record=short_record(item)),
            Message("assistant", opening),
        )
        written = _one_sentence(model.stream(chat, max_tokens=_LONGEST))
        if written and check(written, (item,), constraints).stands:
            yield f"{opening} {written}"
        else:
            yield plain_sentence(item, reasons.get(item.id, ()))


def plain_sentence(item: Item, reasons: Sequence[str]) -> str:
    """Say why an item is here without the language model."""
    price = price_text(item.price, item.currency)
    name = f"{item.title} ({price})" if price else item.title
    return f"{name}: {'; '.join(reasons[:3])}." if reasons else f"{name}."


def answer(
    question: str, items: Sequence[Item], constraints: Sequence[Constraint], model: LanguageModel
) -> Iterator[str]:
    """Yield checked sentences that answer a question about items from their records.

    Raises:
        LanguageModelError: the model failed; what was yielded stands.
    """
    prompt = load_prompt("answer", expects=frozenset({"question", "records"}))
    records = "\n".join(f"{item.title}: {full_record(item)}" for item in items[:2])
    chat = prompt.fill(question=question[:300], records=records)
    stood = [s for s in sentences("".join(model.stream(chat, max_tokens=70)))
             if NOT_SAID.rstrip(".") not in s and check(s, items, constraints).stands]  # fmt: skip
    yield from stood or [NOT_SAID]


def full_record(item: Item) -> str:
    """Return all that a record says."""
    facts = "; ".join(f"{name}: {value}" for name, value in item.attributes.items() if value)
    parts = (item.category, item.brand, price_text(item.price, item.currency), facts,
             item.description, *item.transcripts)  # fmt: skip
    return ". ".join(part for part in parts if part)


def _one_sentence(pieces: Iterator[str]) -> str:
    """Read until the first sentence is whole; what never ends is no sentence."""
    text = ""
    for piece in pieces:
        text += piece
        if ended := _ENDED.search(text):
            return text[: ended.start() + 1].strip()
    return text.strip() if text.rstrip().endswith((".", "!", "?")) else ""
