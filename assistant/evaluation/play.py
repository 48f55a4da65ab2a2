"""Play scripted conversations with an agent, and store the outcome of each.

Knows how to call an agent and where outcomes are stored; judges nothing. A conversation is stored
completely or not at all, so that an interrupted run continues with the next one.
"""

import hashlib
import json
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from assistant.evaluation.inputs import request_for
from assistant.evaluation.outcome import Outcome, outcome_of, outcomes_json, read_outcomes
from assistant.evaluation.script import Expected, Reworded, Script, ScriptLine
from assistant.events import Done, Event, Found, Ordered, Words
from assistant.turn.request import Request
from retrieval.errors import MagpieError
from retrieval.evaluation.speech.speaking import can_speak
from retrieval.files import disk, write_whole
from retrieval.items import Catalogue


class Replies(Protocol):
    """The part of an agent that is used here."""

    @property
    def catalogue(self) -> Catalogue:
        """The items that can be recommended."""
        ...

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Answer one request of a session."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """A conversation, with its outcomes or the reason why it was skipped."""

    script: Script
    outcomes: tuple[Outcome, ...] = ()
    skipped: str = ""  # the reason


@dataclass(frozen=True, slots=True)
class PlaySetting:
    """The agents that conversations are played with, and where outcomes are stored."""

    agents: Mapping[str, Replies]  # by name of the catalogue, as in the scripts
    folder: Path
    version: str  # hash of everything that could change an outcome; others are played again
    only_items: bool = False  # a turn ends when its items are final, before the answer's text


def play_all(
    scripts: Sequence[Script], stage: PlaySetting, report: Callable[[int], None]
) -> list[Played]:
    """Play every conversation that is not stored yet; `report` gets the number done.

    Raises:
        StorageError: the folder cannot be written.
    """
    with disk(stage.folder):
        stage.folder.mkdir(parents=True, exist_ok=True)
    played: list[Played] = []
    for script in scripts:
        report(len(played))
        played.append(_play_or_recall(script, stage))
    report(len(played))
    return played


def play(script: Script, agent: Replies, *, only_items: bool = False) -> tuple[Outcome, ...]:
    """Play one conversation; a turn that fails is an outcome too.

    With `only_items`, a turn is stopped as soon as its items are in their final order, and the
    session does not store it: enough for a conversation of one turn if only its items count.
    """
    session = f"evaluation {secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory() as made:
        # Photos and recordings stay until the conversation ends: later turns refer to them.
        turns = []
        for number, line in enumerate(script.lines):
            folder = Path(made) / str(number)
            folder.mkdir()
            ask = _items if only_items else _turn
            turns.append(ask(partial(request_for, line, folder, script), agent, session))
        return tuple(turns)


def as_scripts(reworded: Sequence[Reworded]) -> list[Script]:
    """Return each wording as a conversation of its own, of one turn, without expectations."""
    return [
        Script(
            f"{request.name} in wording {number}", request.name, (ScriptLine(Expected(), wording),)
        )
        for request in reworded
        for number, wording in enumerate(request.wordings, start=1)
    ]


def _turn(asked: Callable[[], Request], agent: Replies, session: str) -> Outcome:
    try:
        *_, done = agent.reply(asked(), session)
    except MagpieError as error:
        return Outcome(error=f"{type(error).__name__}: {error}")
    return outcome_of(done) if isinstance(done, Done) else Outcome(error="the turn did not end")


def _items(asked: Callable[[], Request], agent: Replies, session: str) -> Outcome:
    """Run a turn up to the first words of its answer; the items are final by then."""
    shown: tuple[str, ...] = ()
    try:
        for event in agent.reply(asked(), session):
            if isinstance(event, Found | Ordered):
                shown = tuple(candidate.item.id for candidate in event.candidates)
            elif isinstance(event, Words | Done):
                break
    except MagpieError as error:
        return Outcome(error=f"{type(error).__name__}: {error}")
    return Outcome(shown=shown)


def _play_or_recall(script: Script, stage: PlaySetting) -> Played:
    if script.catalogue not in stage.agents:
        return Played(script, skipped=f"the {script.catalogue} catalogue is not there")
    if any(line.spoken for line in script.lines) and not can_speak():
        return Played(script, skipped="espeak-ng is not installed")
    place, wanted = stage.folder / f"{_slug(script.name)}.json", _version(script, stage)
    if place.is_file():
        kept = _read(place)
        if kept.get("version") == wanted:
            return Played(script, read_outcomes(kept["outcomes"]))
    outcomes = play(script, stage.agents[script.catalogue], only_items=stage.only_items)
    content = {"name": script.name, "version": wanted, "outcomes": outcomes_json(outcomes)}
    write_whole(place, json.dumps(content, ensure_ascii=False, indent=1).encode())
    return Played(script, outcomes)


def _read(place: Path) -> dict[str, Any]:
    try:
        found = json.loads(place.read_bytes())
    except ValueError:  # not a file of ours: play again
        return {}
    return found if isinstance(found, dict) else {}


def _version(script: Script, stage: PlaySetting) -> str:
    """Hash the catalogue and the requests, not the expectations, which are judged every time."""
    asked = [{k: v for k, v in asdict(line).items() if k != "expected"} for line in script.lines]
    told = json.dumps([stage.version, script.catalogue, asked], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _slug(name: str) -> str:
    plain = re.sub(r"[^\w]+", "-", name.casefold()).strip("-")[:60]
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
