"""Why an item was ranked where it is: matched constraints, matched words, the photo, the sound.

Pure. Reads a candidate's score contributions, its record, and its rank without a part of the query;
writes short reasons that are true by construction, and renders prices. Knows no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.tokens.text import content_words, sentences
from assistant.understanding.value_names import KIND_FIELDS
from retrieval.catalogue.currencies import sign_of
from retrieval.items import Candidate, Constraint, Item, Preference, raw_value
from retrieval.search import met_preferences

_CLOSE = {
    "text": "its description is close in meaning to your words",
    "picture": "its picture is close to your words",
    "speech": "its recording is close in meaning to your words",
    "sound": "its sound is among those nearest to your recording",
}
# Standard deviations above the catalogue's mean similarity to the photo. Of the first 12 items for
# 80 demo pictures, rotated, cropped and brightened, 84 % of those above it were of the same kind.
ALIKE = 3.5
# Cosine of an item's sound with the recording's. Chosen on 168 synthesised sounds of 14 kinds: 93 %
# of the pairs above it were of one kind. `python -m benchmarks.sounds` measures it on other sounds.
_SOUNDS_ALIKE = 0.85
_SEEN = "its picture is among those nearest to your photo"
_MOVED = 5  # smallest change of rank that is mentioned


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """An item's rank if a part of the query were left out; ranks count from 1."""

    without: str  # "photo", "recording", "words", "budget" or "like"
    rank: int | None  # None: further down than the ranks that are computed
    now: int  # the rank with the whole query, by the search's score
    first: Item | None = None  # the item that would be first, None if it is first now too
    liked: Item | None = None  # the liked item that was left out


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
    alike: float = 0.0,
    sounds_alike: float = 0.0,
    preferences: Sequence[Preference] = (),
) -> tuple[str, ...]:
    """Return the reasons why an item is shown, the most informative first.

    `alike` is its picture's similarity to the photo in standard deviations, 0 without a photo;
    `sounds_alike` the cosine of its sound with the recording's, 0 without either; `preferences` are
    the attributes seen in the photo.
    """
    item, parts = candidate.item, candidate.contributions
    found = [_quoted(item, phrase), *(_kept(item, constraint) for constraint in constraints)]
    if alike > ALIKE:
        found.append("it looks like your photo")
    if sounds_alike > _SOUNDS_ALIKE:
        found.append("it sounds like your recording")
    if had := [preference.value for preference in met_preferences(item, preferences)]:
        found.append(f"as your photo seems to show: {', '.join(had)}")
    if "code" in parts:
        found.insert(0, "it has the code that you named")
    asked = {name: part for name, part in parts.items() if name != "taste"}
    if not any(found) and asked:
        most = max(asked, key=lambda name: asked[name])
        close = _SEEN if alike and most == "picture" else _CLOSE.get(most, "")
        found.append(close if asked[most] > 0 else "")
    return tuple(reason for reason in found if reason)


def what_would_change(told: Sequence[Counterfactual]) -> tuple[str, ...]:
    """Describe how leaving out a part of the query would change the rank, if it changes much."""
    found = [f"because you liked {title}" for title in liked_because(told)]
    for one in told:
        if one.without in ("budget", "like"):
            continue
        if one.rank is None:
            found.append(f"without your {one.without} the search would not find it near the top")
        elif abs(one.rank - one.now) >= _MOVED:
            places = f"{ordinal(one.rank)} instead of {ordinal(one.now)}"
            found.append(f"without your {one.without} the search would put it {places}")
    return tuple(found)


def liked_because(told: Sequence[Counterfactual]) -> tuple[str, ...]:
    """Return the titles of the liked items without which the item would rank lower."""
    return tuple(
        one.liked.title
        for one in told
        if one.liked is not None and (one.rank is None or one.rank > one.now)
    )


def first_without_budget(told: Sequence[Counterfactual]) -> str:
    """Say which item would be first without the budget, "" if it is first now too."""
    for one in told:
        if one.without == "budget" and one.first is not None:
            price = price_text(one.first.price, one.first.currency)
            named = f"{one.first.title} ({price})" if price else one.first.title
            return f"without your limit on the price {named} would come first"
    return ""


def ordinal(rank: int) -> str:
    """Write a rank as an ordinal number: 1st, 2nd, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{'th' if rank % 100 in (11, 12, 13) else ending}"


def _kept(item: Item, constraint: Constraint) -> str:
    """Say how the record satisfies a constraint that the user set."""
    if constraint.field == "price" and isinstance(constraint.value, float | int):
        side = "under" if constraint.op == "<=" else "over"
        limit = price_text(constraint.value, item.currency)
        return f"{price_text(item.price, item.currency)} is {side} your {limit}"
    if constraint.field in ("id", "stock", *KIND_FIELDS) or constraint.excludes:
        return ""
    return f"{constraint.field}: {raw_value(item, constraint.field)}"


def _quoted(item: Item, phrase: str) -> str:
    """Quote the record's sentence with most words of the request, beyond title and category."""
    wanted = content_words(phrase) - content_words(f"{item.title} {item.category}")
    told = [("the record", sentence) for sentence in sentences(item.description)]
    told += [("its recording", s) for words in item.transcripts for s in sentences(words)]
    shared = [len(wanted & content_words(sentence)) for _, sentence in told]
    if not any(shared):
        return ""
    teller, sentence = told[shared.index(max(shared))]
    return f"{teller} says “{sentence}”"
