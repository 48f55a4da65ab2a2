"""Settings → the whole evaluation: build agents, play scripts, one run for each language model.

Knows how agents are built and what determines an outcome; does not compute the metrics.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from assistant.agent import Agent
from assistant.build import build_agent, open_catalogue
from assistant.evaluation.judge import judge
from assistant.evaluation.measures import JudgedConversation
from assistant.evaluation.play import Played, PlaySetting, as_scripts, play_all
from assistant.evaluation.report import Run, conversation_json, conversation_markdown, sample
from assistant.evaluation.script import Reworded, Script, load_reworded, load_scripts
from assistant.models import ReportStep, Step, load_language_model, reorders
from assistant.settings import Settings
from retrieval.errors import SettingsError
from retrieval.files import write_whole
from retrieval.items import Catalogue, item_text

MODELS = ("qwen2.5-coder-0.5b-instruct", "qwen2.5-coder-1.5b-instruct", "none")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is evaluated, and where the results are stored."""

    models: tuple[str, ...]
    folder: Path
    only: str = ""  # a pattern for names and for what a conversation covers, "" for all
    limit: int = 0  # of conversations, 0 for all
    fashion: str = ""  # the name of the fashion index, "" when there is none


def evaluate_conversations(chosen: Chosen, settings: Settings, report: ReportStep) -> list[Run]:
    """Play the chosen conversations with each language model.

    Raises:
        MagpieError: a script, a model, an index or the folder cannot be used.
    """
    scripts, reworded = choose_scripts(load_scripts(), load_reworded(), chosen)
    database = f"sqlite:///{chosen.folder / 'conversations.sqlite'}"
    quiet = settings.model_copy(
        update={"catalogue": "demo", "database_url": database, "language_model": "none"}
    )
    agents = {"demo": build_agent(quiet, report)}
    if chosen.fashion:
        agents["fashion"] = _over(chosen.fashion, agents["demo"], quiet, report)
    runs = []
    try:
        for name in chosen.models:
            model = load_language_model(
                quiet.model_copy(update={"language_model": name}), report, now=True
            )
            orders = reorders(settings, model, report)
            speaking = {
                key: replace(agent, model=model, reranks=orders) for key, agent in agents.items()
            }
            runs.append(_run(name, scripts, reworded, speaking, chosen.folder, report))
    finally:
        agents["demo"].memory.close()
        for agent in agents.values():
            agent.index.close()
    return runs


def choose_scripts(
    scripts: Sequence[Script], reworded: Sequence[Reworded], chosen: Chosen
) -> tuple[list[Script], list[Reworded]]:
    """Select scripts by pattern and limit; reworded requests only without either of them.

    Raises:
        SettingsError: the pattern matches no conversation.
    """
    pattern = f"*{chosen.only.casefold()}*"
    fitting = [
        s for s in scripts if any(fnmatch(t.casefold(), pattern) for t in (s.name, *s.covers))
    ]
    if not fitting:
        raise SettingsError(
            f"--only {chosen.only!r} fits no conversation: give a part of a name, or one of "
            f"{', '.join(sorted({c for s in scripts for c in s.covers}))}"
        )
    if chosen.limit:
        fitting = fitting[: chosen.limit]
    return fitting, [] if chosen.only or chosen.limit else list(reworded)


def keep(runs: Sequence[Run], folder: Path) -> Path:
    """Write the report, the figures and the sentences to check; return the report's path.

    Raises:
        StorageError: the folder cannot be written.
    """
    when = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores."
    report = folder / "report.md"
    write_whole(report, conversation_markdown(runs, when).encode())
    told = json.dumps(conversation_json(runs), ensure_ascii=False, indent=1)
    write_whole(folder / "report.json", told.encode())
    for run in runs:
        write_whole(folder / f"sentences-{_plain(run.model)}.md", sample(run).encode())
    return report


def _over(name: str, agent: Agent, settings: Settings, report: ReportStep) -> Agent:
    """Return the same agent over another index."""
    index = open_catalogue(settings.model_copy(update={"catalogue": name}), agent.encoders, report)
    return replace(agent, index=index, vocabulary=agent.vocabulary.over(index.catalogue))


def _run(
    name: str,
    scripts: Sequence[Script],
    reworded: Sequence[Reworded],
    agents: dict[str, Agent],
    folder: Path,
    report: ReportStep,
) -> Run:
    place = folder / _plain(name)
    stage = PlaySetting(agents, place, _version(name, agents))
    label = f"Conversations with {name}"
    wordings = as_scripts(reworded)
    total = len(scripts) + len(wordings)
    played = play_all(
        scripts, stage, lambda done: report(Step(label, done, total, "conversations"))
    )
    worded = play_all(
        wordings,
        replace(stage, only_items=True),
        lambda done: report(Step(label, len(scripts) + done, total, "conversations")),
    )
    return Run(name, judge_turns(played, agents), [one for one in played if one.skipped], worded)


def judge_turns(played: Sequence[Played], agents: dict[str, Agent]) -> list[JudgedConversation]:
    """Judge the played conversations, without those skipped."""
    held = []
    for one in played:
        if not one.skipped:
            words = agents[one.script.catalogue].vocabulary
            found = judge(one.script, one.outcomes, words.catalogue)
            held.append(JudgedConversation(one, found, words))
    return held


def _plain(name: str) -> str:
    return name.replace("/", "-").replace(os.sep, "-")


def _version(model: str, agents: dict[str, Agent]) -> str:
    """Hash what determines an outcome: code, prompts, model, catalogues, numbers of items."""
    told = hashlib.sha256(model.encode())
    home = Path(__file__).parents[2]
    for room in ("assistant", "retrieval", "prompts"):
        for place in sorted((home / room).rglob("*")):
            judging = home / "assistant" / "evaluation" in place.parents
            if place.suffix in (".py", ".txt", ".toml") and not judging:
                told.update(place.read_bytes())
    for agent in agents.values():
        told.update(f"{agent.shown} {agent.explained} {agent.reranks}".encode())
        told.update(_fingerprint(agent.catalogue))
    return told.hexdigest()


def _fingerprint(catalogue: Catalogue) -> bytes:
    told = hashlib.sha256()
    for name, item in catalogue.items.items():
        told.update(f"{name} {item.price} {item_text(item)}\n".encode())
    return told.digest()
