"""Judge what Magpie understood of unseen shoppers: conditions by the items that they admit.

Knows what a message must come to, as its writer said it; holds no conversation by itself.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.agent import Agent
from assistant.events import Done
from assistant.memory.store import Memory
from assistant.model.protocol import LanguageModel
from assistant.settings import load_settings
from assistant.stance.said import MessageReader
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.catalogue.columns import find_columns
from retrieval.catalogue.formats.opening import open_file
from retrieval.catalogue.headers import split_header
from retrieval.catalogue.vocabulary import column_name, export_named, recognised_export
from retrieval.constraints import measured_value
from retrieval.embed import Encoders
from retrieval.filter import satisfying
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from retrieval.items import Constraint, Item, raw_value

_SEARCHES = frozenset("find refine sort more others undo back drop".split())
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NOTHING = (
    *("nothing", "no record", "not carried", "none", "does not", "not list", "isn't", "no item"),
    *("nichts", "kein", "nada", "ningún", "rien", "aucun", "没有"),
)


@dataclass
class Marks:
    """What came true, and what did not, by measure."""

    marks: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)

    def mark(self, measure: str, right: bool, told: str) -> None:
        """Note one expectation."""
        self.marks[measure].append(right)
        if not right:
            self.failures.append(f"{measure}: {told}")


class OpenedShop:
    """One indexed catalogue, and which field each of its columns has become."""

    def __init__(
        self,
        path: Path,
        encoders: Encoders,
        folder: Path,
        model: LanguageModel | None = None,
        reader: MessageReader | None = None,
    ) -> None:
        """Index a catalogue and open it; MAGPIE_LINK=true lets the model link words as well."""
        index_catalogue(path, folder, encoders, ChromaStore)
        index = open_index(folder, encoders, ChromaStore, BM25Index, FAMILIES[DEFAULT_FUSION])
        self.agent = Agent(
            index=index, encoders=encoders, model=model, memory=Memory("sqlite://"),
            vocabulary=Vocabulary(index.catalogue, reader=reader), shown=6, explained=3,
            reranks=False, links=load_settings().link,
        )  # fmt: skip
        table = open_file(path, "")
        export = recognised_export(table.names)
        columns = find_columns(table, path.name, export_named(export.name), {})
        self.fields = {column: name for name, column in columns.fields.items()}
        for column in table.names:
            self.fields.setdefault(column, split_header(column_name(column))[0])

    def admitted(self, done: Done) -> frozenset[str]:
        """Return the ids that the conditions of the state admit."""
        return frozenset(satisfying(self.agent.catalogue, done.constraints))


def judge_limits(shop: OpenedShop, said: dict[str, Any], scores: Marks) -> None:
    """Judge one message with a limit by the items that it admits."""
    *_, done = shop.agent.reply(Request(said["message"]), secrets.token_hex(8))
    told = f"{said['message']!r} → {_conditions(done)}"
    scores.mark("limits", shop.admitted(done) == frozenset(said["allowed"]), told)
    scores.mark("no field that was not named", not _unstated(shop, done, said["conditions"]), told)


def judge_denials(shop: OpenedShop, said: dict[str, Any], scores: Marks) -> None:
    """Judge one denial: never a filter for what is denied."""
    *_, done = shop.agent.reply(Request(said["message"]), secrets.token_hex(8))
    denied = {value.casefold() for value in said["value"]}
    named = [c for c in done.constraints if c.field == _field(shop, said["column"])]
    told = f"{said['message']!r} → {_conditions(done)}"
    wants = any(c.wants and denied & {v.casefold() for v in c.values} for c in named)
    items = [shop.agent.catalogue.items[id_] for id_ in shop.admitted(done)]
    left = [i for i in items if denied & _values(raw_value(i, _field(shop, said["column"])))]
    scores.mark("no filter for what is denied", not wants, told)
    scores.mark("excluded", not left, told)


def judge_conversation(shop: OpenedShop, script: dict[str, Any], scores: Marks) -> None:
    """Hold a conversation and judge each of its turns."""
    shown, session = tuple[str, ...](), secrets.token_hex(8)
    for turn in script["turns"]:
        *_, done = shop.agent.reply(Request(turn["user"]), session)
        ids = tuple(c.item.id for c in done.candidates)
        told = (
            f"[{script['name']}] {turn['act']}: {turn['user']!r} → {done.intent}"
            f" {_conditions(done)} | {list(ids)[:4]} | {done.answer[:140]!r}"
        )
        before = len(scores.failures)
        _judge_turn(shop, turn, done, shown, scores, told)
        scores.mark("turns in which all was right", len(scores.failures) == before, told)
        if len(scores.failures) > before:
            scores.failures.pop()  # said by its parts
        shown = ids or shown


def _judge_turn(
    shop: OpenedShop,
    turn: dict[str, Any],
    done: Done,
    shown: tuple[str, ...],
    scores: Marks,
    told: str,
) -> None:
    ids = [c.item.id for c in done.candidates]
    if turn["act"] in _SEARCHES and not turn.get("empty"):
        _judge_search(shop, turn, done, scores, told)
    if turn.get("empty"):
        scores.mark("honest empties", not ids or _says_nothing(done.answer), told)
    if turn["act"] in ("chat", "offtopic", "help"):
        scores.mark("small talk, off-topic", not ids and bool(done.answer), told)
    if "means" in turn and shown:
        places = [shown[n - 1] for n in turn["means"] if n <= len(shown)]
        scores.mark("references", list(done.meant) == places, told)
    _judge_overview(turn, done, scores, told)
    if "lists" not in turn and turn["act"] == "ask" and "ask" in turn:
        scores.mark("questions on an item", _answered(shop, turn["ask"], done, shown), told)
    if "compare" in turn and shown:
        scores.mark("comparisons", _compared(shop, turn["compare"], done, shown), told)


def _judge_search(
    shop: OpenedShop, turn: dict[str, Any], done: Done, scores: Marks, told: str
) -> None:
    """Judge what holds after a turn that searches, and what is shown."""
    ids, other = {c.item.id for c in done.candidates}, turn["language"] != "en"
    if "allowed" in turn:
        right = shop.admitted(done) == frozenset(turn["allowed"])
        want = [(c["column"], c["op"], c["value"]) for c in turn["stated"]]
        understood = "conditions understood, not in English" if other else "conditions understood"
        scores.mark(understood, right, f"{told} WANT {want}")
        if turn["allowed"]:
            scores.mark("items keep what was stated", bool(ids) and ids <= {*turn["allowed"]}, told)
    extra = _unstated(shop, done, turn["stated"])
    scores.mark("no condition that nobody stated", not extra, f"{told} EXTRA {extra}")
    if "sort" in turn and ids:
        scores.mark("sorting", _sorted(shop, turn, done), told)


def _judge_overview(turn: dict[str, Any], done: Done, scores: Marks, told: str) -> None:
    """Judge what is said of many items: how many, and which values."""
    if "count" in turn:
        scores.mark("counts", _counted(turn["count"], done.answer), told)
    if "lists" in turn:
        said = sum(str(value).casefold() in done.answer.casefold() for value in turn["lists"])
        scores.mark("lists", said >= min(2, len(turn["lists"])), told)


def _says_nothing(answer: str) -> bool:
    return any(word in answer.lower() for word in _NOTHING)


def _counted(count: int, answer: str) -> bool:
    """Tell whether an answer says a number, in digits or as a word."""
    if str(count) in _NUMBER.findall(answer.replace(",", "")):
        return True
    words = "no one two three four five six seven eight nine ten eleven twelve".split()
    return count < len(words) and words[count] in answer.lower()


def _answered(shop: OpenedShop, ask: dict[str, Any], done: Done, shown: tuple[str, ...]) -> bool:
    """Tell whether an answer gives what the record says of the field, or that it does not say."""
    for place in ask["places"]:
        if place > len(shown):
            return False
        item = shop.agent.catalogue.items[shown[place - 1]]
        name = _field(shop, ask["column"])
        said = _said(item, name)
        if not said:
            if not any(
                w in done.answer.lower() for w in ("not say", "sagt", "no dice", "ne dit", "没有")
            ):
                return False
        elif not _says(done.answer, said):
            return False
    return bool(ask["places"])


def _compared(shop: OpenedShop, asked: dict[str, Any], done: Done, shown: tuple[str, ...]) -> bool:
    items = [shop.agent.catalogue.items[shown[n - 1]] for n in asked["places"] if n <= len(shown)]
    name = _field(shop, asked["column"]) if asked["column"] else ""
    values = [_said(item, name) for item in items if name]
    titles = all(item.title.casefold() in done.answer.casefold() for item in items)
    return titles and all(_says(done.answer, value) for value in values if value)


def _said(item: Item, name: str) -> str:
    """Return what a record says of a field, "" for nothing."""
    if name != "price":
        return raw_value(item, name)
    return f"{item.price:g}" if item.price is not None else ""


def _says(answer: str, value: str) -> bool:
    numbers = _NUMBER.findall(value)
    there = {*_NUMBER.findall(answer), *_NUMBER.findall(answer.replace(",", ""))}
    if numbers:
        return numbers[0] in there or f"{float(numbers[0].replace(',', '.')):g}" in there
    plain = answer.casefold()
    return any(word in plain for word in value.casefold().split() if len(word) > 1)


def _sorted(shop: OpenedShop, turn: dict[str, Any], done: Done) -> bool:
    """Tell whether the items stand in order and begin with the extreme of all that is allowed."""
    name, down = _field(shop, turn["sort"]["column"]), turn["sort"]["order"] == "desc"
    read = _reader(shop, name)
    values = [v for c in done.candidates if (v := read(c.item.id)) is not None]
    if not values or values != sorted(values, reverse=down):
        return False
    every = [
        v for id_ in turn.get("allowed", shop.agent.catalogue.items) if (v := read(id_)) is not None
    ]
    return values[0] == (max if down else min)(every)


def _reader(shop: OpenedShop, name: str) -> Callable[[str], float | None]:
    profile = shop.agent.vocabulary.profile.fields.get(name)
    measured = Constraint(name, ">=", 0.0, unit=profile.unit if profile and name != "price" else "")
    return lambda id_: measured_value(shop.agent.catalogue.items[id_], measured)


def _unstated(shop: OpenedShop, done: Done, stated: list[dict[str, Any]]) -> list[str]:
    """Return the fields that are limited though nobody asked."""
    asked = {_field(shop, one["column"]) for one in stated}
    titles = "title" in asked  # a kind that only titles tell
    kinds = set(shop.agent.vocabulary.kinds) if titles else set()
    return [c.field for c in done.constraints if c.field not in asked | kinds | {"id"}]


def _field(shop: OpenedShop, column: str) -> str:
    return shop.fields.get(column, column.lower())


def _values(raw: str) -> set[str]:
    return {part.strip().casefold() for part in re.split(r"[,;|]", raw)}


def _conditions(done: Done) -> list[tuple[Any, ...]]:
    return [(c.field, c.op + ("!" if c.strict else ""), c.value, c.unit) for c in done.constraints]
