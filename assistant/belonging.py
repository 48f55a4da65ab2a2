"""Is a word of a sentence put to the thing it belongs to? A lining's wool is not the coat's.

Pure. Knows the words of one sentence and of one record, all of which the record uses somewhere.
"""

from collections.abc import Callable, Iterator, Sequence

from assistant.record_words import Record
from assistant.vocabulary import fold
from assistant.wording import is_number, spoken, stem

_IS = frozenset("is are was were".split())
_SKIPPED = frozenset("also all both each so very".split())
_POINTS_BACK = frozenset("it they this that these those which one here there".split())

Neutral = Callable[[str], bool]  # tells whether a word claims nothing


def misplaced(words: Sequence[str], record: Record, neutral: Neutral) -> Iterator[str]:
    """Yield what a sentence puts to the wrong thing."""
    yield from _mixed_up(words, record, neutral)
    yield from _of_another_field(words, record, neutral)
    yield from _of_a_part(words, record)
    yield from _only_looks_like(words, record, neutral)


def _mixed_up(words: Sequence[str], record: Record, neutral: Neutral) -> Iterator[str]:
    """Find an attribute put to a part it does not belong to ("wool lining" of a wool coat)."""
    attributes = record.words_of(name for name in record.item.attributes if name != "stock")
    facts = " ".join(
        text for place, text in record.places if place not in ("description", "transcript")
    )
    together = [set(map(stem, spoken(facts)))]
    together += [set(map(stem, spoken(text))) for _, text in record.places]
    for first, second in zip(words, words[1:], strict=False):
        if fold(first) not in attributes or fold(second) in attributes or neutral(first):
            continue
        if stem(first) in record.names:
            continue
        if neutral(second) or stem(second) in record.names or is_number(second):
            continue
        if not any({stem(first), stem(second)} <= segment for segment in together):
            yield f"{first} {second}"


def _of_another_field(words: Sequence[str], record: Record, neutral: Neutral) -> Iterator[str]:
    """Find what is no value of the field that it is put to ("machine washable pattern")."""
    fields = record.item.attributes
    for before, first, second in zip(["", *words], words, words[1:], strict=False):
        listed = before == "of" or first in fields  # "a pattern of stripes, a size of 27 cm"
        if second not in fields or listed or neutral(first) or is_number(first):
            continue
        own = fold(first) in record.words_of((second,)) or stem(first) in record.names
        if not own and (stem(first), stem(second)) not in record.pairs:
            yield f"{first} {second}"


def _of_a_part(words: Sequence[str], record: Record) -> Iterator[str]:
    """Find what the record says of a part and the sentence of the whole.

    "The lining is cut from curtains" lets no bag be cut from curtains, and "the treatment lasts"
    lets no shorts last.
    """
    said = set(map(stem, words)) | record.names | _POINTS_BACK
    for at, word in enumerate(words):
        parts = record.doers.get(word, frozenset())
        if word in _IS:
            rest = [w for w in words[at + 1 :] if w not in _SKIPPED][:4]
            own = rest[:1] == ["made"] and not record.words_of(("material",)).isdisjoint(rest)
            parts = record.subjects.get(stem(rest[0]), frozenset()) if rest and not own else parts
            word = rest[0] if rest else word
        if parts and not parts & said:
            yield word


def _only_looks_like(words: Sequence[str], record: Record, neutral: Neutral) -> Iterator[str]:
    """Find what is "done" to the item where the record only has a word like it.

    A "plant stand" lets no stool be planted.
    """
    used = {word for _, text in record.places for word in spoken(text)}
    for word, told in zip(words, words[1:], strict=False):
        if word in _IS and told.endswith("ed") and told not in used and not neutral(told):
            yield told
