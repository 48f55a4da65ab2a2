"""Measures against values worked out by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from retrieval.evaluation.intervals import Figure, figure, paired
from retrieval.evaluation.metrics import (
    average_precision,
    coverage,
    diversity,
    hit_at,
    ndcg_at,
    precision_at,
    recall_at,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d", "e"]


def test_by_hand():
    relevant = {"b", "d", "z"}
    assert recall_at(RANKED, relevant, 2) == pytest.approx(1 / 3)
    assert precision_at(RANKED, relevant, 4) == pytest.approx(2 / 4)
    assert precision_at(["b"], relevant, 4) == pytest.approx(1 / 4)  # what is not filled is wrong
    assert (hit_at(RANKED, relevant, 1), hit_at(RANKED, relevant, 2)) == (0, 1)
    assert reciprocal_rank(RANKED, relevant) == pytest.approx(1 / 2)
    assert average_precision(RANKED, relevant) == pytest.approx((1 / 2 + 2 / 4) / 3)
    gained = 1 / np.log2(3) + 1 / np.log2(5)
    best = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    assert ndcg_at(RANKED, relevant, 5) == pytest.approx(gained / best)


def test_nothing_relevant_is_no_success():
    for measured in (recall_at(RANKED, set(), 3), ndcg_at(RANKED, set(), 3)):
        assert measured == 0
    assert reciprocal_rank(RANKED, {"z"}) == average_precision(RANKED, set()) == 0


@settings(max_examples=60, deadline=None)
@given(truth=st.lists(st.booleans(), min_size=2, max_size=12), seed=st.integers(0, 99))
def test_the_same_as_scikit_learn(truth, seed):
    if not any(truth):
        truth[0] = True
    scores = np.random.default_rng(seed).permutation(len(truth)).astype(float)
    ranked = [str(at) for at in np.argsort(-scores)]
    relevant = {str(at) for at, right in enumerate(truth) if right}
    assert ndcg_at(ranked, relevant, 5) == pytest.approx(ndcg_score([truth], [scores], k=5))
    assert average_precision(ranked, relevant) == pytest.approx(
        average_precision_score(truth, scores)
    )


def test_coverage_and_diversity():
    assert coverage([["a", "b"], ["b"]], 4) == 0.5
    assert diversity(np.eye(3, dtype=np.float32)) == pytest.approx(1)
    assert diversity(np.ones((2, 1), dtype=np.float32)) == pytest.approx(0)
    assert diversity(np.ones((1, 1), dtype=np.float32)) == 0


def test_an_interval_holds_the_mean_and_shrinks_with_more_values():
    values = np.random.default_rng(1).random(50)
    few, many = figure(values), figure(np.tile(values, 20))
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert figure(values) == few  # the same seed, the same interval
    assert figure([]) == Figure(0, 0, 0)


def test_a_true_gain_is_told_from_chance():
    dice = np.random.default_rng(2)
    base = dice.random(80)
    better = paired(base + 0.1 + dice.normal(0, 0.05, 80), base)
    assert better.p < 0.01
    assert better.gain.low > 0
    noise = paired(base + dice.normal(0, 0.05, 80), base)
    assert noise.gain.low < 0 < noise.gain.high
    assert noise.p > 0.05
    assert paired(base, base).p == 1


def test_a_figure_is_written_as_tables_do():
    assert str(Figure(0.8534, 0.841, 0.8661)) == ".853 (.841 to .866)"
    assert str(Figure(-0.01, -0.02, 1.0)) == "-.010 (-.020 to 1.000)"
