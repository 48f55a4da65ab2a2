"""Let the language model place the words of a message that code could not.

The model fills a form; it never sees an id and never touches the state. What code read surely
stands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from assistant.model.prompt import load_prompt
from assistant.model.protocol import LanguageModel
from assistant.understanding.acts.intents import Intent
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import Also, Ask, Change, TurnTo
from assistant.understanding.requested_product import names_a_thing
from assistant.understanding.tokens.text import folded_words

_MODEL_READS = 600  # characters of a message
_THING_WORDS = 3  # of the name of a thing that is not carried
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class Form(BaseModel):
    """What the language model fills in."""

    intent: Literal["search", "refine", "about", "smalltalk", "help", "out of scope"]
    thing: str = Field(max_length=40)
    phrase: str = Field(max_length=100)


def read_with_model(
    message: str, now: Conversation, surely: Reading, model: LanguageModel, vocabulary: Vocabulary
) -> Reading:
    """Let the language model place what code could not; what code read surely stands.

    Raises:
        LanguageModelError: the model failed; the caller goes on with `surely`.
    """
    prompt = load_prompt("understand", expects=frozenset({"before", "message"}))
    chat = prompt.fill(before=now.phrase or "nothing", message=message[:_MODEL_READS])
    form = model.fill(chat, Form, max_tokens=80)
    intent: Intent = form.intent
    if surely.changes or surely.order or surely.others or (intent == "about" and not now.shown):
        intent = surely.intent
    if intent not in ("search", "refine"):
        meant = surely.meant or (now.shown[:1] if intent == "about" else ())
        return replace(surely, intent=intent, meant=meant, changes=(), missing="")
    thing = _as_said(form.thing, message)
    phrase = form.phrase.strip() or surely.phrase
    reading = replace(surely, intent=intent, phrase=phrase)
    if _asks_for_a_kind(surely.changes, vocabulary) or not names_a_thing(thing):
        return reading
    if set(folded_words(thing)) & vocabulary.known:
        return reading
    return replace(reading, missing=thing, missing_kind=True)


def _asks_for_a_kind(changes: Sequence[Change], vocabulary: Vocabulary) -> bool:
    """Tell whether a kind that is carried is asked for: then the thing is not what is missing."""
    asked = (change.constraint for change in changes if isinstance(change, Ask | Also | TurnTo))
    return any(one.field in vocabulary.kinds and one.wants for one in asked)


def _as_said(thing: str, message: str) -> str:
    """Return the model's name of a thing in the user's own words, "" if it uses any other."""
    said = {word: written for written in _WORDS.findall(message) for word in folded_words(written)}
    named = folded_words(thing)
    own = 0 < len(named) <= _THING_WORDS and set(named) <= said.keys()
    return " ".join(said[word] for word in named) if own else ""
