"""Search: a query in, ranked candidates out, each score the sum of its contributions.

Knows how the parts of a search fit together. Constraints give the set of allowed ids. Candidates
come from the nearest fused vectors in the store and from shared words (BM25); all of them are then
scored exactly. Liked and disliked items move the query vector, attributes read from a photo raise
the score of items that have them, and the user's long-term taste adjusts the score slightly. Items
whose code stands in the words come first.
`diverse` removes near duplicates from the result.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from itertools import takewhile

import numpy as np

from retrieval.constraints import as_it_fits
from retrieval.domain_ranking import by_domain, by_topics, folded, raised
from retrieval.embed import (
    Encoders,
    MediaEmbedder,
    QueryVectors,
    at_the_ends,
    embed_query,
    query_parts,
)
from retrieval.filter import satisfying
from retrieval.fusion.concatenation import LEAST_SPREAD, Parts, aim, taken_apart
from retrieval.fusion.mmr import likeness, spread_out
from retrieval.fusion.protocol import Weights
from retrieval.fusion.rocchio import moved, moved_scores
from retrieval.fusion.weights import learned
from retrieval.index.index import Index
from retrieval.items import Candidate, Item, Preference, Query, field_values
from retrieval.protocols import Vector
from retrieval.recommendation.attention import attention, likeness_to, taste_scores

_POOL = 100  # candidates scored from each source (vectors, BM25), at least
_ALL = 400  # where constraints allow no more items than this, all of them are scored
# What each met preference adds to the score, in standard deviations of the similarity to the photo.
# Chosen on the photos of 1,000 validation products with words that change their colour or type:
# a larger value changes nothing, half of it finds less.
PREFERENCE_WORTH = 1.5
_LEADING = 5  # without a query, candidates are searched around this many of the first likes
TASTE = 0.5  # the most that taste adds to a score, in standard deviations


def search(query: Query, index: Index, encoders: Encoders, *, limit: int) -> list[Candidate]:
    """Return the items that satisfy the query's constraints and fit it best, best first.

    Raises: PictureError or RecordingError when a photo or a recording cannot be read.
    """
    return rank(query, embed_query(query, MediaEmbedder(encoders)), index, limit=limit)


def rank(query: Query, vectors: QueryVectors, index: Index, *, limit: int) -> list[Candidate]:
    """Search with precomputed query vectors; leaving some out shows what they contribute.

    A query with only constraints returns the items that satisfy them, ordered by the user's taste
    if known, else as in the catalogue. A query with only sounds returns only items whose sound is
    more similar to it than the average. Of an item with variants, only those that satisfy the
    constraints are returned, with their price.
    """
    found = _ranked(query, vectors, index, limit=limit)
    return [replace(one, item=as_it_fits(one.item, query.constraints)) for one in found]


def _ranked(query: Query, vectors: QueryVectors, index: Index, *, limit: int) -> list[Candidate]:
    vectors = at_the_ends(vectors, query.balance)
    allowed = satisfying(index.catalogue, query.constraints)
    liked, disliked = _examples(query.liked, index), _examples(query.disliked, index)
    parts = moved(query_parts(vectors, query.balance), liked, disliked)
    if not parts:
        return _unasked(query, allowed, index, limit)
    weights = _weighed(_weights(vectors, query.balance, index, by_example=bool(liked)), index)
    shared = _shared_words(query, vectors, index)
    aims = index.fusion.aim(parts, weights)
    pool = _pool(aims, shared, allowed, index, max(limit, _POOL))
    coded = _coded(query, vectors, allowed, index)
    pool += [id_ for id_ in coded if id_ not in pool]
    found = _scored(parts, weights, shared, pool, index)
    if set(parts) == {"sound"}:
        found = [one for one in found if one.score > 0]
    if query.preferences:
        found = [
            _lifted(one, query.preferences, PREFERENCE_WORTH * weights["picture"]) for one in found
        ]
    found = by_domain(_by_taste(found, query.taste, index), query, index, alone=False)
    found = _codes_first(found, coded)
    return sorted(found, key=lambda one: -one.score)[:limit]


def diverse(
    found: Sequence[Candidate], index: Index, *, limit: int, liked: Sequence[str] = ()
) -> list[Candidate]:
    """Choose `limit` candidates without near duplicates, always the best one; best first.

    Where the domain wants it, their topics follow those of what was `liked`.
    """
    found = folded(found, index)
    stored = index.store.vectors([one.item.id for one in found])
    there = [one for one in found if one.item.id in stored]
    if len(there) <= limit:
        return list(found[:limit])
    if (topical := by_topics(there, liked, index, limit=limit)) is not None:
        return [there[place] for place in sorted(topical)]
    relevance = index.catalogue.domain.variety.relevance
    alike = likeness(np.stack([stored[one.item.id] for one in there]), index.dimensions)
    scores = [one.score for one in there]
    chosen = spread_out(scores, alike, limit=limit, relevance=relevance)
    return [there[place] for place in sorted(chosen)]


def nearest_likes(items: Sequence[Item], liked: Sequence[str], index: Index) -> dict[str, str]:
    """Return, by item id, the liked item with most attention weight; {} when nothing is liked."""
    stored = index.store.vectors([*(item.id for item in items), *liked]) if liked else {}
    likes = [id_ for id_ in liked if id_ in stored]
    if not likes:
        return {}
    there = [item.id for item in items if item.id in stored]
    most = attention(_alike(there, likes, stored, index)).argmax(axis=1)
    return {id_: likes[place] for id_, place in zip(there, most.tolist(), strict=True)}


def photo_likeness(
    query: Query, vectors: QueryVectors, items: Sequence[Item], index: Index
) -> dict[str, float]:
    """Return each item's picture similarity to the photo, in standard deviations, by id.

    If the query also has words, it is the similarity to photo and words combined. {} when the
    query has no photo or its balance ignores it.
    """
    felt = at_the_ends(vectors, query.balance)
    if felt.photo is None or not items:
        return {}
    seen: Parts = {"picture": query_parts(felt, query.balance)["picture"]}
    aimed = aim(seen, {"picture": 1.0}, index.populations, index.dimensions)
    stored = index.store.vectors([item.id for item in items])
    return {id_: float(vector @ aimed) for id_, vector in stored.items()}


def sound_likeness(vectors: QueryVectors, items: Sequence[Item], index: Index) -> dict[str, float]:
    """Return the cosine of each item's sound with the query's, by id; items without are omitted."""
    if vectors.sound is None or not items:
        return {}
    stored = index.store.vectors([item.id for item in items])
    parts = {id_: taken_apart(vector, index.dimensions) for id_, vector in stored.items()}
    return {id_: float(p["sound"] @ vectors.sound) for id_, p in parts.items() if "sound" in p}


def _unasked(query: Query, allowed: Set[str], index: Index, limit: int) -> list[Candidate]:
    """Return allowed items for a query without content, by taste or in the catalogue's order."""
    liked = query.taste
    examples = _examples(liked[:_LEADING], index)
    ids = sorted(allowed, key=index.places.__getitem__)
    if examples:
        weights = learned(index.fusion.name).both
        aims = [aimed for one in examples for aimed in index.fusion.aim(one, weights)]
        silent = np.zeros(len(index.places), dtype=np.float32)
        ids = _pool(aims, silent, allowed, index, max(limit, _POOL))
    found = [Candidate(index.catalogue.items[id_], 0.0) for id_ in ids]
    found = by_domain(_by_taste(found, liked, index), query, index)
    return sorted(found, key=lambda one: -one.score)[:limit]


