"""Things that only titles tell: "secateurs", "no hostas", "camellia or magnolia".

Knows the words of titles and what a message denies. It is asked only where no value of a field
names what is meant. A word that titles of several kinds share ("classic"), or that stands amid
them ("Yamaha Electric Violin"), names no thing.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.dialogue_state import Prefer, TurnTo
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.naming import Named
from assistant.understanding.tokens.scopes import with_stances
from assistant.understanding.tokens.text import Span, folded_words, overlap, says_something
from assistant.understanding.wishes import Wishes
from retrieval.english import singular
from retrieval.items import Constraint, field_values

_TITLE = "title"
_PART = re.compile(r"[,;:()/|–—]|\s-\s|\s['‘\"]|\b(?:for|with|without|of|in)\b")


def asked_in_titles(wishes: Wishes, thing: str, vocabulary: Vocabulary) -> TurnTo | Prefer | None:
    """Return the thing that is asked for as titles call it, None where none does.

    Some title must have all its words. The rarest stands for it: of a "chess set" the chess. What
    titles only begin with may describe another thing ("Sofa Throw"): it orders, and hides nothing.
    """
    sentence, said = wishes.sentence, set(thing.lower().split())
    places = [at for at in _content(sentence, wishes.covered) if sentence.tokens[at].text in said]
    nouns = set(_nouns(sentence, wishes.covered, vocabulary))
    ids = [set(_ids(sentence, at, vocabulary)) for at in places]
    if not places or not set.intersection(*ids) or nouns.isdisjoint(places):
        return None
    rarest = min(nouns.intersection(places), key=lambda at: len(_ids(sentence, at, vocabulary)))
    listed = [rarest, *_alternatives(sentence, rarest, nouns)]
    words = tuple(dict.fromkeys(_word(sentence, at) for at in listed))
    spelt = " or ".join(sentence.text(at, at + 1) for at in listed)
    value: str | tuple[str, ...] = words[0] if len(words) == 1 else words
    asked = Constraint(_TITLE, "=" if len(words) == 1 else "in", value, spelt)
    items = [vocabulary.catalogue.items[id_] for id_ in _ids(sentence, rarest, vocabulary)]
    ends = all(_word(sentence, rarest) in _ends(item.title, -1) for item in items)
    return TurnTo(asked) if ends else Prefer(asked)


def spans_left(wishes: Wishes, apart: Sequence[Span]) -> tuple[str, ...]:
    """Return the runs of up to three words that no field explains, outside the spans `apart`.

    What has told which of several values is meant is explained: "a wine, red or white".
    """
    sentence = wishes.sentence
    told = {word for m in wishes.mentions for value in m.values for word in folded_words(value)}
    places = {
        at
        for at in _content(sentence, wishes.covered)
        if sentence.tokens[at].word not in told
        and not any(overlap(sentence.tokens[at].span, span) for span in apart)
    }
    return tuple(
        sentence.text(at, at + size)
        for at in sorted(places)
        for size in (1, 2, 3)
        if places.issuperset(range(at, at + size))
    )


def denied_things(wishes: Wishes, vocabulary: Vocabulary) -> Iterator[Constraint]:
    """Yield the things that only titles tell and a message denies."""
    sentence = wishes.sentence
    nouns = [Named(at, at + 1, _TITLE) for at in _nouns(sentence, wishes.covered, vocabulary)]
    others = [Named(m.start, m.end, m.field, m.field in vocabulary.kinds) for m in wishes.mentions]
    every = sorted([*nouns, *others], key=lambda one: one.start)
    for one in with_stances(sentence, every, vocabulary.known) if nouns else ():
        if one.field == _TITLE and one.stance == "denied":
            said = sentence.text(one.start, one.end)
            yield Constraint(_TITLE, "not in", (_word(sentence, one.start),), said)


def _alternatives(sentence: Sentence, at: int, nouns: Collection[int]) -> Iterator[int]:
    """Yield what a list goes on with: "or magnolia"."""
    while sentence.cue_at(at + 1, "words joins") and at + 2 in nouns:
        at += 2
        yield at


def _content(sentence: Sentence, covered: Collection[int]) -> Iterator[int]:
    """Yield the tokens that no field explains and that can be a part of a thing's name."""
    long = (cue for cue in sentence.found if cue.steers and cue.end - cue.start > 1)
    steering = {at for cue in long for at in range(cue.start, cue.end)}  # "not essential"
    for at, token in enumerate(sentence.tokens):
        says = token.kind == "word" and says_something(token.word)
        explained = at in covered or at in steering
        if says and not explained and not sentence.cue_at(at, "thing none", "words generic"):
            yield at


def _nouns(sentence: Sentence, covered: Collection[int], vocabulary: Vocabulary) -> Sequence[int]:
    """Return the tokens that titles of one kind begin or end with."""
    return [
        at
        for at in _content(sentence, covered)
        if _names_one_kind(_word(sentence, at), _ids(sentence, at, vocabulary), vocabulary)
    ]


def _word(sentence: Sentence, at: int) -> str:
    return singular(sentence.tokens[at].text)


def _ids(sentence: Sentence, at: int, vocabulary: Vocabulary) -> Sequence[str]:
    return vocabulary.catalogue.title_words.get(_word(sentence, at), ())


def _names_one_kind(word: str, ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    items = [vocabulary.catalogue.items[id_] for id_ in ids]
    kind = next(iter(vocabulary.kinds), "category")
    ends = (_ends(item.title, 0) | _ends(item.title, -1) for item in items)
    alike = len({field_values(item, kind) for item in items}) == 1
    return alike and all(word in end for end in ends)


def _ends(title: str, at: int) -> set[str]:
    """Return the words with which the parts of a title begin (0) or end (-1)."""
    parts = (folded_words(part) for part in _PART.split(title))
    return {singular(words[at]) for words in parts if words}
