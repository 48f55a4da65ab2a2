"""Read a message: what changes in the state, what is searched for, which shown item is meant.

What code can read surely, code reads. The language model is asked only when words are left over
that code cannot place, and then fills a form; it never sees an id and never touches the state.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.codes import codes_named, read_around
from assistant.understanding.controls import control_spans
from assistant.understanding.dialogue_state import Ask, Change, DialogueState, Drop, TurnTo
from assistant.understanding.intents import (
    FINDS,
    Intent,
    asks_of_several,
    asks_why_not,
    denies_only,
    is_elliptic,
    open_spans,
    sure_intent,
    talk_intent,
    wanted_change,
    wants_others,
    without_others,
)
from assistant.understanding.overview import OverviewAsked, asks_of_shown, read_overview
from assistant.understanding.references import references, titled, unwanted
from assistant.understanding.requested_product import (
    missing_thing,
    named_thing,
    requested_thing,
    unnamed_thing,
)
from assistant.understanding.search_phrase import new_phrase, refined_phrase
from assistant.understanding.state_updates import changes_asked
from assistant.understanding.title_words import asked_in_titles, denied_things
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.spelling import corrected
from assistant.understanding.tokens.text import (
    Span,
    blanked,
    cut,
    folded_words,
    says_something,
)
from assistant.understanding.wishes import Limit, Wishes, read_wishes
from retrieval.codes.index import NamedCode
from retrieval.items import Catalogue, Item, field_values


@dataclass(frozen=True, slots=True)
class Conversation:
    """What earlier turns left behind."""

    state: DialogueState = DialogueState()
    shown: tuple[Item, ...] = ()  # on screen, in order
    phrase: str = ""  # what was searched for last
    photos: tuple[Path, ...] = ()  # the photos of that search
    sounds: tuple[Path, ...] = ()  # its recordings in which nobody speaks
    balance: float = 0.5  # between those photos (0) and the phrase (1)
    liked: tuple[str, ...] = ()  # ids of what it is to be more like
    disliked: tuple[str, ...] = ()  # ids of what it is to be less like
    taste: tuple[str, ...] = ()  # ids of what the user likes at all times, the latest first
    seen: frozenset[str] = frozenset()  # ids shown at any time
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # why each was shown
    language: str = ""  # ISO 639-1, of the last message


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message was understood to say."""

    intent: Intent
    phrase: str = ""  # what to search for; stands alone
    changes: tuple[Change, ...] = ()
    meant: tuple[Item, ...] = ()  # shown items that the message points at
    unlike: tuple[Item, ...] = ()  # shown items that the user wants less of
    order: str = ""  # the field to sort by, "" for the best match first
    descending: bool = False  # the most of that field first
    missing: str = ""  # a word of what is asked for that no record mentions, or lists
    missing_kind: bool = False  # `missing` is the kind of thing asked for
    others: bool = False  # the user wants other items than those shown
    foreign: str = ""  # an amount named in another currency than the catalogue's
    sure: bool = True  # code could place every word
    open: bool = False  # it is left to Magpie what to show
    thing: str = ""  # what is asked for where no value names it, in the user's words
    overview: OverviewAsked | None = None  # what is asked of many items
    codes: tuple[NamedCode, ...] = ()  # that it names items by, also those of no item


_SAID = ("wanted", "denied")  # what somebody has, and what is unclear, is not asked for
_ASKED = 3  # items that one question can be about
_ADDED = 3  # words that a message without a thing of its own can add


