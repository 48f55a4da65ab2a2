"""Training a picture encoder: it learns, it resumes to the same, and it refuses what fails."""

import json
import math
import random
from copy import deepcopy

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from retrieval.encoders.picture import load_picture_encoder, open_clip_model
from retrieval.encoders.picture_folder import WEIGHTS_FILE
from retrieval.errors import TrainingError
from retrieval.items import Item
from retrieval.training.pictures.finetune import (
    CHECKPOINT,
    LEAST_PICTURED_ITEMS,
    recipe_for_pictures,
    train_pictures,
)
from retrieval.training.pictures.objective import Objective, Teacher
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.shop import read_squares, shop_source
from retrieval.training.pictures.towers import Towers, frozen_features
from retrieval.training.trainer import Trainer, train
from tests.builders import PAINTS

KINDS = ("mug", "lamp", "scarf", "box")


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
        kind, name = dice.choice(KINDS), dice.choice(list(PAINTS))
        path = folder / f"{at}.png"
        sketch(kind, PAINTS[name], dice).save(path)
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
    return read_squares(shop(24, tmp_path_factory.mktemp("few")), side=40)[0]


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
    items = shop(LEAST_PICTURED_ITEMS + 20, tmp_path)
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
    with pytest.raises(TrainingError, match=f"12 of 12 items .* at least {LEAST_PICTURED_ITEMS}"):
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
    shown, problems = read_squares(items, side=32)
    assert [one.item.id for one in shown] == ["i0", "i2"]
    assert problems == [problem for problem in problems if "1.png" in problem]
    assert len(problems) == 1


def test_a_recipe_grows_with_the_catalogue():
    assert recipe_for_pictures(100, 50, 80).steps < recipe_for_pictures(5000, 64, 80).steps < 3000
