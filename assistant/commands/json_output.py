"""The JSON that `--json` prints: a stable format for scripts.

Pure. Values in, plain dictionaries out.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.answering.utterances import claim_json
from assistant.events import Done
from assistant.recommending.evidence import Counterfactual
from retrieval.field_profile import CatalogueProfile
from retrieval.index.building import IndexReport
from retrieval.items import Candidate

if TYPE_CHECKING:
    from assistant.turn.single_search import SearchResult
    from retrieval.training.fusion.train import FusionReport
    from retrieval.training.pictures.finetune import TrainingReport


def search_json(found: "SearchResult") -> dict[str, Any]:
    """Return what `magpie search --json` prints; "notice" is there only when there is one."""
    query = found.query
    said = {
        "query": {
            "words": query.words,
            "photos": [str(photo) for photo in query.photos],
            "sounds": [str(sound) for sound in query.sounds],
            "transcript": found.transcript,
        },
        "items": [_item(candidate) for candidate in found.candidates],
        "timings_ms": dict(found.timings_ms),
    }
    return {**said, "notice": found.notice} if found.notice else said


def turn_json(done: Done) -> dict[str, Any]:
    """Return what `magpie ask --json` prints; "notice" is there only when there is one."""
    found = [
        {
            **_item(candidate),
            "reasons": list(done.reasons.get(candidate.item.id, ())),
            "without": [_without(one) for one in done.without.get(candidate.item.id, ())],
        }
        for candidate in done.candidates
    ]
    said = {
        "session": done.session,
        "transcript": done.transcript,
        "language": done.language,
        "intent": done.intent,
        "constraints": [
            {"field": c.field, "op": c.op, "value": c.value, "said": c.said}
            | ({"unit": c.unit} if c.unit else {})
            for c in done.constraints
        ],
        "seen": [
            {"field": w.field, "value": w.value, "share": round(w.share, 3)}
            for w in done.preferences
        ],
        "items": found,
        "answer": done.answer,
        "claims": [claim_json(claim) for claim in done.claims],
        "suggestions": [{"message": s.message, "count": s.count} for s in done.suggestions],
        "model": done.model,
        "timings_ms": dict(done.timings_ms),
    }
    return {**said, "notice": done.notice} if done.notice else said


def index_json(report: IndexReport) -> dict[str, Any]:
    """Return what `magpie index --json` prints; "problems" are the first thousand."""
    counts = ("name", "items", "added", "updated", "unchanged", "removed")
    return {
        **{field: getattr(report, field) for field in counts},
        "problems": [
            {"row": p.row, "field": p.field, "problem": p.problem, "value": p.value, "cure": p.cure}
            for p in report.problems
        ],
        "problem_count": report.problem_count,
        "problems_file": str(report.problems_file) if report.problems_file else None,
        "read_as": report.read_as,
        "drafts": report.drafts,
        "domain": report.domain,
        "refused": report.refused,
        "currencies": dict(report.currencies),
        "seconds": report.seconds,
    }


def catalogue_profile_json(
    profile: CatalogueProfile, currencies: Mapping[str, int], language: str, domain: str = "shop"
) -> dict[str, Any]:
    """Return what `magpie catalogue --json` prints."""
    return {
        "items": profile.items,
        "domain": domain,
        "language": language,
        "currencies": dict(currencies),
        "fields": [
            {
                **{k: getattr(f, k) for k in ("name", "role", "type", "unit", "filled")},
                **{k: list(getattr(f, k)) for k in ("names", "examples", "unread")},
            }
            for f in profile.fields.values()
        ],
    }


def training_json(report: "TrainingReport") -> dict[str, Any]:
    """Return what `magpie train pictures --json` prints."""
    return {
        "folder": str(report.folder),
        "trained": report.trained,
        "held_out": report.held_out,
        "steps": report.steps,
        "seconds": round(report.seconds, 1),
        "table": [
            {"name": line.name, "before": round(line.before, 4), "after": round(line.after, 4)}
            for line in report.table
        ],
        "problems": list(report.problems),
    }


def fusion_training_json(report: "FusionReport") -> dict[str, Any]:
    """Return what `magpie train fusion --json` prints."""
    figures = ("untrained", "before", "after")
    return {
        "folder": str(report.folder),
        **{field: getattr(report, field) for field in ("trained", "held_out", "users", "steps")},
        "seconds": round(report.seconds, 1),
        "table": [
            {"name": line.name} | {field: _short(getattr(line, field)) for field in figures}
            for line in report.table
        ],
        "problems": list(report.problems),
    }


def _short(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _without(one: Counterfactual) -> dict[str, Any]:
    """Return an item's rank without a part of the query, and the item that would be first."""
    first = one.first.id if one.first else None
    found = {"part": one.without, "rank": one.rank, "now": one.now, "first": first}
    return {**found, "liked": one.liked.id} if one.liked else found


def _item(candidate: Candidate) -> dict[str, Any]:
    item = candidate.item
    return {
        "id": item.id,
        "title": item.title,
        "price": item.price,
        "currency": item.currency,
        "category": item.category,
        "score": round(candidate.score, 6),
        "contributions": {name: round(part, 6) for name, part in candidate.contributions.items()},
    }