def read_by_code(
    message: str, now: Conversation, vocabulary: Vocabulary, *, photo: bool = False
) -> Reading:
    """Read what can be read surely; `sure` tells whether that was everything.

    With a `photo`, "this" is what the photo shows and not an item on screen.
    """
    if codes := codes_named(message, vocabulary, len(now.shown)):
        rest = partial(read_by_code, vocabulary=vocabulary, photo=photo)
        return read_around(codes, message, now, vocabulary, rest)
    asked = read_sentence(corrected(message, vocabulary.spelt))
    leaves_open = open_spans(asked)
    message = blanked(asked.message, leaves_open)
    sentence = read_sentence(message)
    pointed = references(sentence, now.shown, photo=photo)
    pointing = [sentence.span(one.start, one.end) for one in pointed]
    controls = control_spans(sentence, vocabulary)
    apart = [*controls, *pointing]
    wishes = read_wishes(message, vocabulary, apart, now.state.constraints)
    limits, mentions = wishes.limits, [m for m in wishes.mentions if m.stance in _SAID]
    taken = [*(limit.span for limit in limits), *pointing]
    controls += [*(one.span for one in wishes.steps), *(one.span for one in wishes.adjustments)]
    unlike = unwanted(sentence, pointed)
    meant = tuple(reference.item for reference in pointed if reference.item not in unlike)
    if asks_why_not(sentence):  # of what is not on screen as well
        meant = (titled(message, vocabulary.catalogue.items.values()) or meant)[:_ASKED]
    standing, on_screen = now.state.constraints, meant or _of_one_kind(now.shown, vocabulary)
    changes = tuple(changes_asked(wishes, on_screen, standing, vocabulary))
    if asks_of_several(sentence, len(meant)):
        changes = ()
    overview = None if meant or photo else read_overview(wishes, vocabulary)
    if not (overview or controls or photo) and asks_of_shown(wishes, vocabulary):
        meant, changes = meant or now.shown[:1], ()
    ordered = _order(wishes, now, vocabulary)
    uncontrolled = blanked(message, controls)
    unordered = blanked(uncontrolled, [order.span for order in wishes.orders])
    left = _left_over(unordered, [*taken, *(mention.clause for mention in mentions)])
    asks = bool(limits or mentions or requested_thing(wishes.sentence, wishes.covered))
    talk = None if changes or asks else talk_intent(asked)
    settled = talk or sure_intent(
        asked,
        shown=bool(now.shown),
        meant=bool(meant),
        unlike=bool(unlike),
        changed=bool(changes),
        more=bool(left or ordered),
    )
    dropped = any(isinstance(change, Drop) for change in changes)
    if overview and not dropped and settled in (None, "compare"):
        settled = "overview"
    opened = bool(leaves_open) and not photo
    alone = not (settled or opened or meant or mentions)
    added = _added(sentence, left, now) if alone else None
    settled = "refine" if added is not None else settled
    controlled = bool(controls or ordered or wants_others(sentence))
    unknown = [word for word in left if word not in vocabulary.known]
    values = {n for m in mentions if m.field not in vocabulary.kinds for n in range(m.start, m.end)}
    thing = named_thing(sentence, values)
    anew = photo or thing in left or _asks_anew(sentence, left)
    going_on = changes or controlled or not anew
    found = _search_or_refine(wishes, now, vocabulary, going_on=bool(going_on))
    named = unnamed_thing(wishes, vocabulary) if found in ("search", "refine") else ""
    by_title = asked_in_titles(wishes, named, vocabulary) if named and not settled else None
    changes += tuple(Ask(one) for one in denied_things(wishes, vocabulary))
    if by_title:
        changes, found, named = (by_title, *changes), "search", ""
    intent = settled or ("search" if opened else found)
    if intent == "refine" and alone and added is None and not (changes or controlled):
        added = " ".join(left)
    missing = (
        missing_thing(sentence, left, thing, mentions, vocabulary)
        if intent == "search" and not isinstance(by_title, TurnTo)
        else ""
    )
    phrase = (
        refined_phrase(now.phrase, mentions, changes, standing)
        if intent in ("refine", "more like", "less like")
        else new_phrase(uncontrolled, limits, mentions)
    )
    phrase = f"{phrase} {added}" if added else phrase
    others = wants_others(sentence) or bool(wanted_change(sentence) and added and not changes)
    return Reading(
        intent,
        phrase="" if photo and not any(map(says_something, folded_words(phrase))) else phrase,
        changes=changes if intent in (*FINDS, "overview") else (),
        meant=meant,
        unlike=unlike,
        order=ordered,
        descending=bool(ordered) and wishes.orders[0].descending,
        missing=missing,
        missing_kind=bool(missing) and folded_words(missing) == [thing],
        others=others and not meant,
        foreign=_foreign(limits, vocabulary),
        sure=settled is not None or not unknown,
        thing=named if intent in ("search", "refine") else "",
        overview=overview if intent == "overview" else None,
        open=opened and intent == "search" and not any(map(says_something, folded_words(phrase))),
    )


