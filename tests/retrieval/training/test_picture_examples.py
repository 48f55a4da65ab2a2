"""What a picture encoder learns from: splits, captions, losses on paper, changes to a picture."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from retrieval.training.losses import many_true, pictures_alike, same_picture
from retrieval.training.pictures.augment import GENTLE, PHONE, Strength, augment
from retrieval.training.pictures.examples import caption_group
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.shop import caption_groups
from retrieval.training.pictures.wordings import coloured_wearer_ways, one_of_kind
from retrieval.training.splits import split
from tests.builders import PAINTS

STILL = Strength(turn=0, zoom=(1.0, 1.0), light=0, balance=0, paper=0, wear=0)


# -- splits


def test_a_split_depends_on_nothing_but_the_ids():
    ids = [str(at) for at in range(1000)]
    parts = split(ids, data_set="toys", validation=100, test=200)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (700, 100, 200)
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(1000))
    turned = split(ids[::-1], data_set="toys", validation=100, test=200)
    assert {ids[at] for at in parts.test} == {ids[::-1][at] for at in turned.test}
    assert split(ids, data_set="books", validation=100, test=200).test != parts.test


def test_new_ids_move_no_tested_record_into_training_while_shares_stay():
    ids = [str(at) for at in range(500)]
    before = {ids[at] for at in split(ids, data_set="toys", validation=0, test=50).test}
    grown = [*ids, *(f"new {at}" for at in range(500))]
    after = {grown[at] for at in split(grown, data_set="toys", validation=0, test=100).test}
    assert len(before - after) < 15  # those whose hash is beaten; of 50


# -- captions


def test_a_caption_is_true_of_every_picture_with_its_values():
    records = [
        {"colour": "red", "kind": "mug"},
        {"colour": "blue", "kind": "mug"},
        {"colour": "red", "kind": "mug"},
        {"colour": "", "kind": "mug"},
    ]
    group = caption_group(records, ["colour", "kind"], lambda r: (f"{r['colour']} {r['kind']}",))
    assert group.wordings == (("red mug",), ("blue mug",))
    assert group.of_picture.tolist() == [0, 1, 0, -1]


def test_captions_come_from_what_repeats():
    records = [
        {"title": f"Thing {at}", "description": "", "category": "mug" if at % 2 else "lamp",
         "colour": ["red", "blue", "green"][at % 3], "serial": str(at)}
        for at in range(12)
    ]  # fmt: skip
    names = {group.name for group in caption_groups(records)}
    assert names == {"title", "category", "colour", "colour+category"}


@pytest.mark.parametrize(
    ("several", "one"),
    [("Watches", "watch"), ("Tshirts", "t-shirt"), ("Dresses", "dress"), ("Jeans", "jeans"),
     ("Accessories", "accessories"), ("Kurtas", "kurta"), ("Casual Shoes", "casual shoes")],
)  # fmt: skip
def test_one_of_a_kind(several, one):
    assert one_of_kind(several) == one


def test_every_record_is_worded_equally_often():
    ways = {len(coloured_wearer_ways("Navy Blue", kind, "men")) for kind in ("Tshirts", "Jeans")}
    assert len(ways) == 1


# -- losses, on paper


def test_one_true_column_is_cross_entropy():
    logits = torch.tensor([[math.log(3.0), 0.0]])
    truth = torch.tensor([[True, False]])
    assert float(many_true(logits, truth)) == pytest.approx(-math.log(3 / 4))


def test_several_true_columns_share():
    logits = torch.zeros(1, 4)
    truth = torch.tensor([[True, True, False, False]])
    assert float(many_true(logits, truth)) == pytest.approx(math.log(4))


def test_a_row_without_truth_does_not_count():
    logits = torch.tensor([[0.0, 0.0], [5.0, -5.0]])
    truth = torch.tensor([[True, False], [False, False]])
    assert float(many_true(logits, truth)) == pytest.approx(math.log(2))
    assert float(many_true(logits, torch.zeros(2, 2, dtype=torch.bool))) == 0


def test_alike_pictures_pull_and_strangers_do_not():
    apart = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    near = float(pictures_alike(apart, torch.tensor([1, -1, 1]), 0.1))
    far = float(pictures_alike(apart, torch.tensor([1, 1, -1]), 0.1))
    assert near < 0.01
    assert far > 5


def test_a_view_finds_its_own_picture():
    pictures = torch.eye(3)
    assert float(same_picture(pictures[1:2], pictures, torch.tensor([1]), 0.1)) < 0.01
    assert float(same_picture(pictures[1:2], pictures, torch.tensor([0]), 0.1)) > 9


# -- changes


@pytest.mark.parametrize("strength", [GENTLE, PHONE])
def test_changes_keep_shape_and_range_and_repeat(strength):
    dice = np.random.default_rng(0)
    pixels = torch.from_numpy(dice.integers(0, 255, (6, 3, 50, 40), np.uint8))
    one = augment(pixels, 32, strength, torch.Generator().manual_seed(3))
    again = augment(pixels, 32, strength, torch.Generator().manual_seed(3))
    other = augment(pixels, 32, strength, torch.Generator().manual_seed(4))
    assert one.shape == (6, 3, 32, 32)
    assert 0 <= float(one.min()) <= float(one.max()) <= 1
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_a_colour_keeps_its_name():
    for name, colour in PAINTS.items():
        pixels = torch.tensor(colour, dtype=torch.uint8).view(1, 3, 1, 1).expand(200, 3, 32, 32)
        plain = replace(PHONE, paper=0, desk=0)
        seen = augment(pixels, 32, plain, torch.Generator().manual_seed(0))
        order = torch.tensor(colour).argsort()
        mean = seen.mean((2, 3))
        assert bool((mean[:, order[2]] >= mean[:, order[0]]).all()), name


def test_nothing_changes_into_nothing():
    none = torch.zeros(0, 3, 50, 40, dtype=torch.uint8)
    assert augment(none, 32, PHONE, torch.Generator()).shape == (0, 3, 32, 32)


def test_a_desk_is_seen_beyond_the_edges_and_nowhere_else():
    sheet = replace(STILL, zoom=(2.0, 2.0), desk=1.0)
    pixels = torch.full((50, 3, 32, 32), 255, dtype=torch.uint8)
    seen = augment(pixels, 64, sheet, torch.Generator().manual_seed(0))
    white = (seen > 0.999).all(1).float().mean((1, 2))
    assert float(white.min()) > 0.15  # the sheet, half as wide as the view
    assert float(white.median()) < 0.25  # some desks are as white as the sheet
    bare = augment(pixels, 64, replace(sheet, desk=0.0), torch.Generator().manual_seed(0))
    assert float(bare.min()) > 0.999


def test_tilt_brings_one_side_nearer():
    pixels = torch.zeros(40, 3, 64, 64, dtype=torch.uint8)
    pixels[:, :, 24:40] = 255  # a band across the middle, as thick at the left as at the right
    level = augment(pixels, 64, STILL, torch.Generator().manual_seed(0))
    tilted = augment(pixels, 64, replace(STILL, tilt=0.3), torch.Generator().manual_seed(0))
    assert float((thickness(level, 4) - thickness(level, 59)).abs().max()) < 0.01
    assert float((thickness(tilted, 4) - thickness(tilted, 59)).abs().median()) > 1


def test_a_part_is_hidden_behind_another_picture_and_no_more():
    pixels = torch.zeros(60, 3, 64, 64, dtype=torch.uint8)
    pixels[30:] = 255
    seen = augment(pixels, 64, replace(STILL, cover=1.0), torch.Generator().manual_seed(0))
    strange = (seen[:, 0] > 0.5) != (pixels[:, 0] > 127)
    share = strange.float().mean((1, 2))
    assert 10 <= int((share > 0).sum()) <= 50  # some are hidden behind one of their own colour
    assert float(share.max()) < 0.33
    assert not augment(pixels[:30], 64, STILL, torch.Generator().manual_seed(0)).any()


def test_what_was_photographed_is_not_mirrored():
    pixels = torch.zeros(20, 3, 64, 64, dtype=torch.uint8)
    pixels[..., 40:] = 255
    dice = torch.Generator().manual_seed(0)
    straight = augment(pixels, 64, replace(STILL, mirror=0.0), dice)
    turned = augment(pixels, 64, replace(STILL, mirror=1.0), dice)
    assert straight[:, 0, 32, 60].gt(0.9).all()
    assert straight[:, 0, 32, 3].lt(0.1).all()
    assert turned[:, 0, 32, 3].gt(0.9).all()


def thickness(pictures, column):
    """Return how many pixels of light a column holds, (n,)."""
    return pictures[:, 0, :, column].sum(1)


def test_the_learning_rate_moves_in_straight_lines():
    recipe = Recipe(stages=(Stage(10, 32, (0.0, 1.0)), Stage(10, 64, (1.0, 0.0))))
    assert recipe.at(5) == (32, 0.5)
    assert recipe.at(15) == (64, 0.5)
    assert recipe.steps == 20
