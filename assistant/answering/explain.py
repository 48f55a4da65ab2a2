"""Write why the best items fit, from their records alone; check every sentence before it is shown.

Knows candidates, the language model and the prompts. Names and prices are rendered here from the
record; the model only continues the sentence. What nothing supports is cut off where a clause
ends before it, or else replaced by a reason that is true by construction.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.answering.claims import COLOUR_WORDS, Claim, Support, check
from assistant.answering.comparisons import Among
from assistant.model.prompt import as_data, load_prompt
from assistant.model.protocol import LanguageModel, Message
from assistant.recommending.evidence import price_text
from assistant.understanding.tokens.text import sentences
from retrieval.items import Candidate, Constraint, Item

_LONGEST = 42  # tokens of one sentence
_TOLD = 280  # characters of a description that the model reads, and of a recording
_ENDED = re.compile(r"[.!?]\s")
_CLAUSE_ENDS = re.compile(r"\s*(?:[,;:(]|\b(?:and|but|which|making|because|as|so|while|with)\b)")
_DANGLING = re.compile(
    r"\b(?:(?:a|an|the|of|to|for|in|on|is|are|has|have|and|or|that|too|as|with)"
    r"|an?(?: [\w-]+,)* [\w-]+)$",
    re.I,
)
_UNENDED = re.compile(rf"\b(?:a|an) (?:[\w-]+ )?(?:{'|'.join(sorted(COLOUR_WORDS))})$", re.I)
_SHORTEST = 3  # words of a sentence's rest
_UNSPOKEN = frozenset(["kind", "type", "stock"])  # the title tells the kind, a card the stock
NOT_SAID = "The record does not say."


def explain(
    request: str,
    candidates: Sequence[Candidate],
    reasons: Mapping[str, Sequence[str]],
    constraints: Sequence[Constraint],
    model: LanguageModel,
    among: Among | None = None,
) -> Iterator[Claim]:
    """Yield a claim that stands for each candidate, after those of the model that do not.

    The model reads the record and no likes; a like that moved the item is added by code.

    Raises:
        LanguageModelError: the model failed; what was yielded stands.
    """
    prompt = load_prompt("explain", expects=frozenset({"request", "record"}))
    for candidate in candidates:
        item = candidate.item
        name = _named(item)
        chat = (
            *prompt.fill(request=request[:300], record=_told(item)),
            Message("assistant", as_data(f"The {name}")),
        )
        written = _one_sentence(model.stream(chat, max_tokens=_LONGEST))
        claim = standing(written, item, constraints, among)
        if claim.stands:
            support = (*_naming(item), *claim.support)
            yield replace(claim, sentence=f"The {name} {claim.sentence}", support=support)
            yield from _owed_to_likes(item, among)
        else:
            yield claim
            yield plain_claim(item, reasons.get(item.id, ()))


def standing(
    written: str, item: Item, constraints: Sequence[Constraint], among: Among | None = None
) -> Claim:
    """Return what can be shown of the rest of a sentence about an item: all, a part, or nothing."""
    claim = _judged(written, item, constraints, among)
    while claim.unsupported and (ends := _clause_ends(written, claim.unsupported)):
        written = f"{written[: ends[-1]].rstrip(' ,;:(')}."
        if len(written.split()) < _SHORTEST or _broken_off(written[:-1]):
            continue
        shorter = _judged(written, item, constraints, among)
        if shorter.stands:
            return shorter
    return claim


def _broken_off(written: str) -> bool:
    """Tell whether a sentence ends within a phrase: "has a", "has a deep", "has a navy blue"."""
    return bool(_DANGLING.search(written) or _UNENDED.search(written))


def _owed_to_likes(item: Item, among: Among | None) -> Iterator[Claim]:
    """Say which like an item owes its place to, if one of them moved it."""
    for title in among.liked.get(item.id, ()) if among is not None else ():
        said = f"It ranks higher because you liked {title}."
        yield Claim(said, (item.id,), (), (Support(f"because you liked {title}", "likes"),))


def _judged(
    written: str, item: Item, constraints: Sequence[Constraint], among: Among | None
) -> Claim:
    claim = check(written, (item,), constraints, among)
    if claim.stands and not claim.support:
        return replace(claim, unsupported=("it says nothing",))
    if claim.stands and (raw := _raw_fact(written, item)):
        return replace(claim, unsupported=(raw,))
    return claim


def _raw_fact(written: str, item: Item) -> str:
    """Return a fact that is copied as a table has it ("pattern plain"), "" where there is none."""
    facts = [(name, value) for name, value in item.attributes.items() if name != "size" and value]
    raw = [rf"\b{re.escape(name)}:? {re.escape(value)}\b" for name, value in facts]
    found = re.search("|".join([*raw, r"\ban? kind (?!of\b)"]), written, re.I)
    return found.group() if found else ""


def _clause_ends(written: str, unsupported: Sequence[str]) -> list[int]:
    """Return where clauses end before the first word that nothing supports."""
    places = [written.lower().find(word.split()[0].lower()) for word in unsupported]
    first = min((place for place in places if place > 0), default=len(written) - 1)
    return [m.start() for m in _CLAUSE_ENDS.finditer(written, 0, first) if m.start() > 0]


def _named(item: Item) -> str:
    price = price_text(item.price, item.currency)
    return f"{item.title} ({price})" if price else item.title


def _naming(item: Item) -> tuple[Support, ...]:
    price = price_text(item.price, item.currency)
    return (Support(item.title, "title"), *((Support(price, "price"),) if price else ()))


def _told(item: Item) -> str:
    """Return what the model reads of a record, short because prompts are the cost of a turn."""
    facts = [
        f"{name}: {value}"
        for name, value in item.attributes.items()
        if value and name not in _UNSPOKEN and value != "plain"
    ]
    price, said = price_text(item.price, item.currency), " ".join(item.transcripts)
    parts = (item.title, price, *facts, item.description[:_TOLD], said[:_TOLD])
    return "; ".join(part for part in parts if part)


def plain_claim(item: Item, reasons: Sequence[str]) -> Claim:
    """Say why an item is here without the language model, with what supports it."""
    support = [Support(reason, _where(reason)) for reason in reasons[:3]]
    return Claim(plain_sentence(item, reasons), (item.id,), (), (*_naming(item), *support))


def _where(reason: str) -> str:
    """Name what a reason of `evidence.reasons` was computed from."""
    if reason.startswith("the record says"):
        return "description"
    if reason.startswith("because you liked"):
        return "likes"
    if reason.startswith("its recording says"):
        return "transcript"
    if "your" in reason and reason[-1].isdigit():
        return "price and limit"
    field = re.match(r"([\w ]+): ", reason)
    return f"attribute {field[1]}" if field else "search"


def plain_sentence(item: Item, reasons: Sequence[str]) -> str:
    """Say why an item is here without the language model."""
    price = price_text(item.price, item.currency)
    name = f"{item.title} ({price})" if price else item.title
    return f"{name}: {'; '.join(reasons[:3])}." if reasons else f"{name}."


def answer_question(
    question: str,
    items: Sequence[Item],
    constraints: Sequence[Constraint],
    model: LanguageModel,
    among: Among | None = None,
) -> Iterator[Claim]:
    """Yield the sentences that answer a question about items; those that stand are the answer.

    Raises:
        LanguageModelError: the model failed; what was yielded stands.
    """
    prompt = load_prompt("answer", expects=frozenset({"question", "records"}))
    items = items[:2]
    records = " | ".join(f"{item.title}: {full_record(item)}" for item in items)
    chat = prompt.fill(question=question[:300], records=records)
    answered = False
    for sentence in sentences("".join(model.stream(chat, max_tokens=70))):
        if NOT_SAID.rstrip(".") not in sentence:
            claim = check(sentence, items, constraints, among)
            answered = answered or claim.stands
            yield claim
    if not answered:
        yield Claim(NOT_SAID, tuple(item.id for item in items), (), (Support(NOT_SAID, "record"),))


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
