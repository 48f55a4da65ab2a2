"""Likes move a query, and doubles make room: the arithmetic, on paper."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.fusion.concatenation import join, taken_apart
from retrieval.fusion.mmr import likeness, spread_out
from retrieval.fusion.rocchio import ALPHA, BETA, GAMMA, moved, moved_scores

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
DIMENSIONS = {"text": 2, "picture": 2, "speech": 2, "sound": 2}


def test_a_query_moves_toward_the_liked_and_away_from_the_disliked():
    found = moved({"text": EAST}, [{"text": NORTH}], [])
    assert found["text"] == pytest.approx(np.array([1.0, 0.75]) / 1.25)  # 3-4-5
    away = moved({"text": EAST}, [], [{"text": NORTH}])
    assert away["text"] == pytest.approx(np.array([ALPHA, -GAMMA]) / math.hypot(ALPHA, GAMMA))
    both = moved({"text": EAST}, [{"text": NORTH}, {"text": EAST}], [{"text": NORTH}])
    expected = np.array([ALPHA + BETA / 2, BETA / 2 - GAMMA])
    assert both["text"] == pytest.approx(expected / np.linalg.norm(expected))


def test_a_modality_that_only_a_disliked_item_has_stays_out():
    assert set(moved({"text": EAST}, [{"picture": NORTH}], [{"speech": EAST}])) == {
        "text",
        "picture",
    }
    assert moved({}, [], [{"text": EAST}]) == {}


def test_shared_words_move_the_same_way():
    query, like, dislike = (np.array(row, np.float32) for row in ([1, 0, 0], [0, 1, 0], [0, 0, 1]))
    assert moved_scores(query, [], []) == pytest.approx(query)
    assert moved_scores(query, [like], [dislike]) == pytest.approx(
        np.array([ALPHA, BETA, -GAMMA]) / (ALPHA + BETA)
    )


def test_a_stored_vector_comes_apart_into_what_it_was_made_of():
    parts = {"text": EAST, "speech": NORTH}
    again = taken_apart(join(parts, DIMENSIONS), DIMENSIONS)
    assert set(again) == {"text", "speech"}
    assert again["speech"] == pytest.approx(NORTH)


def test_a_double_makes_room_and_the_best_stays_first():
    alike = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)
    # By relevance .8: the double of the first has .8·.9 − .2·1 = .52, the third .8·.7 − 0 = .56.
    scores = [1.0, 0.9, 0.7, 0.0]
    alike = np.pad(alike, (0, 1))
    assert spread_out(scores, alike, limit=2, relevance=0.8) == [0, 2]
    assert spread_out(scores, alike, limit=2, relevance=1.0) == [0, 1]
    assert spread_out(scores, alike, limit=9, relevance=0.8) == [0, 2, 1, 3]
    assert spread_out([], np.zeros((0, 0)), limit=3) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12), st.integers(1, 12), st.integers(0, 9))
def test_choices_are_distinct_and_hold_the_best(scores, limit, seed):
    dice = np.random.default_rng(seed)
    vectors = dice.normal(size=(len(scores), 6)).astype(np.float32)
    alike = np.clip(vectors @ vectors.T, 0, 1)
    chosen = spread_out(scores, alike, limit=limit)
    assert len(set(chosen)) == len(chosen) == min(limit, len(scores))
    assert scores[chosen[0]] == max(scores)


def test_likeness_is_the_mean_cosine_of_what_both_have():
    stored = np.stack(
        [
            join(parts, DIMENSIONS)
            for parts in (
                {"text": EAST, "picture": EAST},
                {"text": EAST, "picture": NORTH},
                {"speech": EAST},
                {"text": -EAST},
            )
        ]
    )
    alike = likeness(stored, DIMENSIONS)
    assert np.diag(alike) == pytest.approx([1, 1, 1, 1])
    assert alike[0, 1] == pytest.approx(0.5)
    assert alike[0, 2] == 0.0
    assert alike[0, 3] == 0.0  # opposite is not less alike than unlike
