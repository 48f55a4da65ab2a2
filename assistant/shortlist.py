"""From what was understood to the items to show: the query, the search, and honest empties.

Knows the ledger, the conversation and `retrieval`; knows no language model. What it returns
satisfies every constraint of the ledger, without exception: near misses are put into words, never
on screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.ledger import Ask
from assistant.plain import contradicts, not_carried, nothing_fits
from assistant.understand import Conversation, Reading
from assistant.vocabulary import Vocabulary, words
from retrieval.constraints import satisfies_all
from retrieval.embed import Encoders
from retrieval.index import Index
from retrieval.items import Candidate, Catalogue, Constraint, Item, Query, field_values
from retrieval.search import search

_EXTREMES = 40  # "the cheapest" is chosen among this many best matches


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Items to show, what was really searched for, and what has to be said about it."""

    candidates: tuple[Candidate, ...]
    query: Query
    lead: str = ""  # why this is not quite what was asked for, "" when it is
    sorted: bool = False  # by price, because the user asked for the cheapest or the dearest


def shortlist(
    reading: Reading,
    now: Conversation,
    index: Index,
    encoders: Encoders,
    vocabulary: Vocabulary,
    *,
    limit: int,
) -> Shortlist:
    """Search under the ledger; say plainly when nothing satisfies it."""
    standing = now.ledger.constraints
    query = _query(reading, now, index.catalogue, vocabulary)
    currency = index.catalogue.currency
    if question := contradicts(standing, currency):
        return Shortlist((), query, question)
    found = search(query, index, encoders, limit=_EXTREMES if reading.order else limit)
    candidates = _extremes(found, reading)[:limit]
    if candidates:
        lead = not_carried(reading.missing, nearest=True) if reading.missing else ""
        return Shortlist(tuple(candidates), query, lead, sorted=bool(reading.order))
    if reading.others and any(satisfies_all(i, standing) for i in index.catalogue.items.values()):
        return Shortlist((), query, "You have seen everything that fits. Shall I loosen something?")
    return Shortlist(
        (), query, nothing_fits(*tightest(standing, index.catalogue, vocabulary.kinds), currency)
    )


def tightest(
    constraints: Sequence[Constraint], catalogue: Catalogue, kinds: Sequence[str]
) -> tuple[Constraint | None, int]:
    """Return the constraint whose removal would bring most items, and how many.

    The kind of thing is what the user wants; it is given up only when nothing else helps.
    """
    brings = {
        one: _count(catalogue, [other for other in constraints if other is not one])
        for one in constraints
    }
    helpful = [one for one in constraints if brings[one]]
    if not helpful:
        return None, 0
    best = max(helpful, key=lambda one: (one.field not in kinds, brings[one]))
    return best, brings[best]


def _count(catalogue: Catalogue, constraints: Sequence[Constraint]) -> int:
    return sum(satisfies_all(item, constraints) for item in catalogue.items.values())


def _query(
    reading: Reading, now: Conversation, catalogue: Catalogue, vocabulary: Vocabulary
) -> Query:
    """Turn what was understood into a query."""
    standing = now.ledger.constraints
    if reading.intent == "more like" and reading.meant:
        return _like(reading.meant[0], reading, standing, catalogue, vocabulary)
    if reading.others and now.seen:
        standing = (*standing, Constraint("id", "not in", tuple(sorted(now.seen))))
    return Query(now.phrase, now.photos, standing)


def _like(
    anchor: Item,
    reading: Reading,
    standing: tuple[Constraint, ...],
    catalogue: Catalogue,
    vocabulary: Vocabulary,
) -> Query:
    """Search for things like a shown item, of its kind, with what the user changed."""
    changed = [change.constraint for change in reading.changes if isinstance(change, Ask)]
    replaced = {w for c in changed for value in field_values(anchor, c.field) for w in words(value)}
    kept = [word for word in anchor.title.split() if not set(words(word)) & replaced]
    asked = [c.said for c in changed if c.op in ("=", "in")]
    standing = (*standing, Constraint("id", "!=", anchor.id))
    if vocabulary.kinds and (kind := field_values(anchor, vocabulary.kinds[0])):
        alike = (*standing, Constraint(vocabulary.kinds[0], "in", kind))
        if any(satisfies_all(item, alike) for item in catalogue.items.values()):
            standing = alike
    photos = tuple(picture for picture in anchor.pictures[:1] if isinstance(picture, Path))
    return Query(" ".join([*kept, *asked]), photos, standing)


def _extremes(candidates: Sequence[Candidate], reading: Reading) -> Sequence[Candidate]:
    if not reading.order:
        return candidates
    priced = [c for c in candidates if c.item.price is not None]
    sign = 1 if reading.order == "cheapest" else -1
    return sorted(priced, key=lambda c: sign * (c.item.price or 0.0))
