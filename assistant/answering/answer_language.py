"""Say in the user's language what Magpie says in English.

Pure but for the data files in `languages/`, one a language: English sentence = the same sentence,
as gettext does it, with named places for what comes from the record, the user or a count. What
fills a place stays in the record's own words. A sentence that no file has is said in English.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assistant.answering.messages import whole_record
from assistant.understanding.languages.lexicon import PIVOT
from assistant.understanding.tokens.text import content_words, sentences
from retrieval.items import Item

_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.?!:”])\s+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_BETWEEN = {  # the places that limits fill, and what stands between several
    **dict.fromkeys(("limits", "limit", "other_limit", "value", "values", "other_value"), ", "),
    "misses": "; ",
    "broken": "; ",
}


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """One English sentence with named places, and how it is said elsewhere."""

    english: re.Pattern[str]
    said: str


WordingTable = tuple[TranslatedSentence, ...]


def in_language(english: str, language: str) -> str:
    """Return one or several English sentences in a language, as far as its file has them."""
    if language == PIVOT or not english:
        return english
    tables = read_answers(language)
    parts, said, at = _SENTENCE_END.split(english), [], 0
    while at < len(parts):
        # "The nearest I have:" stands alone only where no longer sentence begins with it.
        ends = range(at + 1 + parts[at].endswith(":"), len(parts) + 1)
        for end in (*ends, at + 1):
            found = _worded(" ".join(parts[at:end]), tables["sentences"], tables)
            if found is not None:
                said.append(found)
                at = end
                break
        else:
            said.append(parts[at])
            at += 1
    return " ".join(said)


def reason_in_language(english: str, language: str) -> str:
    """Return a reason for an item in a language, or as it is when its file does not have it."""
    if language == PIVOT:
        return english
    tables = read_answers(language)
    found = _worded(english, tables["reasons"], tables)
    return english if found is None else found


def quoted(question: str, item: Item) -> str:
    """Answer a question, given in English, by the sentence of the record that shares most with it.

    What nothing answers is answered by the whole record.
    """
    wanted = content_words(question) - content_words(f"{item.title} {item.category}")
    told = [s for text in (item.description, *item.transcripts) for s in sentences(text)]
    shared = [len(wanted & content_words(sentence)) for sentence in told]
    best = told[shared.index(max(shared))] if any(shared) else whole_record(item)
    return f"The record of {item.title} says: “{best}”"


@lru_cache
def read_answers(language: str) -> Mapping[str, WordingTable]:
    """Read the sentences, reasons and limits of a language; none when it has no file."""
    place = files(__package__).joinpath("languages", f"{language}.toml")
    tables = tomllib.loads(place.read_text("utf-8")) if place.is_file() else {}
    return {
        name: tuple(
            TranslatedSentence(_pattern(key), said) for key, said in tables.get(name, {}).items()
        )
        for name in ("sentences", "reasons", "limits")
    }


def _worded(english: str, table: WordingTable, tables: Mapping[str, WordingTable]) -> str | None:
    """Return the first wording that fits the whole text, its places filled."""
    for wording in table:
        if match := wording.english.fullmatch(english):
            filled = {name: _filled(name, text, tables) for name, text in match.groupdict().items()}
            return _PLACE.sub(lambda place, filled=filled: filled[place[1]], wording.said)  # type: ignore[misc]
    return None


def _filled(name: str, text: str, tables: Mapping[str, WordingTable]) -> str:
    """Return what fills a place: limits are worded, ranks are numbers, all else is as it was."""
    if between := _BETWEEN.get(name):
        limits = [
            limit if (said := _worded(limit, tables["limits"], tables)) is None else said
            for limit in text.split(between)
        ]
        return between.join(limits)
    rank = _ORDINAL.fullmatch(text)
    return rank[1] if rank else text


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACE.split(sentence)
    return re.compile(
        "".join(f"(?P<{p}>.+?)" if n % 2 else re.escape(p) for n, p in enumerate(parts)), re.S
    )
