"""What would change without the photo, the sound, the words or the budget: by searching again.

Knows a shortlist and the vectors that it was searched with, so nothing is encoded a second time:
each part left out costs one search. Where there is nothing to leave out, none is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.evidence import Counterfactual
from assistant.shortlist import Shortlist
from retrieval.embed import QueryVectors, at_the_ends
from retrieval.index import Index
from retrieval.items import Candidate, Query
from retrieval.search import rank

_LOOKED_AT = 100  # ranks; further down no one would look


def counterfactuals(found: Shortlist, index: Index) -> dict[str, tuple[Counterfactual, ...]]:
    """Return, by id, where each shown item would stand without a part of the query.

    What is sorted by price has no such part: its order is the user's own.
    """
    if not found.candidates or found.sorted:
        return {}
    now = _ranks(found.ranked)
    told: dict[str, list[Counterfactual]] = {one.item.id: [] for one in found.candidates}
    for without, query, vectors in _left_out(found.query, found.vectors):
        ranked = rank(query, vectors, index, limit=_LOOKED_AT)
        then, first = _ranks(ranked), ranked[0].item if ranked else None
        instead = None if first is None or first.id == found.ranked[0].item.id else first
        for id_, several in told.items():
            several.append(Counterfactual(without, then.get(id_), now[id_], instead))
    return {id_: tuple(several) for id_, several in told.items()}


def _left_out(query: Query, vectors: QueryVectors) -> Iterator[tuple[str, Query, QueryVectors]]:
    """Yield each part that can be left out, and the query that remains."""
    felt = at_the_ends(vectors, query.balance)
    words, photo, sound = (x is not None for x in (felt.words, felt.photo, felt.sound))
    if photo and (words or sound or query.liked):
        yield "photo", replace(query, wishes=()), replace(felt, photo=None)
    if sound and (words or photo or query.liked):
        yield "recording", query, replace(felt, sound=None)
    if words and (photo or sound or query.liked):
        yield "words", query, replace(felt, words=None, caption=None)
    unlimited = tuple(one for one in query.constraints if one.field != "price")
    if unlimited != query.constraints:
        yield "budget", replace(query, constraints=unlimited), felt


def _ranks(candidates: Sequence[Candidate]) -> dict[str, int]:
    return {one.item.id: place for place, one in enumerate(candidates, start=1)}
