"""Interpret the message of a turn: by rules, and by the language model where they leave words over.

Knows how a photo or a sound changes what a message means; searches nothing.
"""

from dataclasses import dataclass, replace

from assistant.answering.remarks import other_currency, taken_for
from assistant.answering.utterances import Utterance
from assistant.model.protocol import LanguageModel
from assistant.turn.input import Received
from assistant.turn.state import FAILED, Shop, StepResult
from assistant.understanding.acts.intents import asks_about
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import Change, Drop, TurnTo, Undo
from assistant.understanding.languages.lexicon import PIVOT
from assistant.understanding.read import read_by_code
from assistant.understanding.read_with_model import read_with_model
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.translate import in_own_words
from retrieval.errors import LanguageModelError
from retrieval.items import Constraint

_UNSURE = ("search", "refine")  # what a message is taken for where no cue tells
_PERHAPS_GENERAL = ("search", "refine", "about", "compare", "out of scope")
_SEARCH_WITH_MEDIA = ("refine", "smalltalk", "about")  # a photo or a sound makes these a search


@dataclass(frozen=True, kw_only=True)
class Interpretation(StepResult):
    """What a message was understood to say, before its quotations are the user's own words."""

    reading: Reading

    def quoting(self, received: Received) -> Reading:
        """Return the reading with the user's own words wherever it quotes the message."""
        return in_own_words(self.reading, received.translation)


def interpret(received: Received, conversation: Conversation, shop: Shop) -> Interpretation:
    """Interpret a message by rules alone."""
    photo = bool(received.photos)
    reading = read_by_code(received.message, conversation, shop.vocabulary, photo=photo)
    if (photo or received.sounds) and reading.intent in _SEARCH_WITH_MEDIA:
        reading = replace(reading, intent="search")
    if not (photo or received.sounds):
        reading = _as_talk(reading, received.message, shop)
    reading, taken = _under_another_name(reading, shop)
    currency = shop.catalogue.currency
    foreign = (other_currency(reading.foreign, currency),) if reading.foreign else ()
    return Interpretation(reading=reading, notices=(*foreign, *taken))


def _as_talk(reading: Reading, message: str, shop: Shop) -> Reading:
    """Take a message that names nothing of the catalogue for what is said so in other words.

    Of what names something only a question of general knowledge is taken so: "is wool warmer?".
    """
    if reading.codes or reading.meant or reading.others or reading.open:
        return reading
    named = reading.changes or reading.order or reading.missing or reading.intent not in _UNSURE
    match shop.talk.act(message, named=bool(named)):
        case None:
            return reading
        case "advice":
            sought = (
                reading.order or reading.intent not in _PERHAPS_GENERAL
            )  # "the cheapest candle"
            general = not sought and _is_question(message)
            return replace(reading, intent="advice", thing="") if general else reading
        case "others":
            return replace(reading, intent="refine", others=True, thing="")
        case "undo":
            return replace(reading, intent="refine", changes=(Undo(),), thing="")
        case talk:
            return replace(reading, intent=talk, changes=(), thing="")


def _is_question(message: str) -> bool:
    return "?" in message or "？" in message or asks_about(read_sentence(message))


def _under_another_name(reading: Reading, shop: Shop) -> tuple[Reading, tuple[Utterance, ...]]:
    """Take a thing that no record lists for the kind that its name is nearest to, and say so.

    What only comes near is shown as the nearest there is.
    """
    if shop.language != PIVOT:
        return reading, ()
    titled = [said for change in reading.changes if (said := _by_title(change))]
    name, (kind, same) = reading.thing, shop.kind_names.nearest(reading.thing)
    if titled:  # "ukes" are ukuleles, whether or not a title says so
        name, kind = shop.kind_names.among(titled)
        same = True
    elif not kind:
        name, kind = shop.kind_names.among(reading.names)
        same = True
    if not kind:
        return reading, ()
    turned = TurnTo(Constraint(shop.kind_names.field, "=", kind, name))
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


def interpret_rest(
    by_rules: Interpretation,
    received: Received,
    conversation: Conversation,
    model: LanguageModel,
    shop: Shop,
) -> Interpretation:
    """Interpret with the language model what the rules could not; if it fails, theirs stands."""
    message, reading = received.message, by_rules.reading
    try:
        reading = read_with_model(message, conversation, reading, model, shop.vocabulary)
    except LanguageModelError:
        return replace(by_rules, notices=(*by_rules.notices, FAILED), failed=True)
    return replace(by_rules, reading=reading, model=model.name)
