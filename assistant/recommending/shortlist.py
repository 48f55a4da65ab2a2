"""Build the query from the reading of a message, search, and choose the items to show.

Knows the state of the conversation and `retrieval`; knows no language model and no sentence. Every
item it returns satisfies all constraints of the state, without exception: near misses are only
named in a lead (`leads.py`). If no item is left, a lead says why. Items shown before come back
when the user asks for others only if there are none, and that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.recommending.by_code import asks_nothing_else, code_lead, named_first
from assistant.recommending.evidence import ALIKE
from assistant.recommending.leads import (
    Contradiction,
    Exhausted,
    Lead,
    NotCarried,
    NothingFits,
    OtherKind,
)
from assistant.recommending.ordering import by_field, wished_first
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import contradiction
from assistant.understanding.tokens.text import folded_words
from assistant.understanding.value_names import COLOUR_FIELDS
from retrieval.constraints import measured_value, satisfies_all
from retrieval.embed import MediaEmbedder, QueryVectors, at_the_ends, embed_query
from retrieval.index.index import Index
from retrieval.items import (
    Candidate,
    Catalogue,
    Constraint,
    Item,
    Preference,
    Query,
    field_values,
)
from retrieval.photo_attributes import read_photo_attributes
from retrieval.search import met_preferences, photo_likeness, rank

_AMONG = 40  # best matches from which the cheapest, or diverse items, are chosen
_AMONG_ALL = 400  # the same, if the user left open what to show
_BY_EXAMPLE = ("more like", "less like")


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Items to show, the query that was searched, and how the items differ from the request."""

    candidates: tuple[Candidate, ...]
    query: Query
    lead: Lead | None = None  # None when the items are what was asked for
    sorted: bool = False  # by a field, because the user asked for the cheapest, the newest, …
    vectors: QueryVectors = QueryVectors()  # of the query, to search again without a part of it
    ranked: tuple[Candidate, ...] = ()  # the best matches by score, more than are shown


def shortlist(
    reading: Reading,
    now: Conversation,
    index: Index,
    media: MediaEmbedder,
    vocabulary: Vocabulary,
    *,
    limit: int,
) -> Shortlist:
    """Search under the state's constraints; the lead says when no item satisfies them.

    Items that the message names by their codes come first; that there are none is said before all.
    """
    found = _under_constraints(reading, now, index, media, vocabulary, limit=limit)
    if asks_nothing_else(reading) and not found.query.photos:
        found = replace(found, candidates=())
    standing, shown = now.state.constraints, bool(found.candidates)
    lead = code_lead(reading, standing, index.catalogue, shown=shown)
    if lead is None or isinstance(found.lead, Contradiction):
        return found
    return replace(found, lead=lead)


def _under_constraints(
    reading: Reading,
    now: Conversation,
    index: Index,
    media: MediaEmbedder,
    vocabulary: Vocabulary,
    *,
    limit: int,
) -> Shortlist:
    standing = now.state.constraints
    query, lead = _query(reading, now, index.catalogue, vocabulary)
    if pair := contradiction(standing):
        return Shortlist((), query, Contradiction(*pair))
    vectors = embed_query(query, media)
    preferences = _preferences(query, vectors, index, vocabulary)
    if reading.intent == "refine" and not any(
        preference.field in vocabulary.kinds for preference in preferences
    ):
        preferences = (*_as_first(query, now, vectors, index, vocabulary), *preferences)
    query = replace(query, preferences=preferences)
    among = max(_among(reading, query, index.catalogue), limit)
    ranked = wished_first(tuple(rank(query, vectors, index, limit=among)), now.state.preferences)
    if reading.intent == "refine":
        ranked = _of_seen_kind(ranked, query.preferences, vocabulary)
    candidates = (
        by_field(ranked, reading, vocabulary)
        if reading.order
        else named_first(ranked, index, limit=limit, liked=now.taste if reading.open else ())
    )
    if candidates:
        shown, by_price = tuple(candidates[:limit]), bool(reading.order)
        if reading.missing:
            kinds = vocabulary.kinds if reading.missing_kind else ()
            others = _other_kinds(shown, standing, kinds)
            mentioned = not vocabulary.known.isdisjoint(folded_words(reading.missing))
            lead = NotCarried(reading.missing, others, mentioned)
        lead = lead or _seen_elsewhere(query, shown, vocabulary)
        return Shortlist(shown, query, lead, by_price, vectors, ranked)
    if query.sounds and _count(index.catalogue, standing):
        return Shortlist((), query, Exhausted.NO_SOUND_ALIKE)
    tight, brings = tightest(standing, index.catalogue, vocabulary.kinds)
    nearest = _near_misses(query, tight, vectors, index) if tight else ()
    return Shortlist((), query, NothingFits(tight, nearest, brings))


