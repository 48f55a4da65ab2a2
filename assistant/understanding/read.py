"""Read a message: what changes in the state, what is searched for, which shown item is meant.

What code can read surely, code reads. What no rule explains is told, so that it can be
looked for in meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.understanding.acts.intents import (
    FINDS,
    Intent,
    sure_intent,
    wanted_change,
    wants_others,
)
from assistant.understanding.acts.talk_cues import (
    chats,
    denies_only,
    is_elliptic,
    talk_intent,
)
from assistant.understanding.acts.variants_asked import variants_asked
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.codes import codes_named, read_around
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import Change, Drop, TurnTo
from assistant.understanding.gathered import Gathered, gather
from assistant.understanding.requested_product import (
    missing_thing,
    named_thing,
    requested_thing,
    unnamed_thing,
)
from assistant.understanding.search_phrase import new_phrase, refined_phrase
from assistant.understanding.title_words import asked_in_titles
from assistant.understanding.tokens.text import folded_words, says_something
from assistant.understanding.wishes import Limit
from retrieval.items import Item

_ADDED = 3  # words that a message without a thing of its own can add
_PERHAPS_ASKS = (None, "about", "more like")  # of an item that a message points at
_COMPARED = 3  # shown items that a comparison which points at none is about
_LIKELY = 0.9  # from which on a message does what others like it do
_KEEPS_PHRASE = ("refine", "more like", "less like")


def read_by_code(
    message: str, now: Conversation, vocabulary: Vocabulary, *, photo: bool = False
) -> Reading:
    """Read what can be read surely; `sure` tells whether that was everything.

    With a `photo`, "this" is what the photo shows and not an item on screen.
    """
    if codes := codes_named(message, vocabulary, len(now.shown)):
        rest = partial(read_by_code, vocabulary=vocabulary, photo=photo)
        return read_around(codes, message, now, vocabulary, rest)
    if of_forms := variants_asked(message, now.shown):
        return Reading("about", meant=of_forms)
    said = gather(message, now, vocabulary, photo=photo)
    reverses = said.sentence.has("sort reverse")
    turned = reverses and bool(now.order) and not said.order
    if turned:
        said = replace(said, order=now.order, left=(), spans_left=())
    settled = _settled(said, now, vocabulary)
    added = _added(said, settled, now)
    found = "refine" if added is not None else _search_or_refine(said, now, vocabulary, photo=photo)
    thing = _thing(said, settled or found, vocabulary)
    if thing.titled:
        said, found = replace(said, changes=(thing.titled, *said.changes)), "search"
    intent = settled or ("search" if said.opened else found)
    if intent == "refine" and added is None and _says_only_more(said, settled):
        added = " ".join(said.left)
    phrase = _phrase(said, intent, added, now, photo=photo)
    missing = _missing(said, vocabulary) if intent == "search" and not thing.carried else ""
    changed = wanted_change(said.sentence) and added and not said.changes
    return Reading(
        intent,
        phrase=phrase,
        changes=said.changes if intent in (*FINDS, "overview") else (),
        meant=said.meant,
        unlike=said.unlike,
        order=said.order,
        descending=not now.descending if turned else _descends(said),
        missing=missing,
        missing_kind=bool(missing) and folded_words(missing) == [_named(said, vocabulary)],
        others=bool(wants_others(said.sentence) or changed) and not (said.meant or reverses),
        foreign=_foreign(said.wishes.limits, vocabulary),
        thing=thing.name if intent in ("search", "refine") else "",
        unclear=tuple(m.said for m in said.wishes.mentions if m.stance == "unclear"),
        left=() if thing.titled else said.spans_left,
        fields=frozenset(m.field for m in said.wishes.mentions),
        overview=said.overview if intent == "overview" else None,
        open=said.opened and intent == "search" and not _speaks(phrase),
    )


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is asked for where no value of a kind names it."""

    name: str = ""  # in the user's words, where titles do not tell either
    titled: Change | None = None  # what titles tell of it

    @property
    def carried(self) -> bool:
        """Tell whether titles say surely that it is there."""
        return isinstance(self.titled, TurnTo)


def _settled(said: Gathered, now: Conversation, vocabulary: Vocabulary) -> Intent | None:
    """Return the intent that leaves no doubt, None for what searches."""
    wishes = said.wishes
    asks = said.mentions or wishes.limits or requested_thing(wishes.sentence, wishes.covered)
    talks = not (said.changes or asks or said.order)
    settled: Intent | None = talk_intent(said.asked) if talks else None
    if talks and not (settled or said.meant) and chats(said.asked):
        settled = "smalltalk"
    settled = settled or sure_intent(
        said.asked,
        shown=bool(now.shown),
        meant=bool(said.meant),
        unlike=bool(said.unlike),
        changed=bool(said.changes),
        more=bool(said.left or said.order),
    )
    if settled in _PERHAPS_ASKS and (said.meant or _says_only_more(said, settled)):
        meant = said.meant or now.shown[:_COMPARED]
        settled = _as_others_ask(said, meant, vocabulary) or settled
    dropped = any(isinstance(change, Drop) for change in said.changes)
    overview = said.overview and not dropped and settled in (None, "compare")
    return "overview" if overview else settled


