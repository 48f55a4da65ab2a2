"""Word a record's fields in several ways, for captions.

Knows English and field values; knows no picture and no model. Every function returns the same
number of wordings for every record, because captions of a group must be interchangeable.
"""

import re

from retrieval.english import singular

_PAIRS = frozenset(
    "jeans shorts trousers shoes sunglasses briefs tights leggings socks pants heels flats flops "
    "sandals cufflinks earrings gloves stockings jeggings boxers slippers booties boots mittens "
    "scissors glasses tracksuits innerwear footwear headwear bottomwear topwear accessories".split()
)
_IRREGULAR = {"tshirts": "t-shirt", "knives": "knife"}


def plain(text: str) -> str:
    """Return words as people type them: lower case, without hyphens between words."""
    return " ".join(re.sub(r"[-_]+", " ", text).lower().split())


def one_of_kind(text: str) -> str:
    """Return the singular of a kind: "watches" gives "watch", pairs are unchanged."""
    *before, last = plain(text).split() or [""]
    return " ".join([*before, last if last in _PAIRS else _IRREGULAR.get(last, singular(last))])


def thing_ways(thing: str) -> tuple[str, ...]:
    """Name a kind of thing."""
    name, one = plain(thing), one_of_kind(thing)
    return (name, one, f"a photo of a {one}", f"a {one}")


def colour_ways(colour: str) -> tuple[str, ...]:
    """Name a colour."""
    name = plain(colour)
    return (name, f"something {name}", f"in {name}", f"{name} colour")


def coloured_ways(colour: str, thing: str) -> tuple[str, ...]:
    """Name a kind of thing in a colour."""
    hue, name, one = plain(colour), plain(thing), one_of_kind(thing)
    return (f"{hue} {name}", f"{hue} {one}", f"a {hue} {one}", f"{one} in {hue}")


def wearer_ways(thing: str, wearer: str) -> tuple[str, ...]:
    """Name a kind of thing for someone."""
    name, one, who = plain(thing), one_of_kind(thing), plain(wearer)
    return (f"{name} for {who}", f"{who} {name}", f"{who}'s {one}", f"{one} for {who}")


def coloured_wearer_ways(colour: str, thing: str, wearer: str) -> tuple[str, ...]:
    """Name a kind of thing in a colour for someone."""
    hue, name, one, who = plain(colour), plain(thing), one_of_kind(thing), plain(wearer)
    return (
        f"{hue} {name} for {who}",
        f"{hue} {one} for {who}",
        f"{who} {hue} {name}",
        f"{who}'s {hue} {one}",
        f"a photo of a {hue} {one} for {who}",
        f"{one} in {hue} for {who}",
    )
