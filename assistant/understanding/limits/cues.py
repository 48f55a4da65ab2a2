"""The words that steer how a message is read, from the data files in `cues/`.

Pure but for those files. Knows no field and no number.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, eq=False)
class Cues:
    """One language's words around numbers."""

    before: Mapping[str, tuple[str, ...]]  # "most", "least", "exact" → what stands before a number
    after: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]

    def op_before(self, text: str) -> str:
        """Return which side the end of a text asks for: "most", "least", "exact" or ""."""
        return _longest(
            self.before, text, rf"(?:^|(?<=[\s(]))(?:{{}})\s*(?:(?:{self.filler})\s+)*$"
        )

    def op_after(self, text: str) -> str:
        """Return which side is asked for behind a number and its noun ("16 GB ram or more")."""
        return _longest(self.after, text, r"(?:^\s*|\s)(?:{})(?![^\W_])")

    @property
    def filler(self) -> str:
        """Return a pattern of words that may stand between a cue and its number."""
        return any_of(self.words["filler"])


def any_of(words: Sequence[str]) -> str:
    """Return a pattern that matches one of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


@cache
def read_cues(language: str) -> Cues:
    """Read a language's words."""
    place = files(__package__).joinpath("cues", f"{language}.toml")
    table = tomllib.loads(place.read_text("utf-8"))
    sides = {name: rows for name, rows in table.items() if name != "words"}
    return Cues(
        before={name: tuple(rows["before"]) for name, rows in sides.items()},
        after={name: tuple(rows["after"]) for name, rows in sides.items()},
        words={name: tuple(words) for name, words in table["words"].items()},
    )


def _longest(sides: Mapping[str, Sequence[str]], text: str, form: str) -> str:
    """Return the side whose cue covers most of the text's edge."""
    found = [
        (len(match[0]), name)
        for name, words in sides.items()
        if (match := re.search(form.format(any_of(words)), text))
    ]
    return max(found)[1] if found else ""
