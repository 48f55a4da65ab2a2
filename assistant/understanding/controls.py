"""Where a message steers the state itself: takes back, starts anew, drops a field, asks for stock.

Knows cues and what fields are called; changes nothing.
"""

from collections.abc import Iterator

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.text import Span, american, says_something

_LIKELY = 0.7  # from which on it is believed that a field is let go


def control_spans(sentence: Sentence, vocabulary: Vocabulary) -> list[Span]:
    """Return where a message takes back, starts anew, drops a field or asks for stock."""
    spans = [sentence.span(cue_start, cue_end) for cue_start, cue_end in undoing(sentence)]
    spans += [sentence.span(*one) for one in afresh(sentence)]
    spans += [sentence.span(start, end) for start, end, _ in dropped_fields(sentence, vocabulary)]
    return spans + [sentence.span(*one) for one in stocked(sentence)]


def undoing(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield where a part of the message takes the last change back, if it begins with that."""
    begins = True
    for at, token in enumerate(sentence.tokens):
        if begins and (cue := sentence.cue_at(at, "control undo")):
            yield cue.start, cue.end
            return
        begins = sentence.is_break(at) or (begins and not says_something(token.word))


def afresh(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield where the message starts anew."""
    for at in range(len(sentence.tokens)):
        if cue := sentence.cue_at(at, "control afresh"):
            yield cue.start, cue.end


def dropped_fields(
    sentence: Sentence, vocabulary: Vocabulary
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the tokens that drop fields, and these: "forget the budget", "any colour"."""
    for at in range(len(sentence.tokens)):
        end, fields = _field_at(sentence, at, vocabulary)
        if not fields:
            continue
        before = at
        while before > 0 and _between(sentence, before - 1):
            before -= 1
        cue = next(
            (
                c
                for n in range(before, at + 1)
                if (c := sentence.cue_before(n, "drop before", "drop weak"))
            ),
            None,
        )
        after = sentence.cue_at(end, "drop after")
        following = sentence.tokens[end].kind if end < len(sentence.tokens) else ""
        told = cue is not None or after is not None
        if following == "number" or not (told or _let_go(sentence, at, end, vocabulary)):
            continue
        if cue and "price" not in fields and "drop weak" in cue.roles:
            continue  # "no pages" names no field to drop
        yield cue.start if cue else at, after.end if after else end, fields


def _let_go(sentence: Sentence, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Tell whether other messages like this let go what they name: "landlord's fine with any"."""
    reader = vocabulary.reader
    if reader is None:
        return False
    meant = reader(sentence.message, [sentence.span(start, end)]).meant[0]
    return meant["free"] >= _LIKELY


def _between(sentence: Sentence, at: int) -> bool:
    """Tell whether a token may stand between what drops a field and its name: "the 300 limit"."""
    number = sentence.tokens[at].kind == "number"
    return number or sentence.cue_at(at, "words filler") is not None


def _field_at(sentence: Sentence, at: int, vocabulary: Vocabulary) -> tuple[int, list[str]]:
    """Return the fields whose name stands at a token, and where it ends."""
    if cue := sentence.cue_at(at, "drop money"):
        return cue.end, ["price"]
    for size in (3, 2, 1):
        run = tuple(token.word for token in sentence.tokens[at : at + size])
        if len(run) == size and (fields := vocabulary.field_words.called.get(run)):
            kinds = (name for name, _ in vocabulary.names.phrases.get(run, ()))
            known = any(name in vocabulary.kinds for name in kinds)
            return at + size, [] if known else list(fields)  # "any mattresses" asks for some
    token = american(sentence.tokens[at].text).removesuffix("s")
    return at + 1, [name for name in vocabulary.facets if american(name).split()[-1] == token]


def stocked(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield where the message asks for what is in stock."""
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "words stock")
        counted = at > 0 and (
            sentence.tokens[at - 1].kind == "number"
            or sentence.tokens[at - 1].text in sentence.cues.numbers
            or sentence.cue_before(at, "most after", "least after")
        )  # "at least 20 in stock", "six or more in stock"
        if cue and not counted and not sentence.cue_before(at, "denial before"):
            yield cue.start, cue.end
