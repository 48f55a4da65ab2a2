"""Load scripted conversations and reworded requests from TOML.

Knows the format of a script and reports where it is invalid; plays nothing and judges nothing. The
scripts are in `conversations/`, one file per topic; docs/conversation.md explains how to read them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from assistant.evaluation.conditions import Condition, read_condition
from assistant.understanding.languages.lexicon import PIVOT, lexicons
from retrieval.errors import SettingsError

CATALOGUES = ("demo", "fashion", "people", "news")
LANGUAGES = (PIVOT, *(one.language for one in lexicons()))
WORDINGS = 6  # number of wordings of each reworded request


@dataclass(frozen=True, slots=True)
class Expected:
    """The expectations of one turn; fields that are not set are not checked.

    A place is a position, from 1, in the list shown before this turn.
    """

    intent: tuple[str, ...] = ()  # any of these
    every: tuple[Condition, ...] = ()  # stated limits: true of every item shown, at least one
    first: tuple[Condition, ...] = ()  # true of the first item
    some: tuple[Condition, ...] = ()  # each true of at least one item
    shows: tuple[str, ...] = ()  # ids that must all be among the items
    hides: tuple[str, ...] = ()  # ids that must not be among the items
    holds: tuple[Condition, ...] = ()  # conditions that the state must hold, as stated
    lacks: tuple[str, ...] = ()  # fields that the state must not constrain
    means: tuple[int, ...] = ()  # places of the items that the message refers to
    names: tuple[int, ...] = ()  # places of the items whose titles the answer must name
    fresh: bool = False  # only items that this conversation has not shown before
    cheaper: bool = False  # a lower mean price than the items shown before
    below: int = 0  # a place: every item costs less than the item at that place
    order: Literal["", "cheapest", "dearest"] = ""  # by price, from the catalogue's extreme value
    empty: bool = False  # the answer says that nothing fits or that there is no such thing
    asks: bool = False  # the answer is a question, and nothing is shown
    talk: bool = False  # an answer in words, no new items
    says: tuple[str, ...] = ()  # the answer contains at least one of these
    hushes: tuple[str, ...] = ()  # the answer contains none of these
    language: str = ""  # of the answer
    feedback: bool = False  # the user comments on shown items: counts as feedback adaptation


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """The user's input in one turn, and its expectations."""

    expected: Expected
    words: str = ""
    photo: str = ""  # a demo picture without extension, as in "mug-01-1", "demo/…" of the shop
    seed: int = 0  # random seed of the distortion that imitates a photo; 0 for none
    spoken: str = ""  # text spoken by espeak-ng
    voice: str = "en-us"
    recording: str = ""  # file name of a demo recording, without extension


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation."""

    name: str
    wants: str  # the hidden intent: what the user is really looking for
    lines: tuple[ScriptLine, ...]
    covers: tuple[str, ...] = ()
    catalogue: str = "demo"  # one of CATALOGUES
    speaker: str = ""  # the id of the user's own record, where the catalogue is of people
    language: str = "en"

    @property
    def photos(self) -> bool:
        """Tell whether any turn has a photo."""
        return any(line.photo for line in self.lines)

    @property
    def recordings(self) -> bool:
        """Tell whether any turn has a recording."""
        return any(line.spoken or line.recording for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reworded:
    """One request in several wordings, which should all return the same items."""

    name: str
    wordings: tuple[str, ...]


def load_scripts(folder: Traversable | None = None) -> tuple[Script, ...]:
    """Read every conversation, in the order of the files.

    Raises:
        SettingsError: a script is invalid; the message names file, conversation and turn.
    """
    found: list[Script] = []
    for place, table in _tables(folder, "conversation"):
        found.append(_script(table, place))
        if found[-1].name in {script.name for script in found[:-1]}:
            raise SettingsError(f"{place}: the name {found[-1].name!r} is taken: give another")
    return tuple(found)


def load_reworded(folder: Traversable | None = None) -> tuple[Reworded, ...]:
    """Read the reworded requests.

    Raises:
        SettingsError: a request is invalid.
    """
    found = []
    for place, table in _tables(folder, "request"):
        _refuse_unknown(table, ("name", "wordings"), place)
        wordings = _texts(table.get("wordings", []), f"{place}, wordings")
        if len(set(wordings)) != WORDINGS:
            raise SettingsError(f"{place}: {len(set(wordings))} wordings: give {WORDINGS}")
        found.append(Reworded(_text(table, "name", place), wordings))
    return tuple(found)


def _tables(folder: Traversable | None, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every TOML table called `key`, with its location for error messages."""
    folder = folder or files("assistant.evaluation").joinpath("conversations")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            content = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file.name} is no TOML: {error}") from error
        _refuse_unknown(content, ("conversation", "request"), file.name)
        for place, table in enumerate(content.get(key, []), start=1):
            yield f"{file.name}, {key} {place} ({table.get('name', 'without a name')})", table


