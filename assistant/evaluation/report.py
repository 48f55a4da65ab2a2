"""The report of a run: tables, failures, and sentences to check by hand.

Pure. Knows metrics and findings; knows no agent and no screen.
"""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluation.measures import (
    JudgedConversation,
    Measure,
    latencies,
    measures,
    stability,
    statements_of,
)
from assistant.evaluation.play import Played
from assistant.evaluation.statements import full_record

SAMPLE, _SEED = 100, 20_261_123
_FAILURES = 10  # how many a terminal shows for each model


@dataclass(frozen=True, slots=True)
class Run:
    """All conversations of one language model, played or skipped."""

    model: str
    held: Sequence[JudgedConversation]
    skipped: Sequence[Played]
    reworded: Sequence[Played]

    @property
    def measures(self) -> list[Measure]:
        """All metrics."""
        return [*measures(self.held), *stability(self.reworded)]


def conversation_table(runs: Sequence[Run]) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of the models side by side."""
    sides = [run.measures for run in runs]
    rows = [
        [one.name, one.wanted, *(_figure(side[place]) for side in sides)]
        for place, one in enumerate(sides[0] if sides else [])
    ]
    times = [latencies(run.held) for run in runs]
    stages = dict.fromkeys(stage for side in times for stage in side)
    rows += [
        [f"{stage}, p50 (p95)", "", *(_time(side.get(stage)) for side in times)] for stage in stages
    ]
    return ["", "wanted", *(run.model for run in runs)], rows


def held_and_skipped(run: Run) -> str:
    """Say how many conversations of each kind were played, and how many skipped, and why."""
    scripts = [one.played.script for one in run.held]
    turns = sum(len(script.lines) for script in scripts)
    kinds = (
        f"{sum(s.photos for s in scripts)} with a photo, "
        f"{sum(s.recordings for s in scripts)} with a recording, "
        f"{sum(s.language != 'en' for s in scripts)} not in English, "
        f"{sum(s.catalogue == 'fashion' for s in scripts)} over the fashion catalogue"
    )
    reasons: dict[str, int] = {}
    for one in run.skipped:
        reasons[one.skipped] = reasons.get(one.skipped, 0) + 1
    left = "".join(f"; {count} skipped: {reason}" for reason, count in reasons.items())
    return f"{len(scripts)} conversations, {turns} turns ({kinds}){left}"


def failure_lines(run: Run) -> list[str]:
    """Return one line for each failed expectation: where, the expected and the actual result."""
    return [
        f"{one.played.script.name}, turn {turn} ({_handed_over(one, turn)}): "
        f"expected {finding.expected}; came {finding.came}"
        for one in run.held
        for turn, finding in one.failures
    ]


def summary(runs: Sequence[Run]) -> list[str]:
    """Return, for each model, the conversations played and the first failures."""
    lines = []
    for run in runs:
        failed = failure_lines(run)
        lines += [f"{run.model}: {held_and_skipped(run)}; {len(failed)} expectations failed"]
        lines += [f"  {line}" for line in failed[:_FAILURES]]
    return lines


def conversation_markdown(runs: Sequence[Run], machine: str) -> str:
    """Return the whole report."""
    headings, rows = conversation_table(runs)
    lines = ["# Conversations, measured", "", machine, ""]
    lines += [f"{run.model}: {held_and_skipped(run)}." for run in runs]
    lines += ["", "| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    for run in runs:
        failed = failure_lines(run)
        lines += ["", f"## What failed with {run.model}: {len(failed)}", ""]
        lines += [f"- {line}" for line in failed] or ["Nothing."]
    return "\n".join(lines) + "\n"


def conversation_json(runs: Sequence[Run]) -> dict[str, Any]:
    """Return what `magpie evaluate conversation --json` prints."""
    return {
        "runs": [
            {
                "model": run.model,
                "conversations": len(run.held),
                "skipped": [
                    {"name": one.script.name, "reason": one.skipped} for one in run.skipped
                ],
                "measures": [{**asdict(one), "share": one.share} for one in run.measures],
                "latency_ms": {
                    stage: {"turns": seen, "p50": middle, "p95": high}
                    for stage, (seen, middle, high) in latencies(run.held).items()
                },
                "failures": [
                    {
                        "conversation": one.played.script.name,
                        "turn": turn,
                        "aspect": finding.aspect,
                        "expected": finding.expected,
                        "came": finding.came,
                    }
                    for one in run.held
                    for turn, finding in one.failures
                ],
            }
            for run in runs
        ]
    }


def sample(run: Run) -> str:
    """Return up to a hundred shown sentences with their records, to be checked by hand."""
    said = [statement for one in run.held for statement in statements_of(one)]
    said = list({(s.sentence, *(item.id for item in s.items)): s for s in said}.values())
    random.Random(_SEED).shuffle(said)
    said = said[:SAMPLE]
    lines = [
        f"# {len(said)} sentences shown with {run.model}, to be checked by hand",
        "",
        "Put an x where the record does not support every word.",
    ]
    for number, statement in enumerate(said, start=1):
        lines += ["", f"{number}. [ ] {statement.sentence}", ""]
        lines += [f"   > {item.title}. {full_record(item)}" for item in statement.items]
    return "\n".join(lines) + "\n"


def _figure(one: Measure) -> str:
    if not one.of:
        return "–"
    if one.counted:
        return f"{one.hits:.0f} of {one.of:,.0f}"
    return f"{one.share:.1%} ({one.low:.1%} to {one.high:.1%}; n {one.of:.0f})"


def _time(seen: tuple[int, float, float] | None) -> str:
    return f"{seen[1]:,.0f} ({seen[2]:,.0f}) ms" if seen else "–"


def _handed_over(one: JudgedConversation, turn: int) -> str:
    line = one.played.script.lines[turn - 1]
    ways = (
        f"“{line.words}”" if line.words else "",
        f"photo {line.photo}" if line.photo else "",
        f"spoken “{line.spoken}”" if line.spoken else "",
        f"recording {line.recording}" if line.recording else "",
        f"heard “{heard}”" if (heard := one.played.outcomes[turn - 1].transcript) else "",
    )
    return ", ".join(way for way in ways if way)
