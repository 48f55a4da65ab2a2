"""The way from one direction to another, on paper."""

import numpy as np
import pytest

from retrieval.fusion.slerp import slerp

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def test_the_way_from_one_direction_to_another_is_an_arc():
    third = slerp(EAST, NORTH, 1 / 3)  # a third of 90° is 30°
    assert third == pytest.approx([np.sqrt(3) / 2, 0.5])
    assert slerp(EAST, NORTH, 0.0) == pytest.approx(EAST)
    assert slerp(EAST, NORTH, 1.0) == pytest.approx(NORTH)


def test_directions_without_an_arc_between_them_keep_the_nearer_end():
    assert slerp(EAST, EAST, 0.3) == pytest.approx(EAST)
    assert slerp(EAST, -EAST, 0.7) == pytest.approx(-EAST)
