"""Which shown item does the user mean? "The second one", "the blue one", "that lamp", "it".

Pure, and resolved by code: the language model never picks an id. Knows the items on screen, in
the order they stand there; of others only the titles, which `titled` is given.
"""

from collections.abc import Iterable, Iterator, Sequence

from assistant.understanding.acts.descriptions import Reference, by_description
from assistant.understanding.acts.talk_cues import first_word
from assistant.understanding.tokens.amounts import read_amounts
from assistant.understanding.tokens.cues import Cue, Sentence
from assistant.understanding.tokens.text import folded_words, says_something
from retrieval.items import Item
from retrieval.units import unit_named

_PLACES = 99  # on screen
_DESCRIBES = 4  # words of "the navy blue wool scarf"


def references(
    sentence: Sentence, shown: Sequence[Item], *, photo: bool = False
) -> list[Reference]:
    """Return what a message points at among the shown items, each once, in order.

    With a `photo` beside the message, "this" points at the photo.
    """
    found = [*_by_run(sentence, shown), *_by_ordinal(sentence, shown), *_by_list(sentence, shown)]
    found = found or list(_by_all(sentence, shown))
    if not found:
        found = [*_by_price(sentence, shown), *by_description(sentence, shown, photo=photo)]
    if not found and shown:
        found = [Reference(shown[0], *place) for place in _pointed(sentence, photo=photo)][:1]
    once: dict[str, Reference] = {}
    for reference in found:
        once.setdefault(reference.item.id, reference)
    return list(once.values())


def titled(message: str, items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items whose title stands in the message, those with the longest title only."""
    said = f" {' '.join(folded_words(message))} "
    names = ((f" {' '.join(folded_words(item.title))} ", item) for item in items)
    found = [(len(name), item) for name, item in names if name.strip() and name in said]
    longest = max((size for size, _ in found), default=0)
    return tuple(item for size, item in found if size == longest)


def unwanted(sentence: Sentence, found: Sequence[Reference]) -> tuple[Item, ...]:
    """Return the items among those pointed at that the user wants less of ("less like 4")."""
    denied = {at for start, end in _away(sentence) for at in range(start, end)}
    return tuple(reference.item for reference in found if reference.start in denied)


def _away(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the tokens from "less like" on, up to the next clause."""
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "point away") or (
            sentence.cue_at(at, "point away_first") if at == first_word(sentence) else None
        )
        if cue is None:
            continue
        end = cue.end
        while end < len(sentence.tokens) and not _ends_away(sentence, end):
            end += 1
        yield at, end


def _ends_away(sentence: Sentence, at: int) -> bool:
    if sentence.cue_at(at, "point away_ends"):
        return True
    listed = at + 1 < len(sentence.tokens) and (
        sentence.tokens[at + 1].kind == "number" or sentence.cue_at(at + 1, "words joins")
    )
    return sentence.is_break(at) and not (sentence.tokens[at].text == "," and listed)


