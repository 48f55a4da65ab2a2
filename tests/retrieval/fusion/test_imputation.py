"""What an item lacks, foretold from what it has: on paper."""

import numpy as np
import pytest

from retrieval.fusion.imputation import imputed

TEXT = np.array([2.0, 4.0, 3.0], np.float32)
PICTURE = np.array([1.0, 2.0, 0.0], np.float32)  # the third has none
HAS = {"text": np.array([True, True, True]), "picture": np.array([True, True, False])}
SLOPE = (2 * 1 + 4 * 2) / (2 * 2 + 4 * 4 + 10)  # of the two that have both, ten showing nothing


def test_an_item_gains_what_others_that_fit_as_well_gain():
    lent = imputed({"text": TEXT, "picture": PICTURE}, HAS, {"text": 1.0, "picture": 0.5})
    assert lent["text"] == pytest.approx([0.0, 0.0, 0.5 * SLOPE * 3.0])
    assert not lent["picture"].any()  # a modality that is not there adds nothing


def test_pictures_that_say_nothing_lend_nothing_and_never_take():
    lent = imputed({"text": TEXT, "picture": -PICTURE}, HAS, {"text": 1.0, "picture": 0.5})
    assert not lent["text"].any()


def test_where_nothing_else_is_asked_nothing_is_lent():
    lent = imputed({"picture": PICTURE}, {"picture": HAS["picture"]}, {"picture": 3.0})
    assert not lent["picture"].any()


def test_a_modality_that_weighs_nothing_is_not_foretold():
    lent = imputed({"text": TEXT, "picture": PICTURE}, HAS, {"text": 1.0, "picture": 0.0})
    assert not lent["text"].any()
