"""What a catalogue's domain adds to a ranking: age, links, folded stories, calibrated topics.

Knows an open index and its domain's numbers; knows no name of a domain. In a shop all of it is
nothing: no score changes, no item is folded.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.fusion.calibration import calibrated, topic_shares
from retrieval.fusion.concatenation import places
from retrieval.index.index import Index
from retrieval.items import Candidate, Catalogue, Item, Query, field_values
from retrieval.recommendation.graph import unit_spread
from retrieval.recommendation.recency import days_between, freshness


def raised(candidate: Candidate, name: str, added: float) -> Candidate:
    """Return a candidate with one more contribution to its score."""
    parts = {**candidate.contributions, name: added}
    return replace(candidate, score=candidate.score + added, contributions=parts)


def by_domain(
    found: Sequence[Candidate], query: Query, index: Index, *, alone: bool = True
) -> list[Candidate]:
    """Add what the domain counts beside content: links with the known, what is common, age.

    `alone` tells that the query has no content, so that all of it counts.
    """
    share = 1.0 if alone else index.catalogue.domain.ties.beside
    near = with_ties(with_shared(found, query.me, index, share), query.taste, index, share)
    return with_recency(near, index, alone=alone)


def with_recency(
    found: Sequence[Candidate], index: Index, *, alone: bool = True
) -> list[Candidate]:
    """Add what each candidate is worth for being new; `alone`: nothing else was asked."""
    told, dates = index.catalogue.domain.recency, index.catalogue.dates
    if not (told.worth and dates):
        return list(found)
    newest, worth = max(dates.values()), told.worth * (1.0 if alone else told.beside)
    return [
        raised(one, "recent", worth * freshness(dates[one.item.id], newest, told.half_life))
        if one.item.id in dates
        else one
        for one in found
    ]


def with_ties(
    found: Sequence[Candidate], known: Sequence[str], index: Index, share: float = 1.0
) -> list[Candidate]:
    """Add how near each candidate is, in the links, to those that the user knows; bounded."""
    worth, graph = share * index.catalogue.domain.ties.worth, index.graph
    if not (worth and known and found and graph.links):
        return list(found)
    near = np.tanh(graph.ties([one.item.id for one in found], known)).tolist()
    return [raised(one, "ties", worth * part) for one, part in zip(found, near, strict=True)]


def with_shared(
    found: Sequence[Candidate], me: str, index: Index, share: float = 1.0
) -> list[Candidate]:
    """Add what each candidate has in common with the user's own record; bounded."""
    ties, items = index.catalogue.domain.ties, index.catalogue.items
    if not (ties.shared_worth and me in items and found):
        return list(found)
    overlap = common_values(items[me], [one.item for one in found], index.catalogue)
    near = np.tanh(unit_spread(np.array(overlap, dtype=np.float32))).tolist()
    worth = share * ties.shared_worth
    return [raised(one, "both", worth * part) for one, part in zip(found, near, strict=True)]


def common_values(me: Item, others: Sequence[Item], catalogue: Catalogue) -> list[float]:
    """Return what each record has in common with one: the log of how rare each value is, summed."""
    names = catalogue.domain.fields_of(catalogue.domain.ties.shared, me.attributes)
    total = max(1, len(catalogue.items))
    worth = {
        (name, value): math.log(total / len(catalogue.values[name][value]))
        for name in names
        for value in field_values(me, name)
    }
    return [
        sum(worth.get((n, v), 0.0) for n in names for v in field_values(one, n)) for one in others
    ]


def folded(found: Sequence[Candidate], index: Index) -> list[Candidate]:
    """Fold candidates that tell the same story into the first of them, which names the others."""
    variety, dates = index.catalogue.domain.variety, index.catalogue.dates
    if not variety.fold or len(found) < 2:
        return list(found)
    block, flag = places(index.dimensions)["text"]
    stored = index.store.vectors([one.item.id for one in found])
    kept: list[Candidate] = []
    for one in found:
        mine, at = stored.get(one.item.id), dates.get(one.item.id)
        for place, first in enumerate(kept):
            other, when = stored.get(first.item.id), dates.get(first.item.id)
            if mine is None or other is None or not (mine[flag] and other[flag]):
                continue
            near = float(mine[block] @ other[block]) >= variety.fold
            if near and (not (at and when) or days_between(at, when) <= variety.fold_days):
                kept[place] = replace(first, also=(*first.also, one.item.id))
                break
        else:
            kept.append(one)
    return kept


def by_topics(
    found: Sequence[Candidate], liked: Sequence[str], index: Index, *, limit: int
) -> list[int] | None:
    """Return which candidates give a screen the topics of what was liked; None where none does."""
    variety, items = index.catalogue.domain.variety, index.catalogue.items
    names = {name for one in found for name in one.item.attributes}
    field = index.catalogue.domain.field_of(variety.topics, names) if variety.topics else ""
    wanted = topic_shares(
        field_values(items[id_], field) for id_ in liked if field and id_ in items
    )
    if not (variety.calibration and wanted):
        return None
    topics = [field_values(one.item, field) for one in found]
    scores = [one.score for one in found]
    return calibrated(scores, topics, wanted, limit=limit, weight=variety.calibration)
