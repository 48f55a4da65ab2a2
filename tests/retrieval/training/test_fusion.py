"""Training a fusion: it helps, it resumes to the same, and it refuses what cannot end well."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from retrieval.catalogue.interactions import Interaction, Interactions
from retrieval.errors import ModelCorruptError, ModelError, ModelMissingError, TrainingError
from retrieval.fusion.concatenation import describe
from retrieval.fusion.network import FusionNetwork, Shape
from retrieval.fusion.transformer import FACTS_FILE, WEIGHTS_FILE, load
from retrieval.items import MODALITIES
from retrieval.training.fusion.examples import make_examples
from retrieval.training.fusion.measure import found_shares
from retrieval.training.fusion.objective import FusionObjective, Held, Tastes
from retrieval.training.fusion.recipe import recipe_for_items
from retrieval.training.fusion.tastes import share_out
from retrieval.training.fusion.train import (
    CHECKPOINT,
    CURVES,
    LEAST_FUSED_ITEMS,
    Plan,
    train_fusion,
)
from retrieval.training.trainer import Trainer
from tests.builders import BUILT_BY, SHORT, SMALL_ENCODERS, toy_stock, write_curves

pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("trained") / "fusion"
    shop, reports = toy_stock(600), []
    done = train_fusion(shop, Plan(out, write_curves, recipe=replace(SHORT, steps=80)), report=reports.append)  # fmt: skip
    return shop, done, reports


def test_training_finds_more_held_out_items_than_before(trained):
    _, done, reports = trained
    before = np.mean([one.before for one in done.table])
    after = np.mean([one.after for one in done.table])
    assert after > before + 0.02
    assert done.trained + done.held_out < 600
    assert done.users == 0
    assert max(one.validation or 0 for one in reports) > 0
    assert {p.name for p in done.folder.iterdir()} == {
        WEIGHTS_FILE, FACTS_FILE, CURVES, "curves.json",
    }  # fmt: skip
    assert "validation" in (done.folder / CURVES).read_text()


def test_a_trained_folder_is_a_fusion_whose_contributions_add_up(trained):
    shop, done, _ = trained
    populations = describe([shop.stored], SMALL_ENCODERS.dimensions)
    fusion = load(done.folder, populations, SMALL_ENCODERS.dimensions, BUILT_BY, "toys")
    said = SMALL_ENCODERS.text.encode(["red mug"])[0]
    query = {
        "text": said,
        "speech": said,
        "picture": SMALL_ENCODERS.picture.encode_words(["red mug"])[0],
    }
    weights = dict.fromkeys(MODALITIES, 1.0) | {"words": 2.0}
    shares = fusion.contributions(query, weights, shop.stored, np.zeros(600, dtype=np.float32))
    score = np.sum(list(shares.values()), axis=0)
    first = [shop.items[at] for at in np.argsort(-score)[:5]]
    assert {one.attributes["colour"] for one in first} == {"red"}
    assert [one.category for one in first].count("mug") >= 3
    assert not shares["speech"].any()
    assert fusion.aim(query, weights)[0].shape == (shop.stored.shape[1],)


def test_what_does_not_fit_a_trained_folder_is_told(trained, tmp_path):
    shop, done, _ = trained
    populations = describe([shop.stored], SMALL_ENCODERS.dimensions)
    other = {**BUILT_BY, "picture": "sharp eyes, 4"}
    with pytest.raises(
        ModelError, match="'toys' with the picture encoder mean colour, 4, but sharp"
    ):
        load(done.folder, populations, SMALL_ENCODERS.dimensions, other, "toys")
    with pytest.raises(ModelError, match="picture vectors of 4 numbers, these have 9"):
        load(
            done.folder, populations, {**SMALL_ENCODERS.dimensions, "picture": 9}, BUILT_BY, "toys"
        )
    with pytest.raises(
        ModelError,
        match=r"trained on the index 'toys', not on 'games': go on .* train fusion games --from",
    ):
        load(done.folder, populations, SMALL_ENCODERS.dimensions, BUILT_BY, "games")
    with pytest.raises(ModelMissingError, match="magpie train fusion"):
        load(tmp_path, populations, SMALL_ENCODERS.dimensions, BUILT_BY, "toys")
    for name in (FACTS_FILE, WEIGHTS_FILE):
        (tmp_path / name).write_bytes((done.folder / name).read_bytes()[:40])
    with pytest.raises(ModelCorruptError, match="cannot be read"):
        load(tmp_path, populations, SMALL_ENCODERS.dimensions, BUILT_BY, "toys")


class StopError(Exception):
    """Stands for Ctrl-C."""


def choices(users=30, seed=0):
    """Let every user like one colour, which only the picture shows."""
    dice = np.random.default_rng(seed)
    said = tuple(
        Interaction(f"u{user}", f"i{at * 3 + user % 3}", 1.0, float(time))
        for user in range(users)
        for time, at in enumerate(dice.permutation(80)[:8])
    )
    return Interactions(said, 0.5, ())


@pytest.fixture(scope="module")
def chosen(tmp_path_factory):
    """Train on what users chose."""
    shop, out = toy_stock(interactions=choices()), tmp_path_factory.mktemp("chosen") / "fusion"
    return shop, train_fusion(shop, Plan(out, write_curves, recipe=SHORT))


def test_resumed_equals_uninterrupted(chosen, tmp_path):
    shop, whole = chosen

    def stop(progress):
        if progress.step >= 25:
            raise StopError

    plan = Plan(tmp_path / "a", write_curves, recipe=SHORT)
    with pytest.raises(StopError):
        train_fusion(shop, plan, report=stop)
    assert (tmp_path / "a" / CHECKPOINT).exists()
    resumed = train_fusion(shop, plan)
    weights = [(done.folder / WEIGHTS_FILE).read_bytes() for done in (whole, resumed)]
    assert weights[0] == weights[1]
    assert whole.table == resumed.table
    assert whole.users > 0
    points = (eval((done.folder / CURVES).read_text()) for done in (whole, resumed))  # our own two
    first, second = (one["validation"] for one in points)
    assert first == second


def test_a_checkpoint_of_another_catalogue_is_refused(tmp_path):
    def stop(progress):
        raise StopError

    with pytest.raises(StopError):
        train_fusion(toy_stock(), Plan(tmp_path / "a", write_curves, recipe=SHORT), report=stop)
    path = tmp_path / "a" / CHECKPOINT
    kept = path.read_bytes()
    games = replace(toy_stock(seed=1), name="games")
    with pytest.raises(
        TrainingError, match=r"other data .* \(toys by hashed words.*, not games by"
    ):
        train_fusion(games, Plan(tmp_path / "a", write_curves, recipe=SHORT))
    sharper = replace(toy_stock(), built_by={**BUILT_BY, "picture": "sharp eyes, 4"})
    with pytest.raises(TrainingError, match=r"mean colour, 4: \w+, not .* sharp eyes, 4: \w+\)"):
        train_fusion(sharper, Plan(tmp_path / "a", write_curves, recipe=SHORT))
    assert path.read_bytes() == kept


def test_a_frozen_network_keeps_what_looks_across_modalities(trained):
    shop, _, _ = trained
    network = FusionNetwork(SMALL_ENCODERS.dimensions, Shape(width=16, heads=2))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    examples = make_examples(shop.items, shop.stored, SMALL_ENCODERS)
    trainer = Trainer(FusionObjective(Held(network, freeze=True), examples, SHORT))
    for _ in range(3):
        trainer.take_step()
    after = network.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert not [name for name in changed if name.startswith(("layers.", "last."))]
    assert {"into.text.weight", "out.picture.weight", "gains"} <= changed


def test_training_goes_on_from_a_folder(trained, tmp_path):
    _, done, _ = trained
    recipe = replace(SHORT, steps=20)
    moved = Plan(tmp_path / "a", write_curves, start=done.folder, freeze=True, recipe=recipe)
    again = train_fusion(toy_stock(seed=4), moved)
    assert [one.name for one in again.table] == [one.name for one in done.table]
    assert (tmp_path / "a" / WEIGHTS_FILE).exists()


def test_a_start_of_other_encoders_is_refused(trained, tmp_path):
    _, done, _ = trained
    other = replace(toy_stock(), built_by={**BUILT_BY, "text": "other words, 48"})
    with pytest.raises(ModelError, match="text encoder hashed words, 48, but other words"):
        train_fusion(other, Plan(tmp_path / "a", write_curves, start=done.folder))
    assert not (tmp_path / "a").exists()


def test_what_cannot_end_well_is_refused_before_anything_is_written(trained, tmp_path):
    _, done, _ = trained
    with pytest.raises(TrainingError, match=f"50 of 50 items .* at least {LEAST_FUSED_ITEMS}"):
        train_fusion(toy_stock(50), Plan(tmp_path / "a", write_curves))
    with pytest.raises(TrainingError, match="0 of 260 items have two modalities"):
        train_fusion(toy_stock(picture=False), Plan(tmp_path / "a", write_curves))
    with pytest.raises(TrainingError, match="--freeze needs --from"):
        train_fusion(toy_stock(), Plan(tmp_path / "a", write_curves, freeze=True))
    assert not (tmp_path / "a").exists()
    with pytest.raises(TrainingError, match="already holds a fusion"):
        train_fusion(toy_stock(), Plan(done.folder, write_curves))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letters.txt").write_text("mine")
    with pytest.raises(TrainingError, match="not empty"):
        train_fusion(toy_stock(), Plan(tmp_path / "mine", write_curves))


# -- users


def test_what_users_chose_is_learned_from(chosen):
    line = chosen[1].table[-1]
    assert "foreseen" in line.name
    assert line.untrained is None
    assert 0 <= line.before <= 1
    assert 0 <= line.after <= 1


def test_too_few_users_are_refused_with_the_number_needed(tmp_path):
    with pytest.raises(TrainingError, match="4 of 4 users .* at least 20"):
        train_fusion(toy_stock(interactions=choices(4)), Plan(tmp_path / "a", write_curves))
    nobody = Interactions((Interaction("u", "i1", 0.0),), 0.5, ())
    with pytest.raises(TrainingError, match="0 of 0 users"):
        train_fusion(toy_stock(interactions=nobody), Plan(tmp_path / "a", write_curves))


def test_the_last_choice_is_for_the_test_and_the_one_before_for_tuning():
    said = [Interaction(f"u{u}", f"i{at}", 1.0, float(-at)) for u in range(20) for at in range(5)]
    places = {f"i{at}": at for at in range(5)}
    shares = share_out(Interactions(tuple(said), 0.5, ()), places, {0, 2, 3, 4})
    assert shares.test.nexts.tolist() == [0] * 20
    assert shares.tuning.nexts.tolist() == [1] * 20
    assert shares.test.pasts[0].tolist() == [4, 3, 2, 1]
    assert shares.train.chosen[0].tolist() == [4, 3, 2]


def test_a_strange_item_is_none_that_the_user_chose():
    tastes = Tastes([torch.tensor([0, 1, 2, 3])])
    before, real, later, strange = tastes.draw(
        50, 2, torch.arange(5), torch.Generator().manual_seed(0)
    )
    assert set(strange.tolist()) == {4}
    assert real.any(dim=1).all()
    assert (before[:, 0] < later).all()


# -- pieces


def test_phrases_are_true_of_the_items_that_they_are_drawn_for():
    shop = toy_stock(30)
    examples = make_examples(shop.items, shop.stored, SMALL_ENCODERS)
    at = torch.arange(30)
    chosen, truth = examples.draw_phrases(at, torch.Generator().manual_seed(0))
    assert truth.diagonal().all()
    assert examples.asked.tolist() == [name in ("text", "picture", "speech") for name in MODALITIES]
    assert len(chosen) == 30
    colours = [item.attributes["colour"] for item in shop.items]
    shared = truth & ~torch.eye(30, dtype=torch.bool)
    assert all(
        colours[row] == colours[column] or shop.items[row].category == shop.items[column].category
        for row, column in shared.nonzero().tolist()
    )


def test_found_shares_on_paper():
    scores = np.array([[*range(12)], [*range(12)]], dtype=np.float32)
    true = np.zeros((2, 12), dtype=bool)
    true[0, [11, 0]] = True  # one of two is among the ten best
    true[1, 2:] = True  # all ten
    assert found_shares(scores, true) == pytest.approx((0.5, 1.0))


def test_the_network_starts_as_concatenation():
    network = FusionNetwork(SMALL_ENCODERS.dimensions, Shape(width=16, heads=2)).eval()
    shop = toy_stock(12)
    there = torch.from_numpy(shop.stored[:, -len(MODALITIES) :] > 0)
    with torch.inference_mode():
        found = network(torch.from_numpy(shop.stored), there).numpy()
    both = shop.stored[:, : -len(MODALITIES)] / np.sqrt(2)
    assert found == pytest.approx(both, abs=1e-5)


def test_the_rate_rises_and_falls():
    recipe = recipe_for_items(40_000)
    rates = [recipe.at(step)[1] for step in range(recipe.steps)]
    top = rates.index(max(rates))
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert max(rates) == pytest.approx(recipe.rate)
    assert rates[-1] < recipe.rate / 100
