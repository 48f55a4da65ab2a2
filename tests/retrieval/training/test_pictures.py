"""Training: what is true of what, the losses on paper, and stopping without a trace."""

import json
import math
import random
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from retrieval.encoders.picture import WEIGHTS_FILE, load_picture_encoder, open_clip_model
from retrieval.errors import TrainingError
from retrieval.items import Item
from retrieval.training.losses import many_true, pictures_alike, same_picture
from retrieval.training.pictures.augment import GENTLE, PHONE, Strength, augment
from retrieval.training.pictures.examples import caption_group
from retrieval.training.pictures.finetune import CHECKPOINT, LEAST_ITEMS, plan, train_pictures
from retrieval.training.pictures.objective import Objective, Teacher
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.shop import caption_groups, read_shown, shop_source
from retrieval.training.pictures.towers import Towers, frozen_features
from retrieval.training.pictures.wordings import coloured_wearer_ways, singular
from retrieval.training.splits import split
from retrieval.training.trainer import Trainer, train
from tests.tiny_clip import make_model, make_words

COLOURS = {"red": (210, 40, 40), "blue": (40, 60, 200), "green": (40, 150, 70), "yellow": (240, 210, 50)}  # fmt: skip
STILL = Strength(turn=0, zoom=(1.0, 1.0), light=0, balance=0, paper=0, wear=0)
KINDS = ("mug", "lamp", "scarf", "box")


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return make_words(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="module")
def model(tmp_path_factory, words):
    return make_model(tmp_path_factory.mktemp("models") / "tiny", words)


def sketch(kind, colour, dice):
    picture = Image.new("RGB", (40, 40), "white")
    pen = ImageDraw.Draw(picture)
    left, top = dice.randrange(4, 10), dice.randrange(4, 10)
    box = (left, top, left + 22, top + 22)
    shapes = {"mug": pen.ellipse, "box": pen.rectangle}
    if kind in shapes:
        shapes[kind](box, fill=colour)
    elif kind == "lamp":
        pen.polygon([(left + 11, top), (left, top + 22), (left + 22, top + 22)], fill=colour)
    else:
        pen.rectangle((left, top + 8, left + 24, top + 13), fill=colour)
    return picture


def shop(count, folder):
    """A shop whose titles say what is seen."""
    dice = random.Random(5)
    items = []
    for at in range(count):
        kind, name = dice.choice(KINDS), dice.choice(list(COLOURS))
        path = folder / f"{at}.png"
        sketch(kind, COLOURS[name], dice).save(path)
        items.append(
            Item(
                f"i{at}",
                f"{name} {kind}",
                category=kind,
                attributes={"colour": name},
                pictures=(path,),
            )
        )
    return items


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
    assert singular(several) == one


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
    for name, colour in COLOURS.items():
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


# -- training


def tiny_trainer(model, words, shown, *, taught=False, **changes):
    """Train a tiny model, taught by its own moving average if asked."""
    opened = open_clip_model(model, words=words)
    stages = (Stage(6, 32, (1e-3, 1e-3)), Stage(6, 40, (1e-3, 0.0)))
    recipe = Recipe(**{"stages": stages, "validate_every": 3, **changes})
    source = shop_source(shown, share=8)
    towers = Towers(opened)
    average = Towers(deepcopy(opened)) if taught else None
    teachers = [Teacher(average)] if average else []
    features = [frozen_features(source.groups, towers)]
    return Trainer(Objective(towers, [source], features, recipe, teachers), average)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return read_shown(shop(24, tmp_path_factory.mktemp("few")), side=40)[0]