def _script(table: Mapping[str, Any], place: str) -> Script:
    known = ("name", "wants", "covers", "catalogue", "language", "speaker", "turn")
    _refuse_unknown(table, known, place)
    language, catalogue = table.get("language", "en"), table.get("catalogue", "demo")
    _one_of(language, LANGUAGES, f"{place}, language")
    _one_of(catalogue, CATALOGUES, f"{place}, catalogue")
    turns = table.get("turn", [])
    if not turns:
        raise SettingsError(f"{place}: no [[conversation.turn]]: give at least one")
    return Script(
        name=_text(table, "name", place),
        wants=_text(table, "wants", place),
        lines=tuple(_line(turn, f"{place}, turn {n}") for n, turn in enumerate(turns, start=1)),
        covers=_texts(table.get("covers", []), f"{place}, covers"),
        catalogue=catalogue,
        language=language,
        speaker=table.get("speaker", ""),
    )


_HANDED_OVER = {"user": "words", "photo": "photo", "seed": "seed", "spoken": "spoken",
                "voice": "voice", "recording": "recording"}  # fmt: skip


def _line(table: Mapping[str, Any], place: str) -> ScriptLine:
    """Read a turn: the user's input, and all other keys as expectations."""
    given = {ours: table[key] for key, ours in _HANDED_OVER.items() if key in table}
    for key, value in given.items():
        _typed(value, int if key == "seed" else str, f"{place}, {key}")
    if not set(given) & {"words", "photo", "spoken", "recording"}:
        raise SettingsError(f"{place}: nothing is handed over: give user, photo, spoken or …")
    return ScriptLine(
        _expected({k: v for k, v in table.items() if k not in _HANDED_OVER}, place), **given
    )


_CONDITIONS = ("every", "first", "some", "holds")
_FLAGS = ("fresh", "cheaper", "empty", "asks", "talk", "feedback")
_PLACES = ("means", "names")


def _expected(table: Mapping[str, Any], place: str) -> Expected:
    _refuse_unknown(table, tuple(f.name for f in fields(Expected)), place)
    read: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{place}, {key}"
        if key in _CONDITIONS:
            read[key] = tuple(_condition(text, where) for text in _texts(value, where))
        elif key in _FLAGS:
            read[key] = _typed(value, bool, where)
        elif key in _PLACES:
            read[key] = tuple(_typed(number, int, where) for number in _listed(value))
        elif key == "below":
            read[key] = _typed(value, int, where)
        elif key in ("order", "language"):
            _one_of(value, LANGUAGES if key == "language" else ("cheapest", "dearest"), where)
            read[key] = value
        else:
            read[key] = _texts(value, where)
    return Expected(**read)


def _condition(text: str, place: str) -> Condition:
    try:
        return read_condition(text)
    except SettingsError as error:
        raise SettingsError(f"{place}: {error}") from error


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: object, place: str) -> tuple[str, ...]:
    return tuple(_typed(one, str, place) for one in _listed(value))


def _text(table: Mapping[str, Any], key: str, place: str) -> str:
    if not table.get(key):
        raise SettingsError(f"{place}: {key!r} is missing: add it")
    return str(_typed(table[key], str, f"{place}, {key}"))


def _typed(value: Any, kind: type, place: str) -> Any:  # noqa: ANN401 (whatever TOML holds)
    if type(value) is not kind:
        names = {str: "text", int: "a whole number", bool: "true or false"}
        raise SettingsError(f"{place}: {value!r} is not {names[kind]}")
    return value


def _one_of(value: object, known: tuple[str, ...], place: str) -> None:
    if value not in known:
        raise SettingsError(f"{place}: {value!r} is none of {', '.join(known)}")


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in table:
        if key not in known:
            raise SettingsError(f"{place}: unknown key {key!r}: known are {', '.join(known)}")
