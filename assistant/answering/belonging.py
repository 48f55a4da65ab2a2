"""Is a word of a sentence put to the thing it belongs to? A lining's wool is not the coat's.

Pure. Knows the words of one sentence and of one record, all of which the record uses somewhere.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.answering.record_words import RecordWords
from assistant.answering.wording import is_number, spoken, stem
from assistant.understanding.tokens.text import fold

_IS = frozenset("is are was were be".split())
_SKIPPED = frozenset("also all both each so very".split())
_CLAUSE = re.compile(r"[,;:.!?()]|\b(?:and|but|which|so|because|while|as)\b", re.I)
_TO_DO = frozenset("keep store stay be get if when until unless best leave".split())
_MAKES = frozenset(map(stem, "make allow let help keep give".split()))
_WHY = frozenset("because since so thus therefore hence due".split())
_SUBJECT = 5  # words that may stand before the verb of a sentence about a part
_IT = ("it", "them")
_WITH_A_VERB = frozenset("can could may might will would also".split())
_OF_NO_PART = ("stock", "kind", "type")  # fields of which no part has a value of its own
_POINTS_BACK = frozenset("it they this that these those which one here there".split())

Neutral = Callable[[str], bool]  # tells whether a word claims nothing


def misplaced(words: Sequence[str], record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Yield what a sentence puts to the wrong thing."""
    yield from _mixed_up(words, record, neutral)
    yield from _of_another_field(words, record, neutral)
    yield from _no_value_of(words, record, neutral)
    yield from _of_a_part(words, record)
    yield from _only_looks_like(words, record, neutral)
    yield from _made_of_another(words, record, neutral)
    yield from _joined_anew(words, record)
    yield from _told_of_another(words, record)
    yield from _done_by_a_value(words, record)
    yield from _reasoned(words, record)


