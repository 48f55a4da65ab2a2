"""A summary that quotes: of the best matches the sentences nearest to the request, by date.

Pure but for the `likeness` of meaning that is passed in. Every sentence stands so in a record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.answering.utterances import Day, Utterance, utter
from assistant.recommending.evidence import quotations
from assistant.recommending.facts import Fact
from assistant.understanding.tokens.text import content_words
from retrieval.items import Item

_TOLD = 0.25  # cosine with the request from which a sentence belongs to a summary
_BEHIND = 0.15  # … and by how much it may lie behind the nearest


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of an item's record, and when that is from."""

    item: Item
    fact: Fact
    at: datetime | None = None
    near: float = 0.0  # cosine with the request

    @property
    def utterance(self) -> Utterance:
        """Return it as it is said."""
        text = str(self.fact.places["text"])
        if self.at is None:
            return utter("digest.undated", text=text, title=self.item.title)
        return utter("digest.quote", text=text, title=self.item.title, date=Day(self.at.date()))


def quoted_summary(
    items: Sequence[Item],
    dates: Mapping[str, datetime],
    phrase: str,
    likeness: Callable[[Sequence[str]], Sequence[float]],
    *,
    size: int,
) -> list[Quotation]:
    """Return up to `size` quotations, one an item, the earliest first.

    Without a request it is the first sentence of each of the first items.
    """
    found = [one for item in items if (one := _nearest(item, dates, phrase, likeness))]
    best = max((one.near for one in found), default=0.0)
    told = [one for one in found if one.near >= max(_TOLD, best - _BEHIND)] if phrase else found
    chosen = sorted(told or found[:1], key=lambda one: -one.near)[:size]
    return sorted(chosen, key=lambda one: one.at or datetime.min)


def _nearest(
    item: Item,
    dates: Mapping[str, datetime],
    phrase: str,
    likeness: Callable[[Sequence[str]], Sequence[float]],
) -> Quotation | None:
    """Return the sentence of a record that is nearest to the request, or the first."""
    told = quotations(item)
    if not told:
        return None
    texts = [str(fact.places["text"]) for fact in told]
    wanted = content_words(phrase)
    near = list(likeness(texts)) if phrase else [0.0] * len(texts)
    shared = [len(wanted & content_words(text)) / max(1, len(wanted)) for text in texts]
    worth = [one + other for one, other in zip(near, shared, strict=True)]
    best = worth.index(max(worth))
    return Quotation(item, told[best], dates.get(item.id), near[best])
