"""Questions about many items: "how many laptops?", "which brands?", "what do they cost roughly?".

Knows tokens, cues and what fields are called; counts nothing itself.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.acts.intents import asks_about
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.wishes import Wishes

Overview = Literal["count", "values", "prices"]


@dataclass(frozen=True, slots=True)
class OverviewAsked:
    """What is asked of many items at once."""

    kind: Overview
    field: str = ""  # whose values are asked for


def read_overview(wishes: Wishes, vocabulary: Vocabulary) -> OverviewAsked | None:
    """Return what a message asks of many items, None where it asks nothing of that sort."""
    sentence = wishes.sentence
    for at in range(len(sentence.tokens)):
        if (cue := sentence.cue_at(at, "ask count")) and not _names_a_field(
            sentence, cue.end, vocabulary
        ):
            return OverviewAsked("count")
        if (cue := sentence.cue_at(at, "ask which")) and (
            name := _field_after(sentence, cue.end, vocabulary)
        ):
            return OverviewAsked("values", name)
        cue = sentence.cue_at(at, "ask kinds")
        if cue is not None and vocabulary.kinds:
            return OverviewAsked("values", vocabulary.kinds[0])
        if _asks_prices(sentence, at) and any(
            m.field in vocabulary.kinds and m.stance == "wanted" for m in wishes.mentions
        ):
            return OverviewAsked("prices")
    return None


def asks_of_shown(wishes: Wishes, vocabulary: Vocabulary) -> bool:
    """Tell whether a message asks for a field of what is shown: "how heavy", "and its warranty?".

    It names no kind, no limit and no value but the word that describes the field ("how wide").
    """
    words, tokens = vocabulary.field_words, wishes.sentence.tokens
    if wishes.limits or not asks_about(wishes.sentence):
        return False
    describing = {at for at, token in enumerate(tokens) if token.text in words.comparing}
    valued = {at for one in wishes.mentions for at in range(one.start, one.end)}
    if valued - describing or wishes.orders:
        return False
    return bool(words.named_in(tokens) or words.described_in(tokens))


def _asks_prices(sentence: Sentence, at: int) -> bool:
    """Tell whether it is asked what things cost: "what do white wines cost here"."""
    if sentence.cue_at(at, "ask prices"):
        return True
    cue, end = sentence.cue_at(at, "ask cost"), sentence.part(at)[1]
    return cue is not None and any(sentence.cue_at(n, "words money") for n in range(cue.end, end))


def _names_a_field(sentence: Sentence, at: int, vocabulary: Vocabulary) -> bool:
    """Tell whether a measured field is counted: "how many pages"."""
    return any(
        word.start == 0 and not word.degree
        for word in vocabulary.field_words.find(sentence.tokens[at : at + 3])
    )


def _field_after(sentence: Sentence, at: int, vocabulary: Vocabulary) -> str:
    """Return the field whose name stands at a token, "" for none: "which brands"."""
    called = vocabulary.field_words.called
    for size in (3, 2, 1):
        run = sentence.tokens[at : at + size]
        plural = run and run[-1].text != run[-1].word
        fields = called.get(tuple(token.word for token in run)) if len(run) == size else None
        if fields and plural:
            return next((name for name in fields if name in vocabulary.catalogue.values), "")
    return ""
