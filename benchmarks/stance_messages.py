"""Messages with what they say of each thing named: what the stance model is taught from.

Two sources: `tests/data/stances`, in which people's messages are marked by hand; and
`tests/data/shoppers`, where the conditions that stand after a turn tell what its message says of
the values that it names. Messages in other languages are turned into English word by word, as they
are read. Knows no model.
"""

import json
import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.stance.said import Meaning, MessageAct, Stretch
from assistant.turn.catalogue_language import catalogue_language
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.lexicon import PIVOT, lexicons
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.translate import Translation, translate
from benchmarks.catalogue import read_shop_file

MARKED, SHOPPERS = Path("tests/data/stances"), Path("tests/data/shoppers")
_HELD_OUT = 10  # one in so many of the marked messages
_NOT_TAUGHT = "lmn"  # shoppers that measure what is taught
_MARK = re.compile(r"\[\[(.+?)\]\]")
_ACTS: Mapping[str, MessageAct] = {  # as shoppers' turns are called
    "find": "find", "refine": "find", "ask": "ask", "why": "ask", "compare": "compare",
    "count": "count", "list": "count", "like": "like", "dislike": "dislike", "sort": "control",
    "others": "control", "more": "control", "undo": "control", "back": "control",
    "drop": "control", "point": "control", "chat": "smalltalk", "help": "advice",
    "offtopic": "offtopic",
}  # fmt: skip
_ASKS = ("ask", "compare", "count")


@dataclass(frozen=True)
class Labelled:
    """A message in English, and what it says."""

    text: str
    stretches: tuple[Stretch, ...]
    meant: tuple[Meaning | None, ...]  # of each stretch, None where nobody tells
    acts: tuple[MessageAct, ...]
    language: str  # that it was written in
    held: bool = False  # left out of what is taught


def marked_messages(folder: Path = MARKED) -> Iterator[Labelled]:
    """Yield the messages that are marked by hand."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            told = json.loads(line)
            message, stretches = _without_marks(told["m"])
            if told["l"] != PIVOT:
                translation = translate(message, told["l"], CatalogueWords(frozenset()), own=PIVOT)
                message, stretches = translated(translation, stretches)
            held = zlib.crc32(told["m"].encode()) % _HELD_OUT == 0
            meant, acts = tuple(told["s"]), tuple(told["a"])
            yield Labelled(message, tuple(stretches), meant, acts, told["l"], held)


def _without_marks(line: str) -> tuple[str, list[Stretch]]:
    plain, stretches, at = "", list[Stretch](), 0
    for match in _MARK.finditer(line):
        plain += line[at : match.start()]
        stretches.append((len(plain), len(plain) + len(match[1])))
        plain, at = plain + match[1], match.end()
    return plain + line[at:], stretches


def translated(translation: Translation, stretches: Sequence[Stretch]) -> tuple[str, list[Stretch]]:
    """Return the translated text, and where stretches of the message stand in it."""
    text, at = "", 0
    places = list[tuple[int, int, int, int]]()
    for piece in translation.pieces:
        start = max(translation.message.find(piece.said, at), at)
        at = start + len(piece.said)
        if said := piece.text.strip():
            text += "" if not text or said[0] in ",.?!;:%)" else " "
            places.append((start, at, len(text), len(text) + len(said)))
            text += said
    found = list[Stretch]()
    for first, last in stretches:
        touched = [place for place in places if place[0] < last and place[1] > first]
        found.append((touched[0][2], touched[-1][3]) if touched else (0, 0))
    return text, found


def shoppers_messages(folder: Path = SHOPPERS) -> Iterator[Labelled]:
    """Yield what shoppers say, with what their conditions tell of the values that they name."""
    shops = dict[Path, Vocabulary]()
    for file in sorted(folder.glob(f"[!{_NOT_TAUGHT}]/*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            told = json.loads(line)
            at = next(p for p in _places(file, told["catalogue"]) if p.is_file())
            if at not in shops:
                shops[at] = Vocabulary(read_shop_file(at))
            yield from _of_one(told, shops[at])


def _places(file: Path, name: str) -> Iterator[Path]:
    """Yield where a catalogue may stand."""
    yield from (parent / name for parent in file.parents[:3])
    yield from file.parents[1].glob(f"*/{name}")


def _of_one(told: Mapping[str, Any], shop: Vocabulary) -> Iterator[Labelled]:
    """Yield the messages of one denial, one limit or one conversation."""
    if "turns" not in told:
        conditions = told.get("conditions") or [
            {"op": "in", "value": told.get("wanted_kind") or []},
            {"op": "not in", "value": told.get("value", [])},
        ]
        yield _labelled(told, "find", conditions, (), shop)
        return
    before = frozenset[str]()
    for turn in told["turns"]:
        conditions = turn.get("stated", [])
        if (act := turn["act"]) in _ACTS:
            one = {"language": told["language"], "message": turn["user"], **turn}
            labelled = _labelled(one, act, conditions, before, shop)
            if labelled.stretches or act not in ("find", "refine"):
                yield labelled
        before = _values(conditions, "in", "=", "not in")


def _labelled(
    told: Mapping[str, Any],
    act: str,
    conditions: Sequence[Mapping[str, Any]],
    before: Collection[str],
    shop: Vocabulary,
) -> Labelled:
    language = str(told.get("language", PIVOT)).partition("+")[0]
    known = language in {PIVOT, *(one.language for one in lexicons())}
    own = catalogue_language(shop.catalogue)
    language = language if known else PIVOT
    text = translate(told["message"], language, shop.words, own=own).text
    wanted, denied = _values(conditions, "in", "="), _values(conditions, "not in")
    mentions, meant = shop.read(read_sentence(text)), list[Meaning | None]()
    for mention in mentions:
        values = {value.casefold() for value in mention.values}
        asks: Meaning | None = "ask" if _ACTS[act] in _ASKS else None
        freed: Meaning | None = "free" if values & set(before) else asks
        meant.append("not" if values & denied else "want" if values & wanted else freed)
    spans = tuple(mention.span for mention in mentions)
    return Labelled(text, spans, tuple(meant), (_ACTS[act],), language)


def _values(conditions: Sequence[Mapping[str, Any]], *ops: str) -> frozenset[str]:
    """Return the values of conditions of some kinds."""
    listed = (one["value"] for one in conditions if one["op"] in ops)
    return frozenset(
        str(value).casefold()
        for several in listed
        for value in (several if isinstance(several, list) else [several])
    )