def _by_run(sentence: Sentence, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read "the first two", "the last three"."""
    for at in range(len(sentence.tokens) - 1):
        count = _number(sentence, at + 1)
        if sentence.cue_at(at, "point run") and count and 1 < count <= _DESCRIBES:
            first = sentence.cues.places[(sentence.tokens[at].text,)] > 0
            run = shown[:count] if first else shown[-count:]
            yield from (Reference(item, at, at + 2) for item in run)


def _number(sentence: Sentence, at: int) -> int | None:
    """Return the whole number that stands at a token, in digits or as a word."""
    if at >= len(sentence.tokens):
        return None
    token = sentence.tokens[at]
    value = sentence.cues.numbers.get(token.text)
    if value is None and token.kind == "number" and token.text.isdecimal():
        value = float(token.text)
    return (
        int(value) if value is not None and 0 < value <= _PLACES and value == int(value) else None
    )


def _by_all(sentence: Sentence, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read "both" and "each of them"."""
    for at in range(len(sentence.tokens)):
        if cue := sentence.cue_at(at, "point both", "point each"):
            run = shown[:2] if "point both" in cue.roles else shown
            yield from (Reference(item, cue.start, cue.end) for item in run)


def _by_ordinal(sentence: Sentence, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read "the second one", "second one please", "number two", "#2"."""
    at = 0
    while at < len(sentence.tokens):
        start, end, place = _place_at(sentence, at) or _numbered(sentence, at) or (at, at + 1, 0)
        if 0 < abs(place) <= len(shown):
            yield Reference(shown[place - 1 if place > 0 else place], start, end)
        at = end


def _place_at(sentence: Sentence, at: int) -> tuple[int, int, int] | None:
    """Return where a place on screen stands in words, and which it is."""
    end, place = _place_word(sentence, at)
    thing = sentence.cue_at(end, "point things")
    elsewhere = sentence.cue_at(end, "point elsewhere") and not thing  # "the first time"
    if not place or elsewhere or (sentence.cue_at(at, "point ends") and not thing):
        return None
    if definite := sentence.cue_before(at, "point the"):
        return definite.start, end, place
    alone = (thing and _led(sentence, at)) or _is_listed(sentence, at, end)
    return (at, end, place) if alone else None


def _is_listed(sentence: Sentence, at: int, end: int) -> bool:
    """Tell whether a place is joined to another: "first and second", "first vs second"."""
    joins = ("words joins", "point list")
    after, before = sentence.cue_at(end, *joins), sentence.cue_before(at, *joins)
    if after and _place_word(sentence, after.end)[1]:
        return True
    return bool(before and before.start and _place_word(sentence, before.start - 1)[1])


def _place_word(sentence: Sentence, at: int) -> tuple[int, int]:
    """Return where the words of a place that begin at a token end, and the place, 0 for none."""
    texts = tuple(token.text for token in sentence.tokens[at : at + 3])
    for size in range(len(texts), 0, -1):
        if place := sentence.cues.places.get(texts[:size]):
            return at + size, place
    return at, 0


def _led(sentence: Sentence, at: int) -> bool:
    """Tell whether nothing but small words stand before a token in its part of the message."""
    start = sentence.part(at)[0]
    return not any(says_something(token.word) for token in sentence.tokens[start:at])


def _numbered(sentence: Sentence, at: int) -> tuple[int, int, int] | None:
    """Return where "number 2" stands, and the number."""
    cue = sentence.cue_at(at, "point number")
    if cue is None:
        return None
    dotted = cue.end < len(sentence.tokens) and sentence.tokens[cue.end].text == "."
    end = cue.end + dotted
    place = _number(sentence, end)
    return (at, end + 1, place) if place else None


def _by_list(sentence: Sentence, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read the numbers of "compare 1, 2 and 3", "what about 3?", "put 1 and 2 side by side"."""
    at = 0
    while at < len(sentence.tokens):
        led = sentence.cue_before(at, "point list") is not None
        numbers, end = _listed(sentence, at)
        enough = numbers and (led or len(numbers) > 1)
        if enough and not _measures(sentence, end) and (led or max(numbers) <= len(shown)):
            yield from (Reference(shown[n - 1], at, end) for n in numbers if n <= len(shown))
        at = max(end, at + 1)


def _listed(sentence: Sentence, at: int) -> tuple[list[int], int]:
    """Return the small whole numbers that stand from a token on, joined by "and" and the like."""
    numbers, end = list[int](), at
    while (place := _number(sentence, at)) and sentence.tokens[at].kind == "number":
        numbers.append(place)
        end = at = at + 1
        while at < len(sentence.tokens) and sentence.cue_at(at, "words joins", "point joins"):
            at += 1
        if at == end:
            break
    return numbers, end


def _measures(sentence: Sentence, at: int) -> bool:
    """Tell whether what follows a number makes it an amount: "about 3 dollars", "like 2 dogs"."""
    if at >= len(sentence.tokens):
        return False
    token = sentence.tokens[at]
    money = token.text == "%" or token.text in sentence.cues.currencies
    return money or (
        token.kind == "word" and (unit_named(token.text) is not None or _is_noun(sentence, at))
    )


def _is_noun(sentence: Sentence, at: int) -> bool:
    """Tell whether a word that says something stands right behind a number: "1 or 2 people"."""
    word = sentence.tokens[at]
    known = sentence.cue_at(at, "words copulas", "point after", "act like", "words joins")
    return says_something(word.word) and known is None


def _by_price(sentence: Sentence, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read "the one for 54 dollars", "why the cheapest?", "the cheapest of these"."""
    for amount in read_amounts(sentence, (), (), ()):
        cue = sentence.cue_before(amount.start, "words priced")
        costing = [item for item in shown if item.price == amount.low == amount.high]
        if cue is not None and amount.currencies and len(costing) == 1:
            yield Reference(costing[0], cue.start, amount.end)
    priced = [item for item in shown if item.price is not None]
    priced.sort(key=lambda item: item.price or 0)
    money = dict.fromkeys(item.currency for item in priced)  # each has a cheapest of its own
    for start, end, dear in _extremes(sentence):
        for currency in money:
            alike = [item for item in priced if item.currency == currency]
            yield from (Reference(item, start, end) for item in (alike[-1:] if dear else alike[:1]))


def _extremes(sentence: Sentence) -> Iterator[tuple[int, int, bool]]:
    """Yield where the cheapest or dearest of what is shown is meant, and whether it is dear."""
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "point cheapest", "point dearest")
        if cue is None or not sentence.cue_before(at, "point the"):
            continue
        asked = sentence.cue_before(at, "point asked")
        among = sentence.cue_at(cue.end, "point among")
        if asked or among:
            end = among.end if among else cue.end
            yield at - 1, end, "point dearest" in cue.roles


def _pointed(sentence: Sentence, *, photo: bool) -> Iterator[tuple[int, int]]:
    """Yield where "it" and the like stand for what is shown first."""
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "point it")
        if cue and not (photo and sentence.cue_at(at, "point this")):
            yield cue.start, cue.end
        alone = sentence.cue_at(at, "point before") and sentence.cue_at(at + 1, "point alone")
        if alone and not photo:
            yield at, at + 2
        if (cue := sentence.cue_at(at, "point its")) and _is_whose(sentence, cue):
            yield cue.start, cue.end
        if (cue := sentence.cue_at(at, "point price")) and cue.end - at == _worded(sentence):
            yield cue.start, cue.end


def _is_whose(sentence: Sentence, cue: Cue) -> bool:
    """Tell "its weight" from "it's for my wife"."""
    written = sentence.text(cue.start, cue.end)
    return written.isalpha() and not sentence.cue_at(cue.end, "point its_not")


def _worded(sentence: Sentence) -> int:
    """Return how many tokens are no marks."""
    return sum(token.kind != "mark" for token in sentence.tokens)