def _as_others_ask(said: Gathered, meant: Sequence[Item], vocabulary: Vocabulary) -> Intent | None:
    """Return what messages like this ask of the items that they speak of, None for nothing."""
    reader = vocabulary.reader
    if reader is None or said.unlike:
        return None
    acts = reader(said.asked.message, ()).acts
    if len(meant) > 1 and acts["compare"] >= _LIKELY:
        return "compare"
    return "about" if said.meant and acts["ask"] >= _LIKELY else None


def _search_or_refine(
    said: Gathered, now: Conversation, vocabulary: Vocabulary, *, photo: bool
) -> Intent:
    """Tell a new search, which names a thing, from what goes on with what is on screen."""
    kinds = [m for m in said.mentions if m.field in vocabulary.kinds and not m.negated]
    if not (now.shown or now.phrase) or (kinds and not said.sentence.has("same words")):
        return "search"
    if requested_thing(said.wishes.sentence, said.wishes.covered):
        return "search"
    if said.changes or _controlled(said):
        return "refine"
    anew = photo or _named(said, vocabulary) in said.left or _asks_anew(said)
    return "search" if anew else "refine"


def _asks_anew(said: Gathered) -> bool:
    """Tell whether a message asks for something that it describes: "got anything for soup?"."""
    something = bool(said.left) and said.sentence.has("change things")
    return said.sentence.has("request words") and (something or len(said.left) >= _ADDED)


def _controlled(said: Gathered) -> bool:
    return bool(said.controls or said.order or wants_others(said.sentence))


def _says_only_more(said: Gathered, settled: Intent | None) -> bool:
    """Tell whether a message does nothing but describe what is sought."""
    alone = not (settled or said.opened or said.meant or said.mentions)
    return alone and not (said.changes or _controlled(said))


def _added(said: Gathered, settled: Intent | None, now: Conversation) -> str | None:
    """Return what a message without a thing of its own adds to the search on screen.

    It is "warmer" of "something warmer", "pockets" of "with pockets", "" of "without fringe", which
    no search can leave out; None of a message that speaks of a thing.
    """
    if settled or said.opened or said.meant or said.mentions or not now.shown:
        return None
    if change := wanted_change(said.sentence):
        return change
    short = 0 < len(said.left) <= _ADDED and is_elliptic(said.sentence)
    return ("" if denies_only(said.sentence) else " ".join(said.left)) if short else None


def _thing(said: Gathered, intent: Intent, vocabulary: Vocabulary) -> _Thing:
    """Return what is asked for where no value of a kind names it."""
    name = unnamed_thing(said.wishes, vocabulary) if intent in ("search", "refine") else ""
    new = name and intent == "search"
    titled = asked_in_titles(said.wishes, name, vocabulary) if new else None
    return _Thing("" if titled else name, titled)


def _named(said: Gathered, vocabulary: Vocabulary) -> str:
    """Return the folded thing that a request names first: of "denim jeans" the jeans."""
    values = (m for m in said.mentions if m.field not in vocabulary.kinds)
    return named_thing(said.sentence, {at for m in values for at in range(m.start, m.end)})


def _missing(said: Gathered, vocabulary: Vocabulary) -> str:
    """Return what is asked for and no record mentions, or lists."""
    named = _named(said, vocabulary)
    return missing_thing(said.sentence, said.left, named, said.mentions, vocabulary)


def _phrase(
    said: Gathered, intent: Intent, added: str | None, now: Conversation, *, photo: bool
) -> str:
    """Word what is searched for."""
    phrase = (
        refined_phrase(now.phrase, said.mentions, said.changes, now.state.constraints)
        if intent in _KEEPS_PHRASE
        else new_phrase(said.plain, said.wishes.limits, said.mentions)
    )
    phrase = f"{phrase} {added}" if added else phrase
    return "" if photo and not _speaks(phrase) else phrase


def _speaks(phrase: str) -> bool:
    return any(map(says_something, folded_words(phrase)))


def _descends(said: Gathered) -> bool:
    return bool(said.order) and said.wishes.orders[0].descending


def _foreign(limits: Sequence[Limit], vocabulary: Vocabulary) -> str:
    own = vocabulary.catalogue.currency
    return next((x.said for x in limits if own and x.currencies and own not in x.currencies), "")
