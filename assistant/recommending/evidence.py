"""Why an item was ranked where it is: matched constraints, matched words, the photo, the sound.

Pure. Reads a candidate's score contributions, its record, and its rank without a part of the query;
returns facts, which are values, and renders prices. Knows no model and words nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.recommending.facts import Fact, Money, Place, UnitAmount
from assistant.understanding.tokens.text import content_words, sentences
from assistant.understanding.value_names import KIND_FIELDS
from retrieval.constraints import end_at_limit, satisfies
from retrieval.currencies import sign_of
from retrieval.items import Candidate, Constraint, Item, Preference, raw_value
from retrieval.search import met_preferences

# Standard deviations above the catalogue's mean similarity to the photo. Of the first 12 items for
# 80 demo pictures, rotated, cropped and brightened, 84 % of those above it were of the same kind.
ALIKE = 3.5
# Cosine of an item's sound with the recording's. Chosen on 168 synthesised sounds of 14 kinds: 93 %
# of the pairs above it were of one kind. `python -m benchmarks.sounds` measures it on other sounds.
_SOUNDS_ALIKE = 0.85
_MOVED = 5  # smallest change of rank that is mentioned
_SENTENCE = 3  # words of the shortest field that is prose
_UNTOLD = ("id", "stock", "title", *KIND_FIELDS)  # what the card and the title show anyway
_NEAR = ("text", "picture", "speech", "sound")  # parts of a score that a fact can name


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """An item's rank if a part of the query were left out; ranks count from 1."""

    without: str  # "photo", "recording", "words", "budget" or "like"
    rank: int | None  # None: further down than the ranks that are computed
    now: int  # the rank with the whole query, by the search's score
    first: Item | None = None  # the item that would be first, None if it is first now too
    liked: Item | None = None  # the liked item that was left out


@dataclass(frozen=True, slots=True)
class Likenesses:
    """How near an item is to what was shown and played, 0 where nothing was."""

    photo: float = 0.0  # in standard deviations of the pictures' similarity to the photo
    sound: float = 0.0  # cosine of its sound with the recording's


NOTHING_ALIKE = Likenesses()


def price_text(amount: float | None, currency: str) -> str:
    """Render a price from the record, "" when the record has none."""
    if amount is None:
        return ""
    digits = f"{amount:,.2f}".removesuffix(".00")
    sign = sign_of(currency)
    return f"{sign}{digits}" if sign else f"{digits} {currency}".strip()


def reasons(
    candidate: Candidate,
    constraints: Sequence[Constraint],
    phrase: str,
    *,
    alike: Likenesses = NOTHING_ALIKE,
    preferences: Sequence[Preference] = (),
    wished: Sequence[Constraint] = (),
) -> tuple[Fact, ...]:
    """Return the reasons why an item is shown, the most informative first.

    `preferences` are the attributes seen in the photo, `wished` what the user wishes for without
    insisting.
    """
    item, parts = candidate.item, candidate.contributions
    found = [Fact("code", "code")] if "code" in parts else []
    found += _quoted(item, phrase)
    found += [fact for one in constraints for fact in _kept(item, one)]
    found += [fact for one in wished for fact in _met(item, one)]
    if alike.photo > ALIKE:
        found.append(Fact("photo", "search"))
    if alike.sound > _SOUNDS_ALIKE:
        found.append(Fact("sound", "search"))
    if had := tuple(one.value for one in met_preferences(item, preferences)):
        found.append(Fact("seen", "search", {"values": had}))
    return tuple(found or _nearest(parts, photo=bool(alike.photo)))


def _nearest(parts: Mapping[str, float], *, photo: bool) -> Iterator[Fact]:
    """Yield the part of the score that brought an item here, where nothing else is known."""
    asked = {name: part for name, part in parts.items() if name != "taste"}
    most = max(asked, key=lambda name: asked[name], default="")
    if most in _NEAR and asked[most] > 0:
        yield Fact("near", "search", {"by": "photo" if photo and most == "picture" else most})


def what_would_change(told: Sequence[Counterfactual]) -> tuple[Fact, ...]:
    """Return how leaving out a part of the query would change the rank, if it changes much."""
    found = [Fact("liked", "likes", {"title": title}) for title in liked_because(told)]
    for one in told:
        if one.without in ("budget", "like"):
            continue
        if one.rank is None:
            found.append(Fact("without", "search", {"part": one.without}))
        elif abs(one.rank - one.now) >= _MOVED:
            ranks: dict[str, Place] = {"part": one.without, "rank": one.rank, "now": one.now}
            found.append(Fact("without", "search", ranks))
    return tuple(found)


