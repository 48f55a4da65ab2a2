"""Interpret the message of a turn: by rules, and with names that only meaning tells.

The rules read a message; words that they leave over may be other names of values ("for my wife").
Then they read it again with these names, so that denials, wishes and amounts are theirs alone.

Knows how a photo or a sound changes what a message means; searches nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.remarks import other_currency, taken_for
from assistant.answering.utterances import Utterance
from assistant.linking.check_polarity import refused
from assistant.linking.choose_labels import choose_labels
from assistant.linking.value_labels import ProposedLink
from assistant.model.protocol import LanguageModel
from assistant.turn.input import Received
from assistant.turn.state import FAILED, Shop, StepResult
from assistant.understanding.acts.intents import FINDS, Intent, asks_about
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import (
    Also,
    Ask,
    Change,
    Drop,
    GiveUp,
    Prefer,
    TurnTo,
    Undo,
)
from assistant.understanding.languages.lexicon import PIVOT
from assistant.understanding.read import read_by_code
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.tokens.text import folded_words
from assistant.understanding.translate import in_own_words
from assistant.understanding.value_names import Link, Links
from retrieval.english import singular
from retrieval.errors import LanguageModelError
from retrieval.items import Constraint

_MAY_NAME = ("search", "refine", "more like", "less like", "overview")
_ASKED = 2  # proposals that the language model is asked about
_UNSURE = ("search", "refine")  # what a message is taken for where no cue tells
_PERHAPS_GENERAL = ("search", "refine", "about", "compare", "out of scope")
_SEARCH_WITH_MEDIA = ("refine", "smalltalk", "about")  # a photo or a sound makes these a search


@dataclass(frozen=True, kw_only=True)
class Interpretation(StepResult):
    """What a message was understood to say, before its quotations are the user's own words."""

    reading: Reading
    links: Links  # words of the message that stand for values under another name
    open: tuple[ProposedLink, ...]  # other words that may, which the language model can tell
    checked: tuple[Constraint, ...]  # values taken as wanted, among words that nobody explains

    @property
    def asks_model(self) -> bool:
        """Tell whether the language model can help to read the message."""
        return bool(self.open or self.checked)

    def quoting(self, received: Received) -> Reading:
        """Return the reading with the user's own words wherever it quotes the message."""
        return in_own_words(self.reading, received.translation)


def interpret(received: Received, conversation: Conversation, shop: Shop) -> Interpretation:
    """Interpret a message by rules, with the names that are surely nearest in meaning."""
    if received.given_up:
        return _by_hand(received, conversation)
    plain = _read(received, conversation, shop, {})
    proposed = _apart(_proposals(plain, shop))
    links: dict[tuple[str, ...], Link] = {}
    for one in proposed if shop.language == PIVOT else ():
        kind = one.labels[0].field in shop.vocabulary.kinds
        asked_for = kind and one.words in plain.thing  # "do you sell laptops?" is no notebook
        if one.same or (one.likely and not asked_for):
            links |= one.link(one.labels[0], sure=kind or one.same)
    reading = _read(received, conversation, shop, links) if links else plain
    soft = {key for key, link in links.items() if link.soft}
    rest = tuple(one for one in proposed if one.key in soft or one.key not in links)
    return _interpretation(reading, received, shop, links, rest[:_ASKED] if shop.links else ())


def _by_hand(received: Received, conversation: Conversation) -> Interpretation:
    """Take back what was given up by hand, and set what takes its place.

    The search goes on without the words that set it.
    """
    phrase = conversation.phrase
    for one in received.given_up:
        phrase = " ".join(phrase.replace(one.said, " ").split()) if one.said else phrase
    taken_back = [GiveUp(one) for one in received.given_up]
    changes: tuple[Change, ...] = (*taken_back, *map(Ask, received.set_instead))
    reading = Reading(intent="refine", phrase=phrase, changes=changes)
    return Interpretation(reading=reading, links={}, open=(), checked=())


def interpret_rest(
    by_rules: Interpretation,
    received: Received,
    conversation: Conversation,
    model: LanguageModel,
    shop: Shop,
) -> Interpretation:
    """Let the language model tell what other words stand for; if it fails, the rules' stands."""
    message, own_words = received.translation.message, received.translation.own_words
    said = {own_words(one.said): one for one in by_rules.checked}
    try:
        chosen = dict(choose_labels(message, by_rules.open, model))
        doubted = [said[words] for words in refused(message, list(said), model)]
    except LanguageModelError:
        return replace(by_rules, notices=(*by_rules.notices, FAILED), failed=True)
    chosen |= {
        tuple(folded_words(one.said)): Link(one.field, one.values, doubted=True) for one in doubted
    }
    if not chosen:
        return replace(by_rules, model=model.name)
    links = {**by_rules.links, **chosen}
    reading = _read(received, conversation, shop, links)
    return replace(_interpretation(reading, received, shop, links, ()), model=model.name)


def _read(received: Received, conversation: Conversation, shop: Shop, links: Links) -> Reading:
    """Read a message by rules, some of whose words stand for values under another name."""
    vocabulary = shop.vocabulary.with_links(links) if links else shop.vocabulary
    photo = bool(received.photos)
    reading = read_by_code(received.message, conversation, vocabulary, photo=photo)
    if (photo or received.sounds) and reading.intent in _SEARCH_WITH_MEDIA:
        reading = replace(reading, intent="search")
    return _within(received.period, reading, conversation) if received.period else reading


