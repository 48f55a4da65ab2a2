"""What a recording may say → what was said: the words that are both likely and explained.

A transcript's hypotheses come with how likely each is by its sound. Each is read as a typed message
would be; a word that nothing explains counts against it, and that it asks for something which
exists counts for it (the noisy channel, with the readers in the place of a language model). The
weights were chosen on the development half of tests/data/spoken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.hearing.explained import Explained, explain_message
from assistant.hearing.sounding import SoundAlike, known_names, sounds_like
from assistant.hearing.spoken_numbers import joined_numbers
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from retrieval.codes.heard import MisheardCode, misheard_codes, with_codes
from retrieval.protocols import Hypothesis, Transcript

_LEFT, _ACT, _NOTHING = 4.0, 6.0, 4.0  # what a word, any act, an impossible wish count for
_MENDED, _DISTANT = 1.0, 5.0  # what mending costs, and the whole length of a name
_MOST_MENDED = 2  # names in one message
_CONSIDERED = 12  # hypotheses


@dataclass(frozen=True, slots=True)
class ChosenWords:
    """What was probably said, and what was mended in it."""

    transcript: Transcript
    codes: tuple[MisheardCode, ...] = ()
    names: tuple[SoundAlike, ...] = ()
    score: float = 0.0


def choose_words(
    transcript: Transcript, now: Conversation, vocabulary: Vocabulary, own: str
) -> ChosenWords:
    """Return what was said of all that may have been; `own` is the catalogue's language."""
    if not transcript.hypotheses:
        return _with_codes(transcript, transcript.words, vocabulary)
    found = [
        one
        for hypothesis in transcript.hypotheses[:_CONSIDERED]
        for one in _readings(transcript, hypothesis, now, vocabulary, own)
    ]
    return max(found, key=lambda one: one.score)


def _readings(
    transcript: Transcript,
    hypothesis: Hypothesis,
    now: Conversation,
    vocabulary: Vocabulary,
    own: str,
) -> Iterator[ChosenWords]:
    """Yield a hypothesis as it is heard, and with names for what sounds like them."""
    language = hypothesis.language
    heard = replace(transcript, language=language, hypotheses=transcript.hypotheses)
    plain = _with_codes(heard, joined_numbers(hypothesis.words, language), vocabulary)
    explained = explain_message(plain.transcript.words, language, now, vocabulary, own)
    cost = _MENDED * len(plain.codes)
    yield replace(plain, score=_score(hypothesis, explained) - cost)
    if not explained.left:
        return
    names = _apart(
        sounds_like(plain.transcript.words, known_names(vocabulary, language), explained.left)
    )
    for several in (names[:1], names) if len(names) > 1 else (names,):
        if several:
            words = _with_names(plain.transcript.words, several)
            better = explain_message(words, language, now, vocabulary, own)
            if better.left:  # other words are not understood either: it may speak of anything
                continue
            costs = cost + sum(_MENDED + _DISTANT * one.distance for one in several)
            yield replace(
                plain,
                transcript=replace(heard, words=words),
                names=tuple(several),
                score=_score(hypothesis, better) - costs,
            )


def _with_codes(heard: Transcript, words: str, vocabulary: Vocabulary) -> ChosenWords:
    """Return a transcript with the codes that were meant."""
    codes = misheard_codes(words, vocabulary.catalogue.codes)
    return ChosenWords(replace(heard, words=with_codes(words, codes)), tuple(codes))


def _score(hypothesis: Hypothesis, explained: Explained) -> float:
    """Return how well a hypothesis explains what is heard and is itself explained."""
    wish = _ACT * (explained.acts > 0) - _NOTHING * explained.nothing
    return hypothesis.likelihood - _LEFT * len(explained.left) + wish


def _apart(found: Sequence[SoundAlike]) -> list[SoundAlike]:
    """Return the nearest of those that share no word."""
    kept = list[SoundAlike]()
    for one in found:
        if all(one.span[1] <= other.span[0] or other.span[1] <= one.span[0] for other in kept):
            kept.append(one)
    return kept[:_MOST_MENDED]


def _with_names(words: str, names: Sequence[SoundAlike]) -> str:
    for one in sorted(names, key=lambda one: one.span, reverse=True):
        words = words[: one.span[0]] + one.name + words[one.span[1] :]
    return words
