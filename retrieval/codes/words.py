"""The words around codes: what introduces one, what is an amount, how codes are spoken.

Knows codes.toml; knows no message.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, eq=False)
class CodeWords:
    """What codes.toml says, ready to be matched."""

    fields: frozenset[str]  # attributes that are codes
    introduction: re.Pattern[str]  # its group "surely" tells how sure it is
    likened: re.Pattern[str]
    amount_before: re.Pattern[str]
    amount_after: re.Pattern[str]
    ordinary: re.Pattern[str]  # over a whole normal form
    small: frozenset[str]
    silent: frozenset[str]
    double: frozenset[str]
    triple: frozenset[str]
    letters: Mapping[tuple[str, ...], str]  # spoken words → letter
    sounds: Mapping[str, str]  # what a speech model writes for a letter
    alphabet: Mapping[str, str]  # words of the spelling alphabet, each written together → letter
    digits: Mapping[str, str]
    misheard: Mapping[str, str]
    alike: Mapping[int, str]  # letter → the first of those that sound like it, for str.translate


@cache
def code_words() -> CodeWords:
    """Return the words around codes."""
    table = tomllib.loads(files(__package__).joinpath("codes.toml").read_text("utf-8"))
    introduced, amounts, spoken = table["introduced"], table["amounts"], table["spoken"]
    surely, perhaps, link = (_one_of(introduced[name]) for name in ("surely", "perhaps", "link"))
    return CodeWords(
        fields=frozenset(table["fields"]),
        introduction=re.compile(rf"(?:(?P<surely>{surely})|{perhaps})(?:\s*(?:{link}))*\s*$", re.I),
        likened=re.compile(rf"(?:{_one_of(table['likened']['before'])})\s+(?:the\s+)?$", re.I),
        amount_before=re.compile(rf"(?:{_one_of(amounts['before'])})(?:\s*\()?\s*$", re.I),
        amount_after=re.compile(rf"\s*(?:{_one_of(amounts['after'])})", re.I),
        ordinary=re.compile("|".join(table["ordinary"]["forms"])),
        small=frozenset(table["ordinary"]["small"]),
        silent=frozenset(spoken["silent"]),
        double=frozenset(spoken["double"]),
        triple=frozenset(spoken["triple"]),
        letters={
            tuple(said.split()): letter
            for said, letter in (spoken["letters"] | spoken["alphabet"]).items()
        },
        sounds=spoken["sounds"],
        alphabet={said.replace(" ", ""): letter for said, letter in spoken["alphabet"].items()},
        digits=spoken["digits"],
        misheard=spoken["misheard"],
        alike={ord(letter): group[0] for group in spoken["alike"] for letter in group},
    )


def _one_of(words: Iterable[str]) -> str:
    """Return a pattern of whole words, the longest first."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(
        (r"(?<!\w)" if word[0].isascii() and word[0].isalpha() else "")
        + re.escape(word)
        + (r"(?!\w)" if word[-1].isascii() and word[-1].isalpha() else "")
        for word in longest
    )
