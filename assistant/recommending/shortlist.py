"""From what was understood to the items to show: the query, the search, and honest empties.

Knows the state of the conversation and `retrieval`; knows no language model and no sentence. What
it returns satisfies every constraint of the state, without exception: near misses are named in a
lead, never on screen. What was shown before does not come back when the user asks for other things.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.recommending.evidence import ALIKE
from assistant.recommending.leads import (
    Contradiction,
    Exhausted,
    Lead,
    NotCarried,
    NothingFits,
    OtherKind,
)
from assistant.understanding.catalogue_values import COLOUR_FIELDS, Vocabulary
from assistant.understanding.dialogue_state import contradiction
from assistant.understanding.read import Conversation, Reading
from assistant.understanding.text import folded_words
from retrieval.constraints import number, satisfies_all
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
from retrieval.search import diverse, met_preferences, photo_likeness, rank

_AMONG = 40  # "the cheapest", and what is not alike, are chosen among this many best matches
_AMONG_ALL = 400  # what is not alike, where nothing at all is asked
_BY_EXAMPLE = ("more like", "less like")


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Items to show, what was really searched for, and what has to be said about it."""

    candidates: tuple[Candidate, ...]
    query: Query
    lead: Lead | None = None  # None when it is what was asked for
    sorted: bool = False  # by price, because the user asked for the cheapest or the dearest
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
    """Search under the state; say plainly when nothing satisfies it."""
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
    among = _AMONG_ALL if reading.open and not query.taste else _AMONG
    ranked = tuple(rank(query, vectors, index, limit=max(among, limit)))
    if reading.intent == "refine":
        ranked = _of_seen_kind(ranked, query.preferences, vocabulary)
    candidates = (
        _extremes(ranked, reading) if reading.order else diverse(ranked, index, limit=limit)
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
    if query.constraints != standing and _count(index.catalogue, standing):
        return Shortlist((), query, Exhausted.ALL_SEEN)
    if query.sounds and _count(index.catalogue, standing):
        return Shortlist((), query, Exhausted.NO_SOUND_ALIKE)
    tight, brings = tightest(standing, index.catalogue, vocabulary.kinds)
    nearest = _near_misses(query, tight, vectors, index) if tight else ()
    return Shortlist((), query, NothingFits(tight, nearest, brings))


def _preferences(
    query: Query, vectors: QueryVectors, index: Index, vocabulary: Vocabulary
) -> tuple[Preference, ...]:
    """Return the kind and colour that the photo shows, unless the user has said what they are.

    A colour alone is no preference: of an unknown thing it would bring anything of that colour.
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
    """Return the kind of the first item on screen, where the photo is much like it.

    Of a kind with three items no nine neighbours agree; who refines what stands first means it.
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
    """Keep to the kind that the photo shows while a search is refined, if any of it is left."""
    kinds = [preference for preference in preferences if preference.field in vocabulary.kinds]
    return tuple(one for one in ranked if met_preferences(one.item, kinds)) or tuple(ranked)


def _seen_elsewhere(
    query: Query, shown: Sequence[Candidate], vocabulary: Vocabulary
) -> OtherKind | None:
    """Tell when the photo shows a kind of thing that none of the shown items is."""
    kinds = [preference for preference in query.preferences if preference.field in vocabulary.kinds]
    if not kinds or any(met_preferences(one.item, kinds) for one in shown):
        return None
    return OtherKind(kinds[0].value)


def _near_misses(
    query: Query, tight: Constraint, vectors: QueryVectors, index: Index
) -> tuple[Item, ...]:
    """Search again without the tightest constraint: what breaks it least, then what fits best."""
    others = tuple(one for one in query.constraints if one != tight)
    found = [c.item for c in rank(replace(query, constraints=others), vectors, index, limit=_AMONG)]
    limit = tight.value
    if isinstance(limit, float | int):
        found.sort(key=lambda item: abs((number(item, tight.field) or 0.0) - limit))
    return tuple(found)


def _other_kinds(
    shown: Sequence[Candidate], standing: Sequence[Constraint], kinds: Sequence[str]
) -> tuple[str, ...]:
    """Return the kinds of what is shown, () when the user named one and it was kept."""
    if not kinds or any(one.field in kinds for one in standing):
        return ()
    return tuple(dict.fromkeys(v for c in shown for v in field_values(c.item, kinds[0])))


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
) -> tuple[Query, Lead | None]:
    """Turn what was understood into a query, and say where it had to look further."""
    standing: tuple[Constraint, ...] = now.state.constraints
    lead: Lead | None = None
    unseen, alike = _not_again(reading, now), _of_their_kind(now.liked, catalogue, vocabulary)
    if alike and _count(catalogue, (*standing, *alike, *unseen)):
        standing = (*standing, *alike)
    elif alike and unseen and _count(catalogue, (*standing, *alike)) > len(now.liked):
        lead = Exhausted.KIND_SEEN
    standing = (*standing, *unseen)
    query = Query(now.phrase, now.photos, standing, now.balance, now.liked, now.disliked)
    return replace(query, sounds=now.sounds, taste=now.taste), lead


def by_example(now: Conversation, reading: Reading) -> Conversation:
    """Keep which items the user points at as good or bad examples, until something else is sought.

    A later example of one sort replaces the earlier ones of that sort; a refinement brings none.
    """
    if reading.intent not in _BY_EXAMPLE:
        return now
    unlike = tuple(item.id for item in reading.unlike) or now.disliked
    liked = tuple(item.id for item in reading.meant) or now.liked
    if reading.unlike:
        liked = tuple(id_ for id_ in liked if id_ not in unlike)
    return replace(now, liked=liked, disliked=tuple(id_ for id_ in unlike if id_ not in liked))


def _not_again(reading: Reading, now: Conversation) -> tuple[Constraint, ...]:
    """Return the constraint on what must not come back: all seen, when others are asked for.

    "The second one, but in red" may bring back a red one that was on screen already. Where it is
    left to Magpie what to show, what the user is known to like is no news.
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
    """Return the constraint that results are of the same kind as what is liked."""
    kind = next(iter(vocabulary.kinds), "")
    items = [catalogue.items[id_] for id_ in liked if id_ in catalogue.items]
    values = tuple(dict.fromkeys(v for item in items for v in field_values(item, kind)))
    return (Constraint(kind, "in", values),) if values else ()


def _extremes(candidates: Sequence[Candidate], reading: Reading) -> Sequence[Candidate]:
    if not reading.order:
        return candidates
    priced = [c for c in candidates if c.item.price is not None]
    sign = 1 if reading.order == "cheapest" else -1
    return sorted(priced, key=lambda c: sign * (c.item.price or 0.0))
