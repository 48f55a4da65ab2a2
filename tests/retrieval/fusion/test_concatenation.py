"""The stored vectors side by side, whose inner product is a sum of standard scores, on paper."""

import numpy as np
import pytest

from retrieval.fusion.concatenation import (
    LEAST_SPREAD,
    Population,
    aim,
    contributions,
    describe,
    join,
    spread,
)

DIMENSIONS = {"text": 2, "picture": 3, "speech": 2, "sound": 4}


def unit(*numbers):
    return np.array(numbers, dtype=np.float32) / np.linalg.norm(numbers)


def test_an_item_is_stored_as_blocks_and_flags():
    stored = join({"text": unit(3, 4), "speech": unit(0, 1)}, DIMENSIONS)
    assert stored == pytest.approx([0.6, 0.8, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0])


def test_one_inner_product_is_the_sum_of_weighted_standard_scores():
    # On paper: text vectors (1, 0) and (0, 1), so their mean is (½, ½) and their covariance
    # ((¼, -¼), (-¼, ¼)). The query (0.6, 0.8) has cosines .6 and .8: mean .7, spread .1.
    # The item (0, 1) stands one spread above the mean; with weight 3 it scores 3. In the picture
    # block the cosines with (1, 0, 0) are 1 and 0: mean ½, spread ½, so its (1, 0, 0) scores 2 · 1.
    items = [
        join({"text": unit(1, 0), "picture": unit(0, 1, 0)}, DIMENSIONS),
        join({"text": unit(0, 1), "picture": unit(1, 0, 0)}, DIMENSIONS),
    ]
    stored = np.stack(items)
    populations = describe([stored], DIMENSIONS)
    query = {"text": unit(3, 4), "picture": unit(1, 0, 0)}
    aimed = aim(query, {"text": 3.0, "picture": 2.0}, populations, DIMENSIONS)
    blur = np.hypot(0.1, LEAST_SPREAD) / 0.1, np.hypot(0.5, LEAST_SPREAD) / 0.5
    assert stored @ aimed == pytest.approx(
        [-3 / blur[0] - 2 / blur[1], 3 / blur[0] + 2 / blur[1]], rel=1e-4
    )


def test_contributions_add_up_to_the_inner_product():
    random = np.random.default_rng(7)
    drawn = [[unit(*random.normal(size=n)) for n in (2, 3, 2, 4)] for _ in range(50)]
    named = [dict(zip(DIMENSIONS, parts, strict=True)) for parts in drawn]
    for place, parts in enumerate(named):
        del parts[
            ["text", "picture", "speech", "sound"][place % 4]
        ]  # every item lacks one modality
    stored = np.stack([join(parts, DIMENSIONS) for parts in named])
    query = dict(zip(DIMENSIONS, drawn[0], strict=True)) | {"text": unit(1, 1)}
    weights = {"text": 0.5, "picture": 1.5, "speech": 0.25, "sound": 2.0}
    aimed = aim(query, weights, describe([stored], DIMENSIONS), DIMENSIONS)
    parts = contributions(aimed, stored, DIMENSIONS)
    assert sum(parts.values()) == pytest.approx(stored @ aimed, abs=1e-5)


def test_lacking_a_modality_is_the_average_of_those_that_have_it():
    random = np.random.default_rng(8)
    drawn = [unit(*random.normal(size=2)) for _ in range(20)]
    stored = np.stack([join({"text": vector}, DIMENSIONS) for vector in drawn])
    lacking = join({"picture": unit(1, 0, 0)}, DIMENSIONS)[None]
    populations = describe([stored[:5], stored[5:]], DIMENSIONS)
    aimed = aim({"text": unit(1, 2)}, {"text": 1.0}, populations, DIMENSIONS)
    having = contributions(aimed, stored, DIMENSIONS)["text"]
    assert contributions(aimed, lacking, DIMENSIONS)["text"] == [0.0]
    assert having.mean() == pytest.approx(0.0, abs=1e-5)
    assert having.std() == pytest.approx(1.0, abs=0.01)


def test_weights_without_a_vector_and_vectors_without_a_weight_add_nothing():
    stored = join({"text": unit(1, 0), "picture": unit(1, 0, 0)}, DIMENSIONS)[None]
    flat = {
        name: Population(np.zeros(size, np.float32), np.eye(size, dtype=np.float32))
        for name, size in DIMENSIONS.items()
    }
    aimed = aim({"text": unit(1, 0)}, {"picture": 1.0}, flat, DIMENSIONS)
    assert stored @ aimed == [0.0]


def test_one_recording_is_judged_against_the_texts():
    texts = [join({"text": unit(1, n)}, DIMENSIONS) for n in range(-20, 20)]
    spoken = join({"text": unit(1, 0), "speech": unit(1, 20)}, DIMENSIONS)
    stored = np.stack([*texts, spoken])
    populations = describe([stored], DIMENSIONS)
    aimed = aim({"speech": unit(1, 20)}, {"speech": 1.0}, populations, DIMENSIONS)
    assert spoken @ aimed > 0.5
    # 41 texts lend the worth of 10: mean of 10 text means and 1 recording.
    expected = (10 * stored[:, :2].mean(axis=0) + unit(1, 20)) / 11
    assert populations["speech"].mean == pytest.approx(expected, abs=1e-6)


def test_one_sound_is_judged_against_every_direction():
    ring, hum = unit(1, 0, 0, 0), unit(0, 1, 0, 0)
    stored = join({"sound": ring}, DIMENSIONS)[None]
    populations = describe([stored], DIMENSIONS)
    # Ten sounds of every direction are lent: their mean is 0 and their covariance I / 4.
    assert populations["sound"].mean == pytest.approx(ring / 11, abs=1e-6)
    assert spread(hum, populations["sound"]) == pytest.approx(np.sqrt(2.5 / 11), abs=1e-3)
    aimed = aim({"sound": ring}, {"sound": 1.0}, populations, DIMENSIONS)
    assert (stored @ aimed)[0] > 1.0
    unlike = aim({"sound": hum}, {"sound": 1.0}, populations, DIMENSIONS)
    assert stored @ unlike == pytest.approx([0.0])


def test_a_catalogue_of_one_item_scores_it_zero():
    stored = join({"text": unit(1, 0)}, DIMENSIONS)[None]
    populations = describe([stored], DIMENSIONS)
    assert spread(unit(0, 1), populations["text"]) == pytest.approx(LEAST_SPREAD)
    aimed = aim({"text": unit(1, 0)}, {"text": 1.0}, populations, DIMENSIONS)
    assert stored @ aimed == pytest.approx([0.0])