def _by_taste(found: Sequence[Candidate], liked: Sequence[str], index: Index) -> list[Candidate]:
    """Add each candidate's taste contribution, standardised over the candidates and bounded."""
    stored = index.store.vectors([*(one.item.id for one in found), *liked]) if liked else {}
    likes = [id_ for id_ in liked if id_ in stored]
    there = [one for one in found if one.item.id in stored]
    if not (likes and there):
        return list(found)
    fits = taste_scores(_alike([one.item.id for one in there], likes, stored, index))
    apart = (fits - fits.mean()) / np.hypot(fits.std(), LEAST_SPREAD)
    return [
        raised(one, "taste", added)
        for one, added in zip(there, (TASTE * np.tanh(apart)).tolist(), strict=True)
    ]


def _alike(
    ids: Sequence[str], liked: Sequence[str], stored: Mapping[str, Vector], index: Index
) -> Vector:
    """Return the similarity of stored items to stored likes, (items, likes)."""
    rows, likes = (np.stack([stored[id_] for id_ in some]) for some in (ids, liked))
    return likeness_to(rows, likes, index.populations, index.dimensions)


def _coded(query: Query, vectors: QueryVectors, allowed: Set[str], index: Index) -> list[str]:
    """Return the allowed items whose code stands in the query's words."""
    named = index.catalogue.codes.named(query.words) if vectors.words is not None else []
    ids = dict.fromkeys(id_ for one in named for id_ in one.ids)
    return [id_ for id_ in ids if id_ in allowed]