def _preferences(
    query: Query, vectors: QueryVectors, index: Index, vocabulary: Vocabulary
) -> tuple[Preference, ...]:
    """Return the kind and colour seen in the photo, unless the user has stated them.

    A colour alone is no preference: without a kind, it would favour any item of that colour.
    """
    photo = at_the_ends(vectors, query.balance).photo
    if photo is None:
        return ()
    said = {one.field for one in query.constraints}
    named = said & set(vocabulary.kinds)
    colours = [name for name in vocabulary.facets if name in COLOUR_FIELDS and name not in said]
    preferences = read_photo_attributes(
        photo, (*(() if named else vocabulary.kinds[:1]), *colours), index
    )
    return (
        preferences
        if named or any(preference.field in vocabulary.kinds for preference in preferences)
        else ()
    )


def _as_first(
    query: Query, now: Conversation, vectors: QueryVectors, index: Index, vocabulary: Vocabulary
) -> tuple[Preference, ...]:
    """Return the kind of the first shown item, if its picture is very similar to the photo.

    A kind with only three items cannot win the vote of the nine nearest pictures; a user who
    refines the search most likely means the first item.
    """
    kinds = vocabulary.kinds
    if not kinds or any(one.field in kinds for one in query.constraints):
        return ()
    alike = photo_likeness(query, vectors, now.shown[:1], index)
    near = [item for item in now.shown[:1] if alike.get(item.id, 0.0) > ALIKE]
    return tuple(
        Preference(kinds[0], v, 1.0) for item in near for v in field_values(item, kinds[0])[:1]
    )


def _of_seen_kind(
    ranked: Sequence[Candidate], preferences: Sequence[Preference], vocabulary: Vocabulary
) -> tuple[Candidate, ...]:
    """Return the candidates of the kind seen in the photo, or all if there is none of it."""
    kinds = [preference for preference in preferences if preference.field in vocabulary.kinds]
    return tuple(one for one in ranked if met_preferences(one.item, kinds)) or tuple(ranked)


def _seen_elsewhere(
    query: Query, shown: Sequence[Candidate], vocabulary: Vocabulary
) -> OtherKind | None:
    """Return a lead if the photo shows a kind of thing that none of the shown items is."""
    kinds = [preference for preference in query.preferences if preference.field in vocabulary.kinds]
    if not kinds or any(met_preferences(one.item, kinds) for one in shown):
        return None
    return OtherKind(kinds[0].value)


def _near_misses(
    query: Query, tight: Constraint, vectors: QueryVectors, index: Index
) -> tuple[Item, ...]:
    """Search without the tightest constraint; sort by distance to its limit, then by score."""
    others = tuple(one for one in query.constraints if one != tight)
    found = [c.item for c in rank(replace(query, constraints=others), vectors, index, limit=_AMONG)]
    limit = tight.value
    if isinstance(limit, float | int):
        found.sort(key=lambda item: abs((measured_value(item, tight) or 0.0) - limit))
    return tuple(found)


