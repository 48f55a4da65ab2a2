"""Greetings, thanks and small talk, as far as cues tell; and messages that lack their thing.

Knows cues; knows no catalogue and nothing of the screen.
"""

from typing import Literal

from assistant.understanding.tokens.cues import Sentence

Talk = Literal["smalltalk", "help"]


def first_word(sentence: Sentence) -> int:
    """Return the first token that is no mark."""
    kinds = [token.kind for token in sentence.tokens]
    return next((at for at, kind in enumerate(kinds) if kind != "mark"), 0)


def is_courtesy(sentence: Sentence) -> bool:
    """Tell whether a message greets or thanks, and says nothing else."""
    at = first_word(sentence)
    if not sentence.cue_at(at, "talk courtesy"):
        return False
    while at < len(sentence.tokens):
        cue = sentence.cue_at(at, "talk courtesy", "talk courtesy_tail")
        if cue is None and sentence.tokens[at].kind != "mark":
            return False
        at = cue.end if cue else at + 1
    return True


def chats(sentence: Sentence) -> bool:
    """Tell whether a part of a message only thanks or greets, and no part asks for anything."""
    if sentence.has("request words", "change things", "act question") or is_elliptic(sentence):
        return False
    tokens = sentence.tokens
    return any(
        (at == 0 or sentence.is_break(at - 1))
        and (cue := sentence.cue_at(at, "talk strong")) is not None
        and (sentence.is_break(cue.end) or at == 0)
        for at in range(len(tokens))
    )


def talk_intent(sentence: Sentence) -> Talk | None:
    """Return the intent of talk, of a message that asks for nothing that a catalogue has."""
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "talk help", "talk chat")
        if cue and (sentence.is_break(cue.end) or at == 0):
            return "help" if "talk help" in cue.roles else "smalltalk"
    return None


def is_elliptic(sentence: Sentence) -> bool:
    """Tell whether a message lacks the thing that it speaks of ("without fringe")."""
    return sentence.cue_at(_ellipsis(sentence), "elliptic words") is not None


def denies_only(sentence: Sentence) -> bool:
    """Tell whether a message begins with what is not wanted: "and without fringe"."""
    return sentence.cue_at(_ellipsis(sentence), "elliptic denies") is not None


def _ellipsis(sentence: Sentence) -> int:
    at = first_word(sentence)
    while cue := sentence.cue_at(at, "elliptic opening"):
        at = cue.end
    return at
