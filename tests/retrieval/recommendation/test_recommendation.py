"""What a user liked, and what else they would like: arithmetic done on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion.concatenation import describe, join
from retrieval.recommendation.attention import attention, likeness_to, taste_scores
from retrieval.recommendation.ease import item_weights
from retrieval.recommendation.hybrid import joint_scores, standardised

DIMENSIONS = {"text": 2, "picture": 2, "speech": 2, "sound": 2}


def unit(*values):
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_the_like_that_is_most_like_an_item_counts_most():
    likeness = np.array([[1.0, 0.0]], dtype=np.float32)
    weights = attention(likeness, temperature=1.0)
    assert weights[0, 0] == pytest.approx(np.e / (np.e + 1))
    assert taste_scores(likeness, temperature=1.0)[0] == pytest.approx(np.e / (np.e + 1))
    assert taste_scores(likeness, temperature=1e6)[0] == pytest.approx(0.5)  # the plain mean
    assert taste_scores(likeness, temperature=1e-3)[0] == pytest.approx(1.0)  # the nearest alone


def test_who_liked_nothing_has_no_taste():
    assert taste_scores(np.zeros((3, 0), dtype=np.float32)).tolist() == [0, 0, 0]


@given(
    st.lists(st.lists(st.floats(-1, 1), min_size=3, max_size=3), min_size=1, max_size=5),
    st.floats(0.05, 20),
)
def test_a_taste_lies_between_the_least_and_the_most_likeness(rows, temperature):
    likeness = np.array(rows, dtype=np.float32)
    found = taste_scores(likeness, temperature)
    assert attention(likeness, temperature).sum(axis=1) == pytest.approx(np.ones(len(rows)), 1e-5)
    assert (found >= likeness.min(axis=1) - 1e-5).all()
    assert (found <= likeness.max(axis=1) + 1e-5).all()


def test_likeness_is_counted_around_the_catalogues_mean_over_what_both_have():
    text = [unit(1, 0.2), unit(1, -0.2), unit(1, 0.2)]
    stored = np.stack(
        [
            join({"text": text[0], "picture": unit(1, 0)}, DIMENSIONS),
            join({"text": text[1], "picture": unit(0, 1)}, DIMENSIONS),
            join({"text": text[2]}, DIMENSIONS),
            join({"picture": unit(1, 0)}, DIMENSIONS),
        ]
    )
    populations = describe([stored[:2]], DIMENSIONS)
    alike = likeness_to(stored, stored, populations, DIMENSIONS)
    assert alike[0, 1] == pytest.approx(-1, abs=1e-3)  # opposite in both, around the mean
    assert alike[0, 2] == pytest.approx(1, abs=0.05)  # by text alone: no picture is no fault
    assert alike[2, 3] == 0  # they share no modality
    assert alike == pytest.approx(alike.T)


def test_ease_on_paper():
    # G + penalty = [[3, 1], [1, 2]], its inverse [[2, -1], [-1, 3]] / 5
    liked = np.array([[1, 1], [1, 0]], dtype=np.float32)
    assert item_weights(liked, penalty=1.0) == pytest.approx(np.array([[0, 1 / 3], [1 / 2, 0]]))


def test_an_item_that_nobody_liked_speaks_for_nothing():
    weights = item_weights(np.array([[1, 1, 0], [1, 0, 0]], dtype=np.float32), penalty=1.0)
    assert not weights[2].any()
    assert not weights[:, 2].any()


def test_both_sides_are_weighed_in_standard_deviations():
    others = np.array([[3.0, 1.0, 99.0]], dtype=np.float32)
    records = np.array([[0.0, 0.2, 7.0]], dtype=np.float32)
    among = np.array([[True, True, False]])
    assert joint_scores(others, records, among, weight=0.5)[0, :2] == pytest.approx([0.5, -0.5])


def test_where_all_is_alike_nothing_is_told():
    flat = standardised(np.ones((1, 3), dtype=np.float32), np.ones((1, 3), dtype=bool))
    assert flat.tolist() == [[0, 0, 0]]
