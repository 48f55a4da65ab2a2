"""What thing does a request name, and does the catalogue carry it?

Pure. Knows cues of requests and the catalogue's vocabulary; knows no conversation.
"""

from collections.abc import Collection, Iterator, Sequence

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.lead import lead_end
from assistant.understanding.tokens.text import says_something
from assistant.understanding.value_names import Mention
from assistant.understanding.wishes import Wishes
from retrieval.english import singular

_BEFORE = 2  # words that may stand between an article and the thing: "a big warm tent"


def missing_thing(
    sentence: Sentence,
    left: Sequence[str],
    thing: str,
    mentions: Sequence[Mention],
    vocabulary: Vocabulary,
) -> str:
    """Return the thing that nothing is listed as, else what no record mentions of a thing's use.

    That is the last word left, where it says what the thing is for ("shoes for running") or stands
    before its name ("vegan shoes"); of "to read in bed" nothing can be said to be missing.
    """
    if thing in left and thing not in vocabulary.listed:
        return next((sentence.text(at, at + 1) for at in _places(sentence, thing)), "")
    kinds = {m.start for m in mentions if m.field in vocabulary.kinds}
    for at in _places(sentence, left[-1]) if left and left[-1] not in vocabulary.known else ():
        if sentence.cue_before(at, "thing use") or at + 1 in kinds:
            return sentence.text(at, at + 1)
    return ""


def _places(sentence: Sentence, word: str) -> Iterator[int]:
    words = enumerate(sentence.tokens)
    return (at for at, token in words if token.word == word and token.kind == "word")


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
            while at < len(sentence.tokens) and sentence.cue_at(at, "thing articles"):
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
        if sentence.cue_at(at, "words generic") or sentence.cue_at(at, "thing none"):
            return ""
        if words := _run(sentence, at, covered):
            plural = token.text != token.word or words.split()[-1] != singular(words.split()[-1])
            return words if article or plural else ""
        article = article or sentence.cue_at(at, "thing articles") is not None
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
    sentence = read_sentence(name)
    nothing = (sentence.cue_at(at, "thing none") for at in range(len(sentence.tokens)))
    return bool(name) and not all(nothing)


def named_thing(sentence: Sentence, values: Collection[int]) -> str:
    """Return the folded name of the thing that a request names first, "" for none.

    The tokens of `values` only describe it: of "denim jeans" it is the jeans.
    """
    at = lead_end(sentence)
    before, begins = (
        sentence.cue_before(at, "thing articles"),
        sentence.cue_at(at, "thing articles"),
    )
    at, article = begins.end if begins else at, begins or before
    if article and (sorts := sentence.cue_at(at, "thing sorts")):
        at = sorts.end
    words = 0
    for here in range(at, len(sentence.tokens)):
        token = sentence.tokens[here]
        if here in values:
            continue
        if token.kind not in ("word", "code") or sentence.cue_at(here, "thing ends"):
            return ""
        if _stands_alone(sentence, here) and (article or _bare(sentence, here)):
            return "" if sentence.cue_at(here, "thing none") else token.word
        words += 1
        if words > (_BEFORE if article else 0):
            return ""
    return ""


def _stands_alone(sentence: Sentence, at: int) -> bool:
    """Tell whether a word is the last of a name: what follows it names nothing."""
    after = at + 1
    if after < len(sentence.tokens) and sentence.tokens[after].tight:
        return sentence.is_break(after)  # "pop-up tent"
    return sentence.is_break(after) or sentence.cue_at(after, "thing stops") is not None


def _bare(sentence: Sentence, at: int) -> bool:
    """Tell whether a word can be a thing without an article: "jeans", or the last word."""
    token = sentence.tokens[at]
    last = all(one.kind == "mark" for one in sentence.tokens[at + 1 :])
    return token.text.endswith("s") or last