def _other_kinds(
    shown: Sequence[Candidate], standing: Sequence[Constraint], kinds: Sequence[str]
) -> tuple[str, ...]:
    """Return the kinds of the shown items, () if a constraint sets the kind."""
    if not kinds or any(one.field in kinds for one in standing):
        return ()
    return tuple(dict.fromkeys(v for c in shown for v in field_values(c.item, kinds[0])))


def tightest(
    constraints: Sequence[Constraint], catalogue: Catalogue, kinds: Sequence[str]
) -> tuple[Constraint | None, int]:
    """Return the constraint whose removal would give most items, and how many.

    The kind of thing is chosen only if removing no other constraint helps: it is what the user
    wants.
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
) -> tuple[Query, Lead | None]:
    """Build the query, with a lead if it had to go beyond the kind of the examples, or to repeat.

    "Leather, nothing else" asks for no others: with a new condition, all that fits counts.
    """
    standing: tuple[Constraint, ...] = now.state.constraints
    lead: Lead | None = None
    unseen, alike = _not_again(reading, now), _of_their_kind(now.liked, catalogue, vocabulary)
    if unseen and not _count(catalogue, (*standing, *unseen)):
        unseen, lead = (), None if reading.changes else Exhausted.ALL_SEEN
    if alike and _count(catalogue, (*standing, *alike, *unseen)):
        standing = (*standing, *alike)
    elif alike and unseen and _count(catalogue, (*standing, *alike)) > len(now.liked):
        lead = Exhausted.KIND_SEEN
    standing = (*standing, *unseen)
    query = Query(now.phrase, now.photos, standing, now.balance, now.liked, now.disliked)
    return replace(query, sounds=now.sounds, taste=now.taste, me=now.me), lead


def by_example(now: Conversation, reading: Reading) -> Conversation:
    """Store the items that the user names as good or bad examples, until a new search.

    New good examples replace the earlier good ones, and new bad ones the earlier bad ones; a
    refinement adds none.
    """
    if reading.intent not in _BY_EXAMPLE:
        return now
    unlike = tuple(item.id for item in reading.unlike) or now.disliked
    liked = tuple(item.id for item in reading.meant) or now.liked
    if reading.unlike:
        liked = tuple(id_ for id_ in liked if id_ not in unlike)
    return replace(now, liked=liked, disliked=tuple(id_ for id_ in unlike if id_ not in liked))


def _not_again(reading: Reading, now: Conversation) -> tuple[Constraint, ...]:
    """Return the constraint that excludes items: all that were shown, if the user asks for others.

    "The second one, but in red" may return a red one that was shown before. If the user leaves open
    what to show, items that the user already likes are excluded too.
    """
    by_example = reading.intent in _BY_EXAMPLE
    left_out = {*now.liked, *now.disliked} if by_example else set[str]()
    if reading.others or (by_example and not reading.changes):
        left_out |= now.seen
    if reading.open or (reading.others and not (now.phrase or now.photos)):
        left_out |= set(now.taste)
    return (Constraint("id", "not in", tuple(sorted(left_out))),) if left_out else ()


def _of_their_kind(
    liked: Sequence[str], catalogue: Catalogue, vocabulary: Vocabulary
) -> tuple[Constraint, ...]:
    """Return the constraint that results are of the same kind as the good examples."""
    kind = next(iter(vocabulary.kinds), "")
    items = [catalogue.items[id_] for id_ in liked if id_ in catalogue.items]
    values = tuple(dict.fromkeys(v for item in items for v in field_values(item, kind)))
    return (Constraint(kind, "in", values),) if values else ()


def _among(reading: Reading, query: Query, catalogue: Catalogue) -> int:
    """Return how many of the best matches are looked at."""
    if reading.order and query.constraints:  # the cheapest of all that fit
        return len(catalogue.items)
    return _AMONG_ALL if reading.open and not query.taste else _AMONG