@pytest.mark.parametrize("changes", [{}, {"accumulate": 2}, {"taught": True, "soft": 0.4}])
def test_interrupted_and_resumed_it_ends_the_same(tmp_path, model, words, shown, changes):
    class InterruptionError(Exception):
        pass

    def stop_at_seven(progress):
        if progress.step >= 7:
            raise InterruptionError

    whole = tiny_trainer(model, words, shown, **changes)
    scores = iter([0.0, 0.1, 0.4, 0.2, 0.3])  # the first one before the first step
    expected = train(
        whole, lambda: next(scores), checkpoint=tmp_path / "a", fingerprint="x", report=print_not
    )
    first = tiny_trainer(model, words, shown, **changes)
    scores = iter([0.0, 0.1, 0.4, 0.2, 0.3])  # the first one before the first step
    with pytest.raises(InterruptionError):
        train(
            first, lambda: next(scores), checkpoint=tmp_path / "b", fingerprint="x",
            report=stop_at_seven,
        )  # fmt: skip
    second = tiny_trainer(model, words, shown, **changes)
    scores = iter([0.2, 0.3])  # it goes on from step 6, so the last two are made again
    resumed = train(
        second, lambda: next(scores), checkpoint=tmp_path / "b", fingerprint="x", report=print_not
    )
    assert second.step == whole.step == 12
    assert expected.keys() == resumed.keys()
    for name, value in expected.items():
        assert torch.equal(value, resumed[name]), name


def print_not(progress):
    """Take a report and say nothing."""