def _within(period: Constraint, reading: Reading, conversation: Conversation) -> Reading:
    """Add the days that a message speaks of to what it asks for."""
    going_on = conversation.shown or conversation.phrase
    found: Intent = "refine" if going_on else "search"
    intent = reading.intent if reading.intent in (*FINDS, "overview") else found
    return replace(reading, intent=intent, changes=(*reading.changes, Ask(period)))


def _proposals(reading: Reading, shop: Shop) -> list[ProposedLink]:
    """Return what the words that nothing explains may stand for."""
    if reading.intent not in _MAY_NAME or reading.codes:
        return []
    kinds = shop.vocabulary.kinds
    taken = {*reading.fields, *(kinds if reading.fields.intersection(kinds) else ())}
    return shop.labels.propose(reading.left, taken)


def _apart(proposed: Sequence[ProposedLink]) -> list[ProposedLink]:
    """Return the nearest proposals that share no word."""
    apart, said = list[ProposedLink](), set[str]()
    for one in proposed:
        words = set(one.words.lower().split())
        if said.isdisjoint(words):
            apart.append(one)
            said |= words
    return apart


def _interpretation(
    reading: Reading, received: Received, shop: Shop, links: Links, rest: tuple[ProposedLink, ...]
) -> Interpretation:
    """Finish a reading: talk, kinds that are only near, and what is to be said of it."""
    if not (received.photos or received.sounds):
        reading = _as_talk(reading, received.message, shop)
    reading, taken = _under_another_name(reading, shop)
    currency = shop.catalogue.currency
    foreign = (other_currency(reading.foreign, currency),) if reading.foreign else ()
    named = _taken_for(reading, links)
    return Interpretation(
        reading=reading,
        links=links,
        open=rest,
        checked=tuple(_values_wanted(reading, shop)) if reading.left else (),
        notices=(*foreign, *taken, *named),
    )


def _values_wanted(reading: Reading, shop: Shop) -> Iterator[Constraint]:
    """Yield the values that a message was taken to want, but for the kind of thing."""
    for change in reading.changes:
        if isinstance(change, Ask | Also):
            one = change.constraint
            if one.wants and one.values and one.field not in shop.vocabulary.kinds:
                yield one


def _taken_for(reading: Reading, links: Links) -> Iterator[Utterance]:
    """Say which words were taken for values that are called otherwise."""
    for change in reading.changes:
        if isinstance(change, Ask | Also | TurnTo | Prefer):
            said = change.constraint.said
            link = links.get(tuple(folded_words(said)))
            if link is not None and not link.doubted:
                yield taken_for(said, link.values[0] if link.values else link.field)


def _as_talk(reading: Reading, message: str, shop: Shop) -> Reading:
    """Take a message that names nothing of the catalogue for what is said so in other words.

    Of what names something only a question of general knowledge is taken so: "is wool warmer?".
    """
    if reading.codes or reading.meant or reading.others or reading.open:
        return reading
    named = reading.changes or reading.order or reading.missing or reading.intent not in _UNSURE
    reader = shop.vocabulary.reader
    titled = any(_in_titles(words, shop) for words in reading.left)
    likely = reader(message, ()).acts if reader and not titled else None
    match shop.talk.act(message, named=bool(named), likely=likely):
        case None:
            return reading
        case "advice":
            asks = read_sentence(message).has("request words")  # "do you have", "the cheapest"
            sought = asks or reading.order or reading.intent not in _PERHAPS_GENERAL
            general = not sought and _is_question(message)
            return replace(reading, intent="advice", thing="") if general else reading
        case "others":
            return replace(reading, intent="refine", others=True, thing="")
        case "undo":
            return replace(reading, intent="refine", changes=(Undo(),), thing="")
        case talk:
            return replace(reading, intent=talk, changes=(), thing="")


def _in_titles(words: str, shop: Shop) -> bool:
    """Tell whether a title has one of the words: "what happened to the comet?" is no small talk."""
    return any(singular(word) in shop.catalogue.title_words for word in folded_words(words))


def _is_question(message: str) -> bool:
    return "?" in message or "？" in message or asks_about(read_sentence(message))


def _under_another_name(reading: Reading, shop: Shop) -> tuple[Reading, tuple[Utterance, ...]]:
    """Take a thing that no record lists for the kind that its name is nearest to, and say so.

    What only comes near is shown as the nearest there is.
    """
    if shop.language != PIVOT:
        return reading, ()
    titled = [said for change in reading.changes if (said := _by_title(change))]
    if titled:  # "ukes" are ukuleles, whether or not a title says so
        name, kind = shop.labels.surely_kind(titled)
        same = True
    else:
        name, (kind, same) = reading.thing, shop.labels.nearest_kind(reading.thing)
    if not kind:
        return reading, ()
    turned = TurnTo(Constraint(shop.vocabulary.kinds[0], "=", kind, name))
    phrase = reading.phrase or name
    dropped = tuple(change for change in reading.changes if isinstance(change, Drop))
    others = tuple(c for c in reading.changes if not (isinstance(c, Drop) or _by_title(c)))
    changes = (*dropped, turned, *others)
    missing = "" if same else reading.missing or name
    taken = replace(reading, intent="search", phrase=phrase, changes=changes, missing=missing)
    if same:
        return taken, (taken_for(name, kind),)
    return replace(taken, missing_kind=True), ()


def _by_title(change: Change) -> str:
    """Return the name under which a change turns to what only titles call so, "" for others."""
    if not isinstance(change, TurnTo) or change.constraint.field != "title":
        return ""
    return change.constraint.said