def _codes_first(found: Sequence[Candidate], coded: Sequence[str]) -> list[Candidate]:
    """Add to the score of the items whose code is named, so that they come before all others."""
    named = [one.score for one in found if one.item.id in coded]
    if not named:
        return list(found)
    lift = max(one.score for one in found) - min(named) + 1.0
    return [raised(one, "code", lift) if one.item.id in coded else one for one in found]


def _lifted(candidate: Candidate, preferences: Sequence[Preference], worth: float) -> Candidate:
    """Return a candidate with `worth` added to its score for each preference it meets."""
    return raised(candidate, "seen", worth * len(met_preferences(candidate.item, preferences)))


def met_preferences(item: Item, preferences: Sequence[Preference]) -> tuple[Preference, ...]:
    """Return the preferences that an item meets, up to the first that it does not meet.

    The kind of product comes before its colour: a red mug is not similar to a red shirt.
    """
    return tuple(
        takewhile(
            lambda preference: preference.value in field_values(item, preference.field), preferences
        )
    )


def _examples(ids: Sequence[str], index: Index) -> list[Parts]:
    """Return the stored vectors, by modality, of items that the user gave as examples."""
    stored = index.store.vectors(ids) if ids else {}
    return [taken_apart(stored[id_], index.dimensions) for id_ in ids if id_ in stored]


def _shared_words(query: Query, vectors: QueryVectors, index: Index) -> Vector:
    """Return each item's BM25 score for the query's words and its examples' titles."""
    items, said = index.catalogue.items, query.words if vectors.words is not None else ""
    liked = [index.lexical.scores(items[id_].title) for id_ in query.liked if id_ in items]
    shunned = [index.lexical.scores(items[id_].title) for id_ in query.disliked if id_ in items]
    return moved_scores(index.lexical.scores(said), liked, shunned)


def _weights(vectors: QueryVectors, balance: float, index: Index, *, by_example: bool) -> Weights:
    """Return the weights of a query: for words, for a photo, or in between when it has both.

    A liked example counts as both, because it has a picture and a text.
    """
    known = learned(index.fusion.name)
    if not by_example and (vectors.words is None) != (vectors.photo is None):
        return known.photo if vectors.words is None else known.words
    return known.between(balance)


def _weighed(weights: Weights, index: Index) -> Weights:
    """Return weights as the catalogue's domain counts each modality."""
    factors = index.catalogue.domain.modalities
    return {name: part * factors.get(name, 1.0) for name, part in weights.items()}


def _pool(
    aims: Sequence[Vector], shared: Vector, allowed: Set[str], index: Index, size: int
) -> list[str]:
    """Return the ids to score: all allowed ids if few, else the nearest and those sharing words."""
    places = index.places
    if len(allowed) <= max(size, _ALL):
        return sorted(allowed, key=places.__getitem__)
    among = None if len(allowed) == len(places) else list(allowed)
    near = [id_ for aimed in aims for id_ in index.store.nearest(aimed, limit=size, among=among)]
    rows = np.fromiter((places[id_] for id_ in allowed), dtype=np.intp, count=len(allowed))
    most = rows[np.argpartition(-shared[rows], size)[:size]]
    ids = list(places)
    said = [ids[row] for row in most if shared[row] > 0]
    # While the index is being written, its store may hold ids that this catalogue does not have.
    return sorted({id_ for id_ in (*near, *said) if id_ in places}, key=places.__getitem__)


def _scored(
    parts: Parts, weights: Weights, shared: Vector, pool: Sequence[str], index: Index
) -> list[Candidate]:
    """Return candidates with exact scores, in the order of `pool`."""
    stored = index.store.vectors(pool)
    ids = [id_ for id_ in pool if id_ in stored]
    if not ids:
        return []
    words = shared[[index.places[id_] for id_ in ids]]
    rows = np.stack([stored[id_] for id_ in ids])
    added = index.fusion.contributions(parts, weights, rows, words)
    columns: dict[str, list[float]] = {name: part.tolist() for name, part in added.items()}
    found = []
    for place, id_ in enumerate(ids):
        told = {name: column[place] for name, column in columns.items()}
        found.append(Candidate(index.catalogue.items[id_], sum(told.values()), told))
    return found
