"""A user's taste profile: plain sentences, each with the items that are its reason.

Pure: opinions about items and the user's own edits in, a profile out. Knows records; knows no
database and no screen. A sentence is counted from records or written by the user, never inferred
in another way.

The rule: a value of a record's field ("wool") counts as liked when at least two liked items carry
it, more than twice as many as disliked ones, and it is clearly more frequent among the liked items
than in the rest of the catalogue: the log odds ratio with half a case added to each cell (Haldane
1956, doi:10.1111/j.1469-1809.1955.tb01285.x; standard error after Woolf 1955,
doi:10.1111/j.1469-1809.1955.tb01348.x) is above zero with 95 % confidence, one-sided. Disliked
values are counted in the same way.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from assistant.understanding.acts.feedback import Feeling
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.tokens.text import content_words
from assistant.understanding.value_names import COLOUR_FIELDS, KIND_FIELDS
from retrieval.errors import MessageError
from retrieval.items import Candidate, Catalogue, Item, normal, raw_value

OpinionSource = Literal["card", "words"]  # a button on the card, or a message

_FEWEST, _CLEARLY = 2, 1.645  # items; standard errors: one-sided 95 %
_NAMED = 3  # items named in a sentence; all of them are in the JSON
_COUNTED = 20  # latest likes that affect the ranking: each one makes a turn slower
_LONGEST = 200  # characters of a sentence that the user writes
_PLAIN = (
    "material",
    "brand",
    "pattern",
    "style",
    *COLOUR_FIELDS,
)  # fields whose values are clear without the field's name


@dataclass(frozen=True, slots=True)
class Opinion:
    """A user's like or dislike of one item, with its source and time."""

    item: str  # its id
    title: str  # as it was then, in case the catalogue changes
    feeling: Feeling
    source: OpinionSource
    at: datetime


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """A change that the user made to the profile."""

    kind: Literal["added", "removed"]
    text: str  # the user's own sentence, or the key of a counted one


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One sentence of a profile."""

    text: str
    key: str  # identifies the line within the profile
    said: bool = False  # written by the user, so kept unchanged
    feeling: Feeling | None = None
    field: str = ""
    value: str = ""
    reasons: tuple[str, ...] = ()  # titles of the items it was counted from


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is remembered of a user's taste in one catalogue."""

    lines: tuple[ProfileLine, ...] = ()  # the user's own first
    liked: tuple[Opinion, ...] = ()
    disliked: tuple[Opinion, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Candidates without the items that the user does not like."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[str, ...] = field(default=())  # titles that would have been shown


def profile(
    opinions: Sequence[Opinion], edits: Sequence[ProfileEdit], vocabulary: Vocabulary
) -> Profile:
    """Combine the user's own sentences with those counted from liked and disliked items."""
    liked = tuple(one for one in opinions if one.feeling == "like")
    disliked = tuple(one for one in opinions if one.feeling == "dislike")
    removed = {edit.text for edit in edits if edit.kind == "removed"}
    own = [ProfileLine(e.text, f"said {e.text}", said=True) for e in edits if e.kind == "added"]
    counted = [
        *_counted("like", liked, disliked, vocabulary),
        *_counted("dislike", disliked, liked, vocabulary),
    ]
    kept = (line for line in counted if line.key not in removed)
    return Profile((*own, *kept), liked, disliked)


def own_sentence(text: str) -> str:
    """Return a sentence written by the user, on one line.

    Raises:
        MessageError: it is empty or too long.
    """
    sentence = " ".join(text.split())
    if not sentence:
        raise MessageError("the sentence is empty: write what Magpie shall remember")
    if len(sentence) > _LONGEST:
        raise MessageError(
            f"the sentence has {len(sentence):,} characters; shorten it to {_LONGEST}"
        )
    return sentence


def line_text(line: ProfileLine) -> str:
    """Return a sentence with its reasons, or with a mark that the user wrote it."""
    if line.said:
        return f"{line.text} (your own words)"
    named, more = ", ".join(line.reasons[:_NAMED]), len(line.reasons) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"{line.text.rstrip('.')} ({line.feeling}d: {named}{rest})."


def profile_text(profile: Profile) -> str:
    """Return a profile as plain text, its sentences numbered from 1."""
    numbered = [f"{n}. {line_text(line)}" for n, line in enumerate(profile.lines, start=1)]
    liked, disliked = (
        ", ".join(one.title for one in those) for those in (profile.liked, profile.disliked)
    )
    told = [f"Liked: {liked}."] if liked else []
    told += [f"Disliked: {disliked}."] if disliked else []
    return "\n".join([*numbered, *told]) or "Nothing is remembered."


def profile_json(profile: Profile) -> dict[str, Any]:
    """Return a profile as plain dictionaries and lists: all of it."""
    return {
        "sentences": [
            {
                "number": number,
                "text": line.text,
                "said_by_user": line.said,
                "feeling": line.feeling,
                "field": line.field,
                "value": line.value,
                "because_of": list(line.reasons),
            }
            for number, line in enumerate(profile.lines, start=1)
        ],
        "liked": [_opinion_json(one) for one in profile.liked],
        "disliked": [_opinion_json(one) for one in profile.disliked],
    }


def latest_likes(opinions: Sequence[Opinion], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of liked items still in the catalogue, latest first, at most _COUNTED."""
    liked = [one.item for one in reversed(opinions) if one.feeling == "like"]
    return tuple(one for one in liked if one in catalogue.items)[:_COUNTED]


def disliked_items(opinions: Sequence[Opinion]) -> frozenset[str]:
    """Return the ids of disliked items."""
    return frozenset(one.item for one in opinions if one.feeling == "dislike")


def without_disliked(
    candidates: Sequence[Candidate], disliked: frozenset[str], message: str, *, limit: int
) -> Kept:
    """Remove disliked items, except those that the message names by their full title.

    If only disliked items fit, they are shown: an empty answer would be worse.
    """
    hidden = [
        c for c in candidates
        if c.item.id in disliked and not _named(c.item, content_words(message))
    ]  # fmt: skip
    kept = tuple(c for c in candidates if c not in hidden)
    if not kept:
        return Kept(tuple(candidates[:limit]))
    missed = tuple(c.item.title for c in candidates[:limit] if c in hidden)
    return Kept(kept[:limit], missed)


def _named(item: Item, said: frozenset[str]) -> bool:
    title = content_words(item.title)
    return bool(title) and title <= said


def _opinion_json(opinion: Opinion) -> dict[str, str]:
    return {
        "id": opinion.item,
        "title": opinion.title,
        "source": opinion.source,
        "at": opinion.at.isoformat(),
    }


def _counted(
    feeling: Feeling,
    these: Sequence[Opinion],
    others: Sequence[Opinion],
    vocabulary: Vocabulary,
) -> Iterator[ProfileLine]:
    """Yield a sentence for every value that passes the rule, the clearest first."""
    catalogue = vocabulary.catalogue
    mine, theirs = ([o.item for o in some if o.item in catalogue.items] for some in (these, others))
    told: set[tuple[frozenset[str], str]] = set()
    found = []
    for name, value, carriers in _values(vocabulary):
        have = [one for one in mine if one in carriers]
        against = sum(one in carriers for one in theirs)
        if len(have) < _FEWEST or len(have) <= 2 * against:
            continue
        if (sure := _surely_more(len(have), len(mine), len(carriers), len(catalogue.items))) > 0:
            found.append((sure, name, value, have))
    for _, name, value, have in sorted(found, key=lambda one: -one[0]):
        group = {(frozenset(have), word) for word in content_words(value)}
        if group & told:  # "Scarves" and "scarf" say the same of the same items
            continue
        told |= group
        yield _line(feeling, name, value, have, catalogue)


def _values(vocabulary: Vocabulary) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield every field value that can be asked for, with the ids of the items that have it."""
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = vocabulary.catalogue.values
    for name, known in vocabulary.facets.items():
        for value in known:
            yield name, value, frozenset(values[name][value])


def _surely_more(have: int, all_mine: int, carriers: int, items: int) -> float:
    """Return the lower confidence bound of the log odds ratio of the user's items to the rest."""
    a, b = have + 0.5, all_mine - have + 0.5
    c, d = carriers - have + 0.5, items - all_mine - (carriers - have) + 0.5
    return math.log(a * d / (b * c)) - _CLEARLY * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def _line(
    feeling: Feeling, name: str, value: str, have: Sequence[str], catalogue: Catalogue
) -> ProfileLine:
    verb = "like" if feeling == "like" else "avoid"
    raw = raw_value(catalogue.items[have[0]], name)
    written = raw if normal(raw) == value else value
    thing = written if name in _PLAIN else f"the {_field_word(name)} “{written}”"
    titles = tuple(catalogue.items[one].title for one in have)
    key = f"{feeling} {name}={value}"
    return ProfileLine(f"You {verb} {thing}.", key, False, feeling, name, value, titles)


def _field_word(name: str) -> str:
    return "kind" if name in KIND_FIELDS and name != "category" else name
