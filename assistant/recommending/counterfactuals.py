"""How the ranking would change without the photo, the sound, the words, the budget or a like.

Knows a shortlist and its query vectors, so nothing is encoded a second time: each part left out
costs one search. If no part can be left out, there is no search. Knows no sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.recommending.evidence import Counterfactual
from assistant.recommending.shortlist import Shortlist
from retrieval.embed import QueryVectors, at_the_ends
from retrieval.index.index import Index
from retrieval.items import Candidate, Query
from retrieval.search import nearest_likes, rank

_LOOKED_AT = 100  # ranks; items further down count as not found


def counterfactuals(found: Shortlist, index: Index) -> dict[str, tuple[Counterfactual, ...]]:
    """Return, by item id, the rank of each shown item without each part of the query.

    Results sorted by price have none, because the user chose that order.
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
    for id_, one in _without_likes(found, index, now):
        told[id_].append(one)
    return {id_: tuple(several) for id_, several in told.items()}


def _without_likes(
    found: Shortlist, index: Index, now: Mapping[str, int]
) -> Iterator[tuple[str, Counterfactual]]:
    """Yield each item's rank without the liked item that has most attention weight for it.

    A shown item that is that liked item itself is skipped.
    """
    items, taste = [one.item for one in found.candidates], found.query.taste
    listened = nearest_likes(items, taste, index)
    for like in dict.fromkeys(listened.values()):
        fewer = replace(found.query, taste=tuple(one for one in taste if one != like))
        then = _ranks(rank(fewer, found.vectors, index, limit=_LOOKED_AT))
        liked = index.catalogue.items[like]
        for id_ in (id_ for id_, most in listened.items() if most == like != id_):
            yield id_, Counterfactual("like", then.get(id_), now[id_], liked=liked)


def _left_out(query: Query, vectors: QueryVectors) -> Iterator[tuple[str, Query, QueryVectors]]:
    """Yield each part that can be left out, and the query that remains."""
    felt = at_the_ends(vectors, query.balance)
    words, photo, sound = (x is not None for x in (felt.words, felt.photo, felt.sound))
    if photo and (words or sound or query.liked):
        yield "photo", replace(query, preferences=()), replace(felt, photo=None)
    if sound and (words or photo or query.liked):
        yield "recording", query, replace(felt, sound=None)
    if words and (photo or sound or query.liked):
        yield "words", query, replace(felt, words=None, caption=None)
    unlimited = tuple(one for one in query.constraints if one.field != "price")
    if unlimited != query.constraints:
        yield "budget", replace(query, constraints=unlimited), felt


def _ranks(candidates: Sequence[Candidate]) -> dict[str, int]:
    return {one.item.id: place for place, one in enumerate(candidates, start=1)}
