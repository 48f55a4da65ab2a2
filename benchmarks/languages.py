"""Measure how well each language is understood: the same thirty requests in five languages.

    python -m benchmarks.languages [--model NAME] [--json FILE]

Searches the demo catalogue. `--model none` measures the lexicon alone; a model adds words that the
lexicon does not have. Prints, for every language: messages whose language was recognised, stated
constraints that the state holds, and requests whose first five items satisfy everything that was
asked. The ground truth is in `languages.toml`, and code checks it against the records.
"""

import argparse
import json
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.build import build_agent
from assistant.events import Done
from assistant.settings import load_settings
from assistant.turn.request import Request
from assistant.understanding.languages.lexicon import PIVOT, lexicons
from retrieval.items import Constraint, Item

ASKED_LANGUAGES = (PIVOT, *(one.language for one in lexicons()))
ASKED_FIELDS = ("kind", "colour", "material", "pattern")
LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class MessageOutcome:
    """The result of one message."""

    language: str
    message: str
    recognised: bool
    stated: int  # constraints in the message
    held: int  # of these, constraints in the state
    right: bool  # whether the first five items satisfy everything that was asked


def main() -> None:
    """Run every request in every language and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--model", help="another language model, or 'none'")
    options.add_argument("--json", type=Path, help="also write every outcome to this file")
    chosen = options.parse_args()
    place = Path(__file__).with_suffix(".toml")
    requests = tomllib.loads(place.read_text("utf-8"))["request"]
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/conversations.sqlite"
        settings = load_settings(
            language_model=chosen.model, catalogue="demo", explained=0, database_url=database
        )
        agent = build_agent(settings, lambda step: None)
        items, outcomes = list(agent.catalogue.items.values()), []
        for number, asked in enumerate(requests):
            for language in (one for one in ASKED_LANGUAGES if one in asked):
                *_, done = agent.reply(Request(asked[language]), f"{language}-{number}")
                if isinstance(done, Done):
                    outcomes.append(outcome(asked, language, done, items))
        agent.memory.close()
    print(language_table(outcomes, chosen.model or settings.language_model))
    if chosen.json:
        rows = [asdict(one) for one in outcomes]
        chosen.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False))


def outcome(
    asked: Mapping[str, Any], language: str, done: Done, items: Sequence[Item]
) -> MessageOutcome:
    """Check one turn against the ground truth; an empty result is right if no item satisfies it."""
    wanted = [name for name in (*ASKED_FIELDS, "not", "most", "least") if name in asked]
    held = sum(_held(name, asked[name], done.constraints) for name in wanted)
    first = [candidate.item for candidate in done.candidates[:LOOKED_AT]]
    fitting = any(_keeps(item, asked, wanted) for item in items)
    right = bool(first) == fitting and all(_keeps(item, asked, wanted) for item in first)
    if "among" in asked:
        right = any(item.attributes.get("kind") in asked["among"] for item in first)
    recognised = done.language == language
    return MessageOutcome(language, asked[language], recognised, len(wanted), held, right)


def _held(name: str, value: Any, constraints: Sequence[Constraint]) -> bool:  # noqa: ANN401
    """Tell whether the state holds a stated constraint."""
    if name in ("most", "least"):
        op = "<=" if name == "most" else ">="
        return any(c.field == "price" and c.op == op and c.value == value for c in constraints)
    ops = ("!=", "not in") if name == "not" else ("=", "in")
    return any(
        c.op in ops and (name == "not" or c.field == name) and value in " ".join(c.values)
        for c in constraints
    )


def _keeps(item: Item, asked: Mapping[str, Any], wanted: Sequence[str]) -> bool:
    """Tell whether a record satisfies everything that was asked."""
    told = item.attributes
    return all(
        (item.price or 0) <= asked[name]
        if name == "most"
        else (item.price or 0) >= asked[name]
        if name == "least"
        else not any(asked[name] in told.get(one, "").split() for one in ASKED_FIELDS)
        if name == "not"
        else asked[name] in told.get(name, "")
        for name in wanted
    )


def language_table(outcomes: Sequence[MessageOutcome], model: str) -> str:
    """Return the results as Markdown."""
    lines = [
        f"| language ({model}) | recognised | constraints held | first five right |",
        "|---|---|---|---|",
    ]
    for language in ASKED_LANGUAGES:
        rows = [one for one in outcomes if one.language == language]
        held, stated = sum(r.held for r in rows), sum(r.stated for r in rows)
        recognised, right = sum(r.recognised for r in rows), sum(r.right for r in rows)
        lines.append(
            f"| {language} | {recognised}/{len(rows)} | {held}/{stated} | {right}/{len(rows)} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