def liked_because(told: Sequence[Counterfactual]) -> tuple[str, ...]:
    """Return the titles of the liked items without which the item would rank lower."""
    return tuple(
        one.liked.title
        for one in told
        if one.liked is not None and (one.rank is None or one.rank > one.now)
    )


def first_without_budget(told: Sequence[Counterfactual]) -> Iterator[Fact]:
    """Yield which item would be first without the budget, nothing if it is first now too."""
    for one in told:
        if one.without == "budget" and one.first is not None and one.first.price is not None:
            price = Money(one.first.price, one.first.currency)
            yield Fact("budget", "search", {"title": one.first.title, "price": price})
            return


def _kept(item: Item, constraint: Constraint) -> Iterator[Fact]:
    """Yield how the record satisfies a constraint that the user set."""
    limit = constraint.value
    if constraint.field in _UNTOLD or constraint.excludes:
        return
    if not isinstance(limit, float | int) or constraint.op not in ("<=", ">="):
        yield has(item, constraint.field)
        return
    side = "most" if constraint.op == "<=" else "least"
    if constraint.field == "price":
        price = item.price or 0.0
        amounts = {"price": price, "limit": limit, "gap": round(abs(price - limit), 2)}
        money = {name: Money(amount, item.currency) for name, amount in amounts.items()}
        yield Fact("price", "price and limit", {**money, "side": side})
        return
    end, told = end_at_limit(item, constraint), has(item, constraint.field)
    if end is None:
        yield told
        return
    gap = UnitAmount(abs(end - limit), constraint.unit)
    yield Fact("kept", told.source, {**told.places, "gap": gap, "side": side})


def _met(item: Item, wish: Constraint) -> Iterator[Fact]:
    """Yield what the record has of a wish."""
    on_the_card = wish.field in ("price", *_UNTOLD)
    if not (on_the_card or wish.excludes) and satisfies(item, wish):
        yield Fact("wished", f"attribute {wish.field}", has(item, wish.field).places)


def has(item: Item, name: str) -> Fact:
    """Return what a record says in a field that it fills, which may be the price."""
    if name == "price":
        return Fact(
            "has", "price", {"field": name, "value": Money(item.price or 0.0, item.currency)}
        )
    return Fact("has", f"attribute {name}", {"field": name, "value": raw_value(item, name)})


def _quoted(item: Item, phrase: str) -> list[Fact]:
    """Quote the record's sentence with most words of the request, beyond title and category."""
    wanted = content_words(phrase) - content_words(f"{item.title} {item.category}")
    told = quotations(item)
    shared = [len(wanted & content_words(str(one.places["text"]))) for one in told]
    return [told[shared.index(max(shared))]] if any(shared) else []


def is_prose(value: str) -> bool:
    """Tell whether a field holds a sentence: it is quoted, and not said as a value."""
    return value.endswith(".") and len(value.split()) >= _SENTENCE


def quotations(item: Item) -> list[Fact]:
    """Return every sentence of a record's description, fields of prose and recordings."""
    prose = (value for value in item.attributes.values() if is_prose(value))
    written = [s for text in (item.description, *prose) for s in sentences(text)]
    told = [Fact("quote", "description", {"text": s}) for s in written]
    spoken = (s for words in item.transcripts for s in sentences(words))
    return [*told, *(Fact("spoken", "transcript", {"text": s}) for s in spoken)]


def field_facts(item: Item, fields: Sequence[str]) -> list[Fact]:
    """Return what a record says in some fields, one of which may be the price."""
    return [
        has(item, name)
        if (item.price is not None if name == "price" else raw_value(item, name))
        else Fact("unsaid", "record", {"field": name})
        for name in fields
    ]


def whole_record(item: Item) -> Fact:
    """Return all that the record says of an item."""
    facts = [f"{name}: {value}" for name, value in item.attributes.items() if value]
    parts = (item.category, item.brand, *facts, item.description, *item.transcripts)
    text = ". ".join(part.rstrip(".") for part in parts if part)
    return Fact("record", "record", {"text": f"{text}."})