def scattered(sentence: str, record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Yield a word of each clause that puts together what the record says apart or otherwise.

    What the texts say must stand in one sentence of theirs, in that order, and not be what that
    sentence says of something else; the item's own fields ("a blue cotton bag") are true of all of
    it and may stand anywhere.
    """
    for clause in _CLAUSE.split(sentence):
        said = [
            stem(word)
            for word in spoken(clause)
            if not neutral(word) and not is_number(word) and stem(word) not in record.facts
        ]
        reached = max((_in_order(said, one) for one in record.statements), default=0)
        if len(said) > 1 and reached < len(said):
            yield next(w for w in spoken(clause) if stem(w) == said[reached])
        elif len(said) > 1 and all(
            _of_its_subject(said, one, record, neutral)
            for one in record.statements
            if _in_order(said, one) == len(said)
        ):
            yield next(w for w in spoken(clause) if stem(w) == said[0])


def _of_its_subject(
    said: Sequence[str], statement: Sequence[str], record: RecordWords, neutral: Neutral
) -> bool:
    """Tell whether a statement says some stems of a part that they do not name.

    "The base is weighted" says nothing of the lamp.
    """
    at = next((at for at, word in enumerate(statement[:_SUBJECT]) if word in _IS), 0)
    subject = {word for word in statement[:at] if not neutral(word)} - record.facts - record.names
    return bool(subject) and set(statement[:at]).isdisjoint(said)


def _in_order(stems: Sequence[str], statement: Sequence[str]) -> int:
    """Return how many of some stems a statement has one after another, others between them."""
    rest, found = iter(statement), 0
    for one in stems:
        if one not in rest:  # reads on to it
            break
        found += 1
    return found


def _mixed_up(words: Sequence[str], record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Find an attribute put to a part it does not belong to ("wool lining" of a wool coat)."""
    attributes = record.words_of(name for name in record.item.attributes if name not in _OF_NO_PART)
    facts = " ".join(
        text for place, text in record.places if place not in ("description", "transcript")
    )
    together = [set(map(stem, spoken(facts)))]
    together += [set(map(stem, spoken(text))) for _, text in record.places]
    title = spoken(record.item.title)
    for at, (first, second) in enumerate(zip(words, words[1:], strict=False), start=1):
        if fold(first) not in attributes or fold(second) in attributes or neutral(first):
            continue
        if words[max(0, at - len(title)) : at] == title:  # "the Harbour Mug, red, goes in"
            continue
        if neutral(second) or stem(second) in record.names or is_number(second):
            continue
        if not any({stem(first), stem(second)} <= segment for segment in together):
            yield f"{first} {second}"


def _of_another_field(words: Sequence[str], record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Find what is no value of the field that it is put to ("machine washable pattern")."""
    fields = record.item.attributes
    for before, first, second in zip(["", *words], words, words[1:], strict=False):
        listed = before == "of" or first in fields  # "a pattern of stripes, a size of 27 cm"
        if second not in fields or listed or neutral(first) or is_number(first):
            continue
        own = fold(first) in record.words_of((second,)) or stem(first) in record.names
        if not own and (stem(first), stem(second)) not in record.pairs:
            yield f"{first} {second}"


def _no_value_of(words: Sequence[str], record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Find what a field is said to be of: "a pattern of driftwood", "of stars and coral"."""
    fields = record.item.attributes
    for field, of, rest in zip(words, words[1:], range(2, len(words)), strict=False):
        said = [word for word in words[rest : rest + 3] if not neutral(word)]
        if field not in fields or of != "of" or not said or is_number(said[0]):
            continue
        own = record.words_of((field,))
        if own.isdisjoint(map(fold, said)) and (stem(field), of) not in record.pairs:
            yield f"{field} of {said[0]}"
        joined = words[rest + 1 : rest + 3]
        if joined[:1] == ["and"] and fold(joined[-1]) in record.words_of({*fields} - {field}) - own:
            yield f"{field} of {joined[-1]}"


def _of_a_part(words: Sequence[str], record: RecordWords) -> Iterator[str]:
    """Find what the record says of a part and the sentence of the whole.

    "The lining is cut from curtains" lets no bag be cut from curtains, and "the treatment lasts"
    lets no shorts last. What follows an "and" at once is said of the whole item.
    """
    named = set(map(stem, words)) | record.names | _POINTS_BACK
    for at, word in enumerate(words):
        before = [w for w in words[max(0, at - 2) : at] if w not in _WITH_A_VERB]
        said = record.names if before[-1:] in (["and"], ["but"]) else named
        parts = record.doers.get(word, frozenset())
        if word in _IS:
            rest = [w for w in words[at + 1 :] if w not in _SKIPPED][:4]
            own = rest[:1] == ["made"] and not record.words_of(("material",)).isdisjoint(rest)
            parts = record.subjects.get(stem(rest[0]), frozenset()) if rest and not own else parts
            word = rest[0] if rest else word
        if parts and not parts & said:
            yield word


def _made_of_another(words: Sequence[str], record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Find what the item is not made of: the curtains are "pressed from recycled milk".

    Its material is, and what a text says to be made of it.
    """
    own = record.words_of(("material",))
    for made, of, rest in zip(words, words[1:], range(2, len(words)), strict=False):
        told = [word for word in words[rest : rest + 3] if not neutral(word)]
        if made != "made" or of not in ("of", "from", "with") or not told:
            continue
        said = any(record.says((made, by, stem(told[0]))) for by in ("of", "from", "with"))
        if not said and own.isdisjoint(map(fold, told)):
            yield told[0]


def _only_looks_like(words: Sequence[str], record: RecordWords, neutral: Neutral) -> Iterator[str]:
    """Find what is "done" to the item where the record only has a word like it, or asks for it.

    A "plant stand" lets no stool be planted, "keep it folded" no scarf be folded, and "oil it" no
    bowl be oil.
    """
    used = set[str]()
    for _, text in record.places:
        here = spoken(text)
        for at, word in enumerate(here):
            before = here[max(0, at - 2) : at]
            if _TO_DO.isdisjoint(before) or before[:1] == ["can"]:  # "can be exchanged"
                used.add(word)
    for word, told, after in zip(words, words[1:], [*words[2:], ""], strict=False):
        done = told.endswith("ed") and told not in used
        asked = after in _IT or any((stem(told), one) in record.pairs for one in _IT)
        if word in _IS and not neutral(told) and (done or (asked and not told.endswith("ed"))):
            yield told


def _joined_anew(words: Sequence[str], record: RecordWords) -> Iterator[str]:
    """Find what the record does not join: "18 cm, which fits under 70 dollars", "a hush engine".

    What follows "which" must follow it in the record too, and what the record says that "they" do
    ("they hush engines") is nothing to have.
    """
    for first, second, third in zip(words, words[1:], [*words[2:], ""], strict=False):
        if first == "which" and ("which", stem(second)) not in record.pairs:
            if second not in _IS or third not in ("", "and"):  # "which is under $40" is judged
                yield first
        elif first in ("has", "have") and second in ("a", "an"):
            does = any((who, stem(third)) in record.pairs for who in ("it", "they", "you", "we"))
            if does and ("a", stem(third)) not in record.pairs:
                yield third


def _told_of_another(words: Sequence[str], record: RecordWords) -> Iterator[str]:
    """Find what "that goes with oat milk" is told of, if the record tells it of something else."""
    said = list(map(stem, words))
    for at, (word, verb) in enumerate(zip(words, said[1:], strict=False)):
        meant = record.told_of.get((word, verb), frozenset()) if word in ("that", "which") else ()
        if meant and meant.isdisjoint(said[max(0, at - 3) : at]):
            yield words[at + 1]


def _done_by_a_value(words: Sequence[str], record: RecordWords) -> Iterator[str]:
    """Find what a field of the item is said to do: "a pattern that fits a pile of paperbacks".

    The lamp fits it. What the texts have before the same verb is theirs to do.
    """
    fields = record.facts - record.names
    for of, that, verb in zip(words, words[1:], words[2:], strict=False):
        if that not in ("that", "which") or verb in _IS or stem(of) not in fields:
            continue
        if all(_in_order((stem(of), stem(verb)), one) < 2 for one in record.statements):
            yield f"{of} {that}"


def _reasoned(words: Sequence[str], record: RecordWords) -> Iterator[str]:
    """Find reasons and means that the record does not give: "making it cool", "it can lock".

    What you asked for is the user's own to be a reason.
    """
    for before, first, second in zip(["", *words], words, words[1:], strict=False):
        said = (stem(first), stem(second)) in record.pairs
        led = (stem(before), stem(first)) in record.pairs
        makes = stem(first) in _MAKES and second in _IT and not said
        if makes or (first in _WHY and second != "you" and not said and not led):
            yield first
        if before in ("it", "they") and first == "can" and said and not led:
            yield f"{before} {first}"