def _search_or_refine(
    wishes: Wishes, now: Conversation, vocabulary: Vocabulary, *, going_on: bool
) -> Intent:
    """Tell a new search, which names a thing, from what goes on with what is on screen."""
    said = [m for m in wishes.mentions if m.stance == "wanted" and m.field in vocabulary.kinds]
    if not (now.shown or now.phrase) or (said and not wishes.sentence.has("same words")):
        return "search"
    if requested_thing(wishes.sentence, wishes.covered):
        return "search"
    return "refine" if going_on else "search"


def _asks_anew(sentence: Sentence, left: Sequence[str]) -> bool:
    """Tell whether a message asks for something that it describes: "got anything for soup?"."""
    asks = sentence.has("request words")
    return asks and (len(left) >= _ADDED or (bool(left) and sentence.has("change things")))


def _order(wishes: Wishes, now: Conversation, vocabulary: Vocabulary) -> str:
    """Return the field to sort by, "" for none.

    Of the fields that the word can mean, it is the one that most items of the kind have.
    """
    if not wishes.orders:
        return ""
    order = wishes.orders[0]
    wanted = (m for m in wishes.mentions if m.field in vocabulary.kinds and m.stance == "wanted")
    ids: Collection[str] = vocabulary.ids_of((m.field, m.values) for m in wanted)
    ids = ids or {item.id for item in now.shown} or set(vocabulary.catalogue.items)
    return max(order.fields, key=lambda name: _filled(name, ids, vocabulary.catalogue))


def _filled(name: str, ids: Collection[str], catalogue: Catalogue) -> int:
    """Return how many of some items say something of a field."""
    columns = catalogue.quantities.column(name).values()
    return len({id_ for column in columns for id_ in column.ids.tolist()} & set(ids))


def _added(sentence: Sentence, left: Sequence[str], now: Conversation) -> str | None:
    """Return what a message without a thing of its own adds to the search on screen.

    It is "warmer" of "something warmer", "pockets" of "with pockets", "" of "without fringe", which
    no search can leave out; None of a message that speaks of a thing.
    """
    if not now.shown:
        return None
    if change := wanted_change(sentence):
        return change
    short = 0 < len(left) <= _ADDED and is_elliptic(sentence)
    return ("" if denies_only(sentence) else " ".join(left)) if short else None


def _of_one_kind(shown: Sequence[Item], vocabulary: Vocabulary) -> Sequence[Item]:
    """Return the shown items of the first one's kind, which "cheaper" is measured against."""
    kind = next(iter(vocabulary.kinds), "")
    return [one for one in shown if field_values(one, kind) == field_values(shown[0], kind)]


def _foreign(limits: Sequence[Limit], vocabulary: Vocabulary) -> str:
    own = vocabulary.catalogue.currency
    return next((x.said for x in limits if own and x.currencies and own not in x.currencies), "")


def _left_over(message: str, spans: Sequence[Span]) -> list[str]:
    """Return the folded content words outside the spans that are already understood."""
    rest = without_others(read_sentence(cut(message, spans)))
    return [word for word in folded_words(rest) if says_something(word)]
