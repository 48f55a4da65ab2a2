"""Compute metrics with confidence intervals from findings.

Pure arithmetic. Intervals are the 95 % percentile bootstrap over conversations (Efron, 1979,
doi:10.1214/aos/1176344552), because the turns of one conversation are not independent.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from assistant.evaluation import judge
from assistant.evaluation.conditions import Condition, true_of
from assistant.evaluation.judge import Finding
from assistant.evaluation.play import Played
from assistant.evaluation.statements import Statement, statements
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.constraints import satisfies_all

_RESAMPLES, _SEED = 2_000, 20_261_123
FIRST = 5  # how many items of two wordings are compared
STAGES = (
    "transcribe", "understand", "search", "first_items", "reread", "rerank", "first_word", "total",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric."""

    name: str
    hits: float
    of: float
    low: float  # 95 % interval of the share
    high: float
    wanted: str = ""  # the target
    counted: bool = False  # shown as a count, not as a share

    @property
    def share(self) -> float:
        """The share of hits."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class JudgedConversation:
    """A played conversation, with the findings of every turn."""

    played: Played
    findings: Sequence[Sequence[Finding]]
    vocabulary: Vocabulary

    @property
    def failures(self) -> list[tuple[int, Finding]]:
        """The failed findings, each with the number of its turn, from 1."""
        return [
            (number, finding)
            for number, turn in enumerate(self.findings, start=1)
            for finding in turn
            if not finding.passed
        ]


Counts = tuple[float, float]  # hits, total


def measures(held: Sequence[JudgedConversation]) -> list[Measure]:
    """Return every metric of a run, in the order of the report."""
    aspects: tuple[tuple[str, str, str], ...] = (
        (judge.GROUNDING, "constraint grounding", "≥ 95 %"),
        (judge.REFERENCE, "cross-turn reference", "≥ 90 %"),
        (judge.EMPTY, "honest empties and questions", ""),
        (judge.INTENT, "intent", ""),
        (judge.ITEMS, "expected items", ""),
        (judge.WORDING, "expected wording", ""),
        (judge.LANGUAGE, "answer in the user's language", ""),
    )
    return [
        _measure("items that break what the state holds", held, _against_state, "0", counted=True),
        _measure("items outside a stated price limit", held, _outside_price, "0", counted=True),
        _measure("items that break any stated wish", held, _against_wish, "0", counted=True),
        *(
            _measure(name, held, partial(_aspect, aspect), wanted)
            for aspect, name, wanted in aspects[:2]
        ),
        _measure("feedback adaptation", held, _feedback, "≥ 85 %"),
        _measure("statement precision, checked again", held, _precision, "≥ 97 %"),
        *(
            _measure(name, held, partial(_aspect, aspect), wanted)
            for aspect, name, wanted in aspects[2:]
        ),
        _measure("refusals of requests in scope", held, _refusals, "0", counted=True),
        _measure("turns with a failure", held, _degraded, "0", counted=True),
        _measure("conversations without a failed expectation", held, _whole, ""),
    ]


def bootstrap(counts: Sequence[Counts]) -> tuple[float, float]:
    """Return the 95 % interval of the pooled share, resampling conversations."""
    table = np.array([one for one in counts if one[1]], dtype=np.float64).reshape(-1, 2)
    if not len(table):
        return 0.0, 0.0
    chance = np.random.default_rng(_SEED)
    drawn = table[chance.integers(len(table), size=(_RESAMPLES, len(table)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return float(low), float(high)


def overlap_of_wordings(lists: Sequence[Sequence[str]]) -> float:
    """Return the mean pairwise overlap@5: the share of the first five (or fewer) in common."""
    pairs = [
        len(set(a[:FIRST]) & set(b[:FIRST])) / max(1, min(FIRST, max(len(a), len(b))))
        for a, b in combinations(lists, 2)
    ]
    return float(np.mean(pairs)) if pairs else 0.0


def jaccard(lists: Sequence[Sequence[str]]) -> float:
    """Return the mean pairwise Jaccard index of the first five."""
    pairs = [
        len(set(a[:FIRST]) & set(b[:FIRST])) / max(1, len(set(a[:FIRST]) | set(b[:FIRST])))
        for a, b in combinations(lists, 2)
    ]
    return float(np.mean(pairs)) if pairs else 0.0


def stability(played: Sequence[Played]) -> list[Measure]:
    """Return the similarity of results between wordings of a request; bootstrap over requests."""
    requests: dict[str, list[tuple[str, ...]]] = {}
    for one in played:
        if one.outcomes:
            requests.setdefault(one.script.wants, []).append(one.outcomes[0].shown)
    made = []
    for name, alike, wanted in (
        ("paraphrases: overlap@5", overlap_of_wordings, "≥ 75 %"),
        ("paraphrases: Jaccard@5", jaccard, ""),
    ):
        counts = [(alike(lists), 1.0) for lists in requests.values()]
        hits = sum(count[0] for count in counts)
        made.append(Measure(name, hits, len(counts), *bootstrap(counts), wanted))
    return made


def latencies(held: Sequence[JudgedConversation]) -> dict[str, tuple[int, float, float]]:
    """Return for each stage in how many turns it ran, its median and its 95th percentile, in ms."""
    timings = [o.timings_ms for one in held for o in one.played.outcomes]
    table = {}
    for stage in STAGES:
        if seen := [one[stage] for one in timings if stage in one]:
            middle, high = np.percentile(seen, [50, 95])
            table[stage] = (len(seen), float(middle), float(high))
    return table


def _measure(
    name: str,
    held: Sequence[JudgedConversation],
    count: Callable[[JudgedConversation], Counts],
    wanted: str,
    *,
    counted: bool = False,
) -> Measure:
    counts = [count(one) for one in held]
    hits, of = sum(c[0] for c in counts), sum(c[1] for c in counts)
    return Measure(name, hits, of, *bootstrap(counts), wanted, counted)


def _share(findings: Iterable[Finding]) -> Counts:
    passed = [finding.passed for finding in findings]
    return sum(passed), len(passed)


def _aspect(aspect: str, one: JudgedConversation) -> Counts:
    return _share(f for turn in one.findings for f in turn if f.aspect == aspect)


def _against_state(one: JudgedConversation) -> Counts:
    """Count shown items that violate a constraint of the dialogue state."""
    items = one.vocabulary.catalogue.items
    shown = [(items[n], o.constraints) for o in one.played.outcomes for n in o.shown if n in items]
    return sum(not satisfies_all(item, held) for item, held in shown), len(shown)


def _outside_price(one: JudgedConversation) -> Counts:
    return _violations(one, lambda condition: condition.field == "price")


def _against_wish(one: JudgedConversation) -> Counts:
    return _violations(one, lambda condition: True)


def _violations(one: JudgedConversation, counts: Callable[[Condition], bool]) -> Counts:
    """Count shown items that violate an `every` condition, in turns that state one."""
    items = one.vocabulary.catalogue.items
    broken = limited = 0
    for line, outcome in zip(one.played.script.lines, one.played.outcomes, strict=True):
        stated = [condition for condition in line.expected.every if counts(condition)]
        shown = [items[name] for name in outcome.shown if name in items] if stated else []
        broken += sum(not all(true_of(item, c) for c in stated) for item in shown)
        limited += len(shown)
    return broken, limited


def _feedback(one: JudgedConversation) -> Counts:
    """Count feedback turns in which the items changed as asked and every limit held."""
    turns = [
        all(f.passed for f in turn if f.aspect in (judge.LIMIT, judge.ITEMS, judge.FAULT))
        for line, turn in zip(one.played.script.lines, one.findings, strict=True)
        if line.expected.feedback
    ]
    return sum(turns), len(turns)


def _refusals(one: JudgedConversation) -> Counts:
    lines = zip(one.played.script.lines, one.played.outcomes, strict=True)
    scope = [o for line, o in lines if "out of scope" not in line.expected.intent]
    return sum(o.intent == "out of scope" for o in scope), len(scope)


def _degraded(one: JudgedConversation) -> Counts:
    outcomes = one.played.outcomes
    return sum(bool(o.error) or "failed" in o.notice for o in outcomes), len(outcomes)


def _whole(one: JudgedConversation) -> Counts:
    return float(not one.failures), 1.0


def _precision(one: JudgedConversation) -> Counts:
    """Count sentences whose every fact the records support."""
    said = statements_of(one)
    return sum(statement.stands for statement in said), len(said)


def statements_of(one: JudgedConversation) -> list[Statement]:
    """Return every sentence about items of a conversation, in order."""
    catalogue = one.vocabulary.catalogue
    return [said for outcome in one.played.outcomes for said in statements(outcome, catalogue)]
