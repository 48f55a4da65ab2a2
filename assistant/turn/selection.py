"""The reading of a message → items with reasons, and how parts of the query change the ranking.

Knows the shortlist, the user's taste and the evidence; knows no language model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.remarks import (
    left_open,
    left_out,
    only_wished,
    read_in_currency,
    sorted_apart,
)
from assistant.answering.utterances import Utterance
from assistant.memory.profile import Opinion, disliked_items, latest_likes, without_disliked
from assistant.recommending.acquaintance import common_facts
from assistant.recommending.counterfactuals import counterfactuals
from assistant.recommending.doubt import not_understood
from assistant.recommending.evidence import (
    Counterfactual,
    Likenesses,
    first_without_budget,
    reasons,
    what_would_change,
)
from assistant.recommending.facts import Fact
from assistant.recommending.leads import ByTaste, NotUnderstood
from assistant.recommending.shortlist import Shortlist, shortlist
from assistant.turn.input import Received
from assistant.turn.state import Shop, StepResult
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import Prefer
from assistant.understanding.money import money_doubts
from retrieval.items import Candidate, Catalogue, Item, Preference
from retrieval.search import photo_likeness, sound_likeness

_UNREAD = 6  # words that are shown as such


@dataclass(frozen=True, kw_only=True)
class Selection(StepResult):
    """Items to show, with the reasons for each."""

    shortlist: Shortlist
    reasons: Mapping[str, tuple[Fact, ...]]  # item id → why it is here
    without: Mapping[str, tuple[Counterfactual, ...]] = field(default_factory=dict)  # by item id
    unread: tuple[str, ...] = ()  # words that no field says: they only order
    remarks: tuple[Utterance, ...] = ()  # what is said of how the request was read

    @property
    def preferences(self) -> tuple[Preference, ...]:
        """Return what the photos were seen to show."""
        return self.shortlist.query.preferences

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Return the items to show, best first."""
        return self.shortlist.candidates


@dataclass(frozen=True, slots=True)
class UserTaste:
    """A user's likes and dislikes, if remembering is on."""

    opinions: Sequence[Opinion] = ()
    remembers: bool = False
    me: Item | None = None  # the user's own record, where the catalogue is of people

    def known(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the ids of what the user likes, of the user, and of those linked with the user."""
        likes = latest_likes(self.opinions, catalogue)
        mine = (self.me.id, *catalogue.links.get(self.me.id, ())) if self.me else ()
        return tuple(dict.fromkeys((*likes, *mine)))


def select(
    reading: Reading,
    received: Received,
    now: Conversation,
    shop: Shop,
    taste: UserTaste,
    *,
    limit: int,
) -> Selection:
    """Search under the conversation's constraints, and give the reasons for each item."""
    mine = frozenset((taste.me.id,)) if taste.me else frozenset[str]()
    disliked = disliked_items(taste.opinions)
    more, media = limit + len(disliked | mine), received.media
    sought = shortlist(reading, now, shop.index, media, shop.vocabulary, limit=more)
    others = tuple(one for one in sought.candidates if one.item.id not in mine)
    coded = [shop.catalogue.items[id_] for one in reading.codes for id_ in one.ids]
    named = " ".join((received.message, *(item.title for item in (*reading.meant, *coded))))
    kept = without_disliked(others, disliked, named, limit=limit)
    found = replace(sought, candidates=kept.candidates)
    if not reading.codes and (unclear := not_understood(found, shop.index, shop.vocabulary)):
        found = replace(found, lead=unclear)
    if reading.open and found.candidates and found.lead is None:
        known = (id_ for id_ in now.taste if taste.me is None or id_ != taste.me.id)
        titles = tuple(shop.catalogue.items[id_].title for id_ in known)
        found = replace(found, lead=ByTaste(titles, remembers=taste.remembers))
    return Selection(
        shortlist=found,
        unread=_unread(reading),
        reasons=_reasons(found, now, shop, taste.me),
        notices=(left_out(kept.left_out),) if kept.left_out else (),
        remarks=(*_money_remarks(reading, found, shop), *_doubts(reading, found)),
    )


def _unread(reading: Reading) -> tuple[str, ...]:
    """Return a few single words that nothing explains, but for what is said to be missing."""
    words = (said for said in reading.left if " " not in said and said not in reading.missing)
    return tuple(dict.fromkeys(words))[:_UNREAD]


def add_counterfactuals(selection: Selection, shop: Shop) -> Selection:
    """Search again without each part of the query, and add the changes to the reasons."""
    without = counterfactuals(selection.shortlist, shop.index)
    first = selection.candidates[0].item.id if selection.candidates else ""
    told = {}
    for id_, why in selection.reasons.items():
        told[id_] = (*why, *what_would_change(without.get(id_, ())))
        if id_ == first:
            told[id_] += tuple(first_without_budget(without.get(id_, ())))
    return replace(selection, without=without, reasons=told)


def _reasons(
    found: Shortlist, now: Conversation, shop: Shop, me: Item | None
) -> dict[str, tuple[Fact, ...]]:
    shown = [candidate.item for candidate in found.candidates]
    alike = photo_likeness(found.query, found.vectors, shown, shop.index)
    sounds_alike = sound_likeness(found.vectors, shown, shop.index)
    if isinstance(found.lead, NotUnderstood):
        return {item.id: () for item in shown}  # nothing that is known brought them here
    known = [id_ for id_ in now.taste if me is None or id_ != me.id]
    told = {}
    for candidate in found.candidates:
        common = tuple(common_facts(candidate, me, known, shop.catalogue))
        why = reasons(
            candidate,
            now.state.constraints,
            found.query.words,
            alike=Likenesses(
                alike.get(candidate.item.id, 0.0), sounds_alike.get(candidate.item.id, 0.0)
            ),
            preferences=found.query.preferences,
            wished=now.state.preferences,
        )
        near = common and all(fact.kind == "near" for fact in why)  # said where nothing else is
        told[candidate.item.id] = common if near else (*common, *why)
    return told


def _money_remarks(reading: Reading, found: Shortlist, shop: Shop) -> Iterator[Utterance]:
    """Say how amounts and an order were read in a catalogue with several currencies."""
    money = shop.catalogue.currencies
    yield from read_in_currency(money_doubts(reading.changes, shop.catalogue), money)
    mixed = {one.item.currency for one in found.ranked if one.item.price is not None}
    if reading.order == "price" and found.sorted and len(mixed) > 1:
        yield sorted_apart(money)


def _doubts(reading: Reading, found: Shortlist) -> Iterator[Utterance]:
    """Say what of the request limits nothing: wishes, and what was unclear."""
    preferred = [change.constraint for change in reading.changes if isinstance(change, Prefer)]
    wished = [one for one in preferred if one.field != "title"]
    yield from only_wished(wished, [candidate.item for candidate in found.candidates])
    yield from left_open(reading.unclear)
