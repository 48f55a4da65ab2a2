"""What thing does a request name, and does the catalogue carry it?

Pure. Knows wordings of requests and the catalogue's vocabulary; knows no conversation.
"""

import re
from collections.abc import Collection, Sequence

from assistant.understanding.catalogue_values import Mention, Vocabulary
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.text import folded_words, says_something
from assistant.understanding.wishes import Wishes
from retrieval.english import singular

FILLER = re.compile(  # how a request begins: "could you show me"
    r"^(?:\W*\b(?:hi|hello|hey|please|ok(?:ay)?|fine|so|now|well|and|but|actually|instead|can|could|would|"
    r"i'?d|i'?m|i am|i|we|you|want|wanted|need|like|love|prefer|to (?:see|buy|get|have)|looking|"
    r"searching|after|for|show|find|get|give|recommend|suggest|bring|me|us|do|have|got|carry|sell|"
    r"is there|are there|any|some|what about|how about|maybe|let'?s see)\b\W*)+",
    re.I,
)
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NAMED = re.compile(  # the thing that a request names first: "a big tent for two", "jeans"
    r"\W*(?:(?:an?|any|some|your)\s+(?:(?:pair|set|piece|kind|sort|type)s?\s+of\s+)?"
    r"(?:(?!for\b|to\b|that\b|with\b)[\w'’-]+\s+){0,2}?(?P<thing>[\w'’-]+)"
    r"|(?P<bare>[\w'’-]+s|[\w'’-]+(?=\W*$)))(?=\s*(?:[,.;:?!]|$)|\s+(?:for|to|that|with|under|below|over|about|"
    r"around|from|in|of|at|on|which|made|up|less|cheaper|please|between)\b)",
    re.I,
)
_ARTICLES = frozenset(["a", "an", "any", "some"])
_MEANT_FOR = re.compile(r"\b(?:for|against)\s+$", re.I)
_NO_THING = frozenset(
    """thing things something anything item items gift gifts present presents idea ideas pair set
    piece kind sort type option options suggestion suggestions recommendation recommendations
    surprise treat one ones bit place way help question look birthday christmas this less yes
    thanks""".split()
)


def missing_thing(
    message: str,
    left: Sequence[str],
    thing: Sequence[str],
    mentions: Sequence[Mention],
    vocabulary: Vocabulary,
) -> str:
    """Return the thing that nothing is listed as, else what no record mentions of a thing's use.

    That is the last word left, where it says what the thing is for ("shoes for running") or stands
    before its name ("vegan shoes"); of "to read in bed" nothing can be said to be missing.
    """
    if thing and thing[0] in left and thing[0] not in vocabulary.listed:
        return next((w for w in _WORDS.findall(message) if folded_words(w) == list(thing)), "")
    for found in _WORDS.finditer(message):
        if folded_words(found[0]) == list(left[-1:]) and left[-1] not in vocabulary.known:
            before, after = message[: found.start()], message[found.end() :].lstrip()
            kinds = (m.said for m in mentions if m.field in vocabulary.kinds)
            if _MEANT_FOR.search(before) or any(after.startswith(said) for said in kinds):
                return found[0]
    return ""


def requested_thing(sentence: Sentence, covered: Collection[int]) -> str:
    """Return the thing that a message asks for and no value names: "do you have harnesses?".

    `covered` are the tokens that name values, limits and fields; "" where there is none.
    """
    for start in range(len(sentence.tokens)):
        cue = sentence.cue_at(start, "request words")
        if cue and (thing := _thing_from(sentence, cue.end, covered)):
            return thing
    return ""


def _opening_thing(sentence: Sentence, covered: Collection[int]) -> str:
    """Return the words that a part of a message begins with and no value names: "tv unit"."""
    for at in range(len(sentence.tokens)):
        if at == 0 or sentence.is_break(at - 1):
            while at < len(sentence.tokens) and sentence.tokens[at].text in _ARTICLES:
                at += 1
            if words := _run(sentence, at, covered):
                return words
    return ""


def unnamed_thing(wishes: Wishes, vocabulary: Vocabulary) -> str:
    """Return the thing that is asked for where no value names a kind, "" for none."""
    if any(m.field in vocabulary.kinds for m in wishes.mentions):
        return ""
    asked = requested_thing(wishes.sentence, wishes.covered)
    return asked or _opening_thing(wishes.sentence, wishes.covered)


def _thing_from(sentence: Sentence, at: int, covered: Collection[int]) -> str:
    article = False
    while not sentence.is_break(at):
        token = sentence.tokens[at]
        if sentence.cue_at(at, "words generic") or token.text in _NO_THING:
            return ""
        if words := _run(sentence, at, covered):
            plural = token.text != token.word or words.split()[-1] != singular(words.split()[-1])
            return words if article or plural else ""
        article = article or token.text in _ARTICLES
        if at not in covered and not article and not sentence.cue_at(at, "words filler"):
            return ""
        at += 1
    return ""


def _run(sentence: Sentence, at: int, covered: Collection[int]) -> str:
    """Return the content words that stand together from a token on, at most three."""
    end = at
    while end < min(at + 3, len(sentence.tokens)) and not sentence.is_break(end):
        token = sentence.tokens[end]
        plain = token.kind == "word" and says_something(token.word) and end not in covered
        if not plain or sentence.cue_at(end, "words filler", "words generic"):
            break
        end += 1
    return sentence.text(at, end)


def names_a_thing(name: str) -> bool:
    """Tell whether a name is of some thing, and not of "a present" or "an idea" of any kind."""
    return bool(name) and not set(name.lower().split()) <= _NO_THING


def named_thing(message: str) -> list[str]:
    """Return the folded name of the thing that a request names first, as a list of one or none."""
    named = _NAMED.match(FILLER.sub("", message))
    written = (named["bare"] or named["thing"]).lower() if named else ""
    return folded_words(written)[-1:] if written not in _NO_THING else []
