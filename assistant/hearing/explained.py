"""How much of a message the catalogue and the readers explain.

Knows readings and the catalogue; knows no recording. A word that no value, cue or code explains was
probably misheard; a message that asks for something which exists was probably not.
"""

from dataclasses import dataclass

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.codes import codes_named
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import Also, Ask, TurnTo
from assistant.understanding.read import read_by_code
from assistant.understanding.tokens.text import says_something
from assistant.understanding.translate import translate
from retrieval.filter import satisfying


@dataclass(frozen=True, slots=True)
class Explained:
    """What a message comes to."""

    left: tuple[str, ...]  # words that nothing explains, as they are written in English
    acts: int  # conditions, codes of items, things pointed at
    nothing: bool = False  # it asks for what no item is


def explain_message(
    message: str, language: str, now: Conversation, vocabulary: Vocabulary, own: str
) -> Explained:
    """Return what a message comes to in a conversation; `own` is the catalogue's language."""
    codes = codes_named(message, vocabulary, len(now.shown))
    spans = [one.span for one in codes]
    told = translate(message, language, vocabulary.words, own=own, kept=spans)
    reading = read_by_code(told.text, now, vocabulary)
    asked = [c.constraint for c in reading.changes if isinstance(c, Ask | Also | TurnTo)]
    unknown = tuple(one.code for one in reading.codes if not one.ids)
    left = [word for run in reading.left for word in run.split() if says_something(word)]
    named = sum(bool(one.ids) for one in reading.codes)
    nothing = bool(asked) and not satisfying(vocabulary.catalogue, asked)
    return Explained((*left, *unknown), len(asked) + 2 * named + len(reading.meant), nothing)