def test_the_text_transformer_stays_frozen_and_the_rest_moves(model, words, shown):
    trainer = tiny_trainer(model, words, shown)
    before = {name: value.clone() for name, value in trainer.towers.model.state_dict().items()}
    trainer.take_step()
    changed = {
        name
        for name, value in trainer.towers.model.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert not [name for name in changed if name.startswith("text.transformer.")]
    assert {"text.proj.0.weight", "visual.head.proj.weight", "logit_scale"} <= changed


def test_the_loss_falls(model, words, shown):
    trainer = tiny_trainer(model, words, shown, stages=(Stage(40, 32, (3e-3, 3e-3)),))
    losses = [trainer.take_step() for _ in range(40)]
    assert np.mean(losses[-8:]) < 0.9 * np.mean(losses[:8])


def test_the_moving_average_teaches(model, words, shown):
    trainer = tiny_trainer(model, words, shown, taught=True, soft=1.0)
    teacher = trainer.objective.teachers[0].towers
    for _ in range(3):
        trainer.take_step()
    taught = {name: value.clone() for name, value in teacher.moved().items()}
    live = trainer.towers.moved()["text.proj.0.weight"]
    assert not torch.equal(taught["text.proj.0.weight"], live)
    with trainer.averaged():
        for name, value in trainer.towers.moved().items():
            assert torch.equal(value, taught[name]), name


def test_a_teacher_has_its_say(model, words, shown):
    losses = [
        tiny_trainer(model, words, shown, taught=True, soft=share).take_step()
        for share in (0.0, 0.5, 1.0)
    ]
    alone = tiny_trainer(model, words, shown).take_step()
    assert losses[0] == pytest.approx(alone)
    assert losses[1] == pytest.approx((losses[0] + losses[2]) / 2, rel=1e-4)
    assert losses[2] != pytest.approx(alone, rel=1e-3)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_training_on_a_gpu_learns_as_well(model, words, shown):
    opened = open_clip_model(model, words=words)
    opened.model.to("cuda")
    towers = Towers(opened)
    source = shop_source(shown, share=8)
    features = [frozen_features(source.groups, towers)]
    recipe = Recipe(stages=(Stage(40, 32, (3e-3, 3e-3)),))
    trainer = Trainer(Objective(towers, [source], features, recipe))
    losses = [trainer.take_step() for _ in range(40)]
    assert trainer.dice.device.type == "cuda"
    assert np.mean(losses[-8:]) < 0.9 * np.mean(losses[:8])


def test_the_best_average_is_kept_and_patience_ends(tmp_path, model, words, shown):
    trainer = tiny_trainer(model, words, shown, patience=2)
    scores = iter([0.0, 0.9, 0.5, 0.4])
    kept = train(
        trainer, lambda: next(scores), checkpoint=tmp_path / "c", fingerprint="x", report=print_not
    )
    assert trainer.step == 9
    assert not torch.equal(kept["text.proj.0.weight"], trainer.towers.moved()["text.proj.0.weight"])


def test_nothing_worse_than_the_start_is_kept(tmp_path, model, words, shown):
    trainer = tiny_trainer(model, words, shown)
    before = {name: value.clone() for name, value in trainer.towers.moved().items()}
    scores = iter([0.9, 0.5, 0.5, 0.5, 0.5])
    kept = train(
        trainer, lambda: next(scores), checkpoint=tmp_path / "e", fingerprint="x", report=print_not
    )
    assert all(torch.equal(value, kept[name]) for name, value in before.items())


def test_a_checkpoint_of_other_data_is_refused(tmp_path, model, words, shown):
    trainer = tiny_trainer(model, words, shown)
    train(trainer, lambda: 0.0, checkpoint=tmp_path / "d", fingerprint="x", report=print_not)
    with pytest.raises(TrainingError, match="other data"):
        train(trainer, lambda: 0.0, checkpoint=tmp_path / "d", fingerprint="y", report=print_not)
    (tmp_path / "d").write_bytes(b"half")
    with pytest.raises(TrainingError, match="delete it"):
        train(trainer, lambda: 0.0, checkpoint=tmp_path / "d", fingerprint="x", report=print_not)


def test_a_loss_that_is_no_number_ends_training(model, words, shown):
    trainer = tiny_trainer(model, words, shown)
    with torch.no_grad():
        trainer.towers.log_scale.fill_(math.nan)
    with pytest.raises(TrainingError, match="learning rate"):
        trainer.take_step()


# -- a catalogue


def test_a_model_is_made_of_a_catalogue(tmp_path, model, words):
    items = shop(LEAST_ITEMS + 20, tmp_path)
    reports = []
    done = train_pictures(
        items, start=model, words=words, out=tmp_path / "ours", report=reports.append
    )
    assert done.trained + done.held_out < len(items)
    assert all(0 <= line.before <= 1 and 0 <= line.after <= 1 for line in done.table)
    assert reports[-1].step == done.steps
    assert reports[0].seconds_left > 0
    assert [report.validation for report in reports if report.validation is not None]
    encoder = load_picture_encoder(tmp_path / "ours", words=words)
    assert encoder.name.startswith("ours-")
    assert not (tmp_path / "ours" / CHECKPOINT).exists()
    facts = json.loads((tmp_path / "ours" / "training.json").read_text())
    assert facts["held_out"] == done.held_out
    with pytest.raises(TrainingError, match="already holds a model"):
        train_pictures(items, start=model, words=words, out=tmp_path / "ours")


def test_too_few_items_are_refused_with_the_number_needed(tmp_path, model, words):
    items = shop(12, tmp_path)
    with pytest.raises(TrainingError, match=f"12 of 12 items .* at least {LEAST_ITEMS}"):
        train_pictures(items, start=model, words=words, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_anything_in_it_is_not_touched(tmp_path, model, words):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("mine")
    with pytest.raises(TrainingError, match="not empty"):
        train_pictures([], start=model, words=words, out=tmp_path / "out")
    with pytest.raises(TrainingError, match="already holds a model"):
        train_pictures([], start=model, words=words, out=model)
    assert (model / WEIGHTS_FILE).exists()


def test_unreadable_pictures_are_left_out_and_told(tmp_path):
    items = shop(3, tmp_path)
    (tmp_path / "1.png").write_bytes(b"no picture")
    shown, problems = read_shown(items, side=32)
    assert [one.item.id for one in shown] == ["i0", "i2"]
    assert problems == [problem for problem in problems if "1.png" in problem]
    assert len(problems) == 1


def test_a_recipe_grows_with_the_catalogue():
    assert plan(100, 50, 80).steps < plan(5000, 64, 80).steps < 3000
