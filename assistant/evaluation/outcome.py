"""The result of one turn, and its form on disk.

Pure. Contains what the judge needs, all of which can be written as JSON; knows items only by id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.answering.utterances import Claim, claim_json
from assistant.events import Done
from assistant.recommending.facts import read_fact
from retrieval.items import Constraint


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one turn."""

    intent: str = ""
    constraints: tuple[Constraint, ...] = ()
    shown: tuple[str, ...] = ()  # ids, in order
    meant: tuple[str, ...] = ()  # ids
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answer: str = ""
    claims: tuple[Claim, ...] = ()  # every sentence shown
    notice: str = ""
    model: str = ""  # "" when no language model was used
    transcript: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    error: str = ""  # the error that ended the turn


def outcome_of(done: Done) -> Outcome:
    """Keep what the judge needs of a finished turn."""
    return Outcome(
        intent=done.intent,
        constraints=done.constraints,
        shown=tuple(candidate.item.id for candidate in done.candidates),
        meant=done.meant,
        reasons=dict(done.reasons),
        answer=done.answer,
        claims=done.claims,
        notice=done.notice,
        model=done.model,
        transcript=done.transcript,
        timings_ms=dict(done.timings_ms),
    )


def outcomes_json(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return outcomes as values that JSON can represent."""
    return [
        asdict(outcome) | {"claims": list(map(claim_json, outcome.claims))} for outcome in outcomes
    ]


def read_outcomes(rows: Sequence[Mapping[str, Any]]) -> tuple[Outcome, ...]:
    """Return the outcomes that were written as JSON."""
    return tuple(
        Outcome(
            **{
                **row,
                "constraints": tuple(_constraint(c) for c in row["constraints"]),
                "shown": tuple(row["shown"]),
                "meant": tuple(row["meant"]),
                "claims": tuple(_claim(c) for c in row["claims"]),
                "reasons": {name: tuple(several) for name, several in row["reasons"].items()},
            }
        )
        for row in rows
    )


def _constraint(row: Mapping[str, Any]) -> Constraint:
    value = row["value"]
    return Constraint(**{**row, "value": tuple(value) if isinstance(value, list) else value})


def _claim(row: Mapping[str, Any]) -> Claim:
    return Claim(row["sentence"], tuple(row["items"]), tuple(map(read_fact, row["facts"])))
