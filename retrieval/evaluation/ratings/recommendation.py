"""Evaluate recommenders on held-out likes: collaborative, content-based and hybrid.

Knows ratings, methods and metrics; knows no conversation. Every method is tuned on the same part of
the training data. Then, for each withheld fold of the items, it is trained on the other folds and
ranks all items that a user has not rated yet. A user's metric is the mean over the folds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.ratings.rankings import (
    ALL,
    COLD,
    LEAD,
    PARTS,
    WARM,
    ItemsPart,
    coverage_of_part,
    mean_gain,
    measured_values,
    rankings,
)
from retrieval.evaluation.ratings.ratings import FOLDS, SPLITS, Exam, How, Ratings, exams
from retrieval.evaluation.ratings.recommenders import (
    BPR,
    CONTENT,
    OURS,
    RECOMMENDER_SEED,
    WITHOUT,
    RecommendationMethod,
    bpr,
    content,
    ease,
    item_neighbours,
    ours,
    popularity,
)
from retrieval.evaluation.report import Cell, Report, Table, TableRow, Tell

_PENALTIES = (50.0, 100.0, 200.0, 400.0, 800.0)
_TEMPERATURES = (0.1, 0.2, 0.5, 1.0, 10.0)
_WEIGHTS = (0.0, 0.1, 0.2, 0.4, 0.8)
MeasuredValues = dict[str, list[float]]  # by metric, one per user


@dataclass
class Tally:
    """The metrics of one method on one part, collected over folds."""

    values: dict[str, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(dict))
    coverage: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)  # per user, with training
    megabytes: float = 0.0

    def add(self, measure: str, users: Sequence[int], values: Sequence[float]) -> None:
        """Add one fold's values of a metric."""
        for user, value in zip(users, values, strict=True):
            self.values[measure].setdefault(user, []).append(value)

    def means(self) -> MeasuredValues:
        """Return each user's mean over the folds, by metric, the users in order."""
        return {
            measure: [float(np.mean(by_user[user])) for user in sorted(by_user)]
            for measure, by_user in self.values.items()
        }


Tallies = dict[tuple[str, str], Tally]  # by part and method


def run_recommendation(
    ratings: Ratings, command: str, machine: str, tell: Tell = lambda line: None
) -> Report:
    """Evaluate on both splits, or only per user when not all times are known.

    Raises: InteractionsError when too few users have held-out likes.
    """
    tables = []
    for how in SPLITS if ratings.dated else SPLITS[1:]:
        tuning, tests = exams(ratings, how, RECOMMENDER_SEED)
        tell(f"tuning, split by {how}")
        methods = tuned(tuning)
        tell(f"testing, split by {how}")
        tables += measure_recommenders(ratings, how, tests, methods)
    problems = ratings.problems
    return Report("What a person would like", command, machine, tuple(tables), problems=problems)


def tuned(exam: Exam) -> list[RecommendationMethod]:
    """Return every method with the hyperparameters that are best on the tuning exam."""

    def best(tried: Sequence[RecommendationMethod], part: str) -> RecommendationMethod:
        return max(tried, key=lambda one: mean_gain(one.score(exam).scores, ItemsPart(part, exam)))

    def best_of(
        settings: Sequence[float], method: Callable[[float], RecommendationMethod], part: str
    ) -> float:
        tried = {method(setting): setting for setting in settings}
        return tried[best(list(tried), part)]

    penalty = best_of(_PENALTIES, ease, WARM)
    temperature = best_of(_TEMPERATURES, content, COLD)
    weight = best_of(_WEIGHTS, lambda weight: ours(penalty, temperature, weight), WARM)
    factors = [
        bpr(size, rate, penalty, rounds)
        for size in (32, 64)
        for rate in (0.01, 0.05)
        for penalty in (0.01, 0.05)
        for rounds in (50, 150)
    ]
    return [
        popularity(),
        best([item_neighbours(n, shrink) for n in (50, 100, 200) for shrink in (10, 50)], WARM),
        best(factors, WARM),
        ease(penalty),
        content(temperature),
        ours(penalty, temperature, weight),
    ]


def measure_recommenders(
    ratings: Ratings, how: How, tests: Iterable[Exam], methods: Sequence[RecommendationMethod]
) -> list[Table]:
    """Train and evaluate every method; return tables for warm, cold and all items."""
    tallies: Tallies = defaultdict(Tally)
    for exam in tests:
        for method in methods:
            since = perf_counter()
            scored = method.score(exam)
            spent = 1000 * (perf_counter() - since) / len(exam.liked)
            for part in (ItemsPart(name, exam) for name in PARTS):
                tally = tallies[part.name, method.name]
                ranked = rankings(scored.scores, part)
                users = [user for user, _ in ranked]
                for name, values in measured_values(ranked, part, scored.scores):
                    tally.add(name, users, values)
                tally.coverage.append(coverage_of_part(ranked, part))
                tally.ms.append(spent)
                tally.megabytes = scored.megabytes
    return [_table(ratings, how, part, methods, tallies) for part in PARTS]


def recommendation_summary(part: str, values: dict[str, MeasuredValues]) -> str:
    """Compare the hybrid with methods without content, in one sentence."""
    found = values[OURS][LEAD]
    without = {name: v[LEAD] for name, v in values.items() if name not in (OURS, CONTENT)}
    if part == COLD:
        rival = max(without, key=lambda name: float(np.mean(without[name])))
        told = paired(found, without[rival])
        return (
            f"{LEAD}: {OURS} against those without content, which put withheld items in an order "
            f"by chance ({rival}): {told}."
        )
    compared = [f"against {name} {paired(found, without[name])}" for name in (BPR, WITHOUT)]
    return f"{LEAD}: {OURS} {', '.join(compared)}."


def _table(
    ratings: Ratings, how: How, part: str, methods: Sequence[RecommendationMethod], tallies: Tallies
) -> Table:
    values = {method.name: tallies[part, method.name].means() for method in methods}
    rows = []
    for method in methods:
        tally = tallies[part, method.name]
        figures: dict[str, Cell] = {name: figure(v) for name, v in values[method.name].items()}
        figures |= {"coverage": float(np.mean(tally.coverage)), "settings": method.settings}
        rows.append(TableRow(method.name, figures, float(np.mean(tally.ms)), tally.megabytes))
    ranked = "every item" if part == ALL else f"all {part}"
    cut = "the last fifth by time" if how == "global time" else "a fifth of each user's, drawn"
    return Table(
        f"{part.capitalize()}, split by {how}",
        f"{ratings.name}, a rating of {ratings.liked_from:g} or more is a like, "
        f"{len(values[OURS][LEAD]):,} users, {len(ratings.shelf.ids):,} items; "
        f"{ranked} that a user has not met ranked",
        f"{cut}, is foretold; each of {FOLDS} parts of the items withheld in turn; tuned on a part "
        "of what is learned from; ms a user, with learning",
        RECOMMENDER_SEED,
        tuple(rows),
        recommendation_summary(part, values),
    )
