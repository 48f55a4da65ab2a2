"""How the shipped encoder was made of several: teachers, classifiers and who says how much."""

import pytest
import torch

from benchmarks import tell_views_apart
from benchmarks.distil_picture_encoder import DistilledObjective, read_teacher
from benchmarks.soft_targets import SoftTargets, attribute_chances, soft_targets
from retrieval.encoders.picture import open_clip_model
from retrieval.training.losses import softly
from retrieval.training.pictures.augment import GENTLE
from retrieval.training.pictures.examples import PictureSource, caption_group
from retrieval.training.pictures.objective import Choice, Objective, Teacher
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.towers import Towers, frozen_features
from retrieval.training.trainer import Trainer

pytestmark = pytest.mark.slow

COLOURS = {"red": (210, 40, 40), "blue": (40, 60, 200), "green": (40, 150, 70)}


@pytest.fixture(scope="module")
def source():
    """Plain pictures of three colours that are called mugs and boxes in turn."""
    records = [
        {"colour": colour, "type": kind, "who": who}
        for kind in ("mug", "box")
        for who in ("men", "women")
        for colour in COLOURS
        for _ in range(4)
    ]
    pixels = torch.tensor([COLOURS[r["colour"]] for r in records], dtype=torch.uint8)
    fields = [["colour", "type", "who"], ["colour"], ["type"], ["who"]]
    groups = [
        caption_group(records, few, lambda r, few=few: (" ".join(r[f] for f in few),))
        for few in fields
    ]
    pictures = pixels.view(-1, 3, 1, 1).expand(-1, 3, 32, 32).contiguous()
    alike = torch.arange(len(records)) // 4
    chance = torch.ones(len(records))
    return PictureSource("shop", pictures, tuple(groups), chance, alike, share=12, strength=GENTLE)


def test_chances_say_what_can_be_seen_and_no_more():
    dice = torch.Generator().manual_seed(0)
    seen = torch.randint(3, (200,), generator=dice)
    hidden = torch.randint(2, (200,), generator=dice)
    features = torch.eye(3)[seen] + 0.05 * torch.randn(200, 3, generator=dice)
    chances, first = attribute_chances(features, torch.stack([seen, hidden], 1), seed=0)
    assert first.tolist() == [0, 3]
    told = chances.exp()
    assert told[:, :3].argmax(1).equal(seen)
    assert told[:, :3].amax(1).mean() > 0.95
    assert told[:, 3:].amax(1).mean() < 0.75  # nothing in the features tells it


def test_no_picture_is_judged_by_who_learned_its_label():
    dice = torch.Generator().manual_seed(0)
    features = torch.randn(200, 64, generator=dice)  # each its own, so that labels can be learned
    labels = torch.randint(2, (200, 1), generator=dice)
    chances, _ = attribute_chances(features, labels, seed=0)
    right = (chances.argmax(1) == labels[:, 0]).float().mean()
    assert float(right) < 0.6  # by heart it would be 1


def test_the_loss_is_least_where_the_logits_are_the_chances():
    chances = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 0.5]])
    best = softly(chances, chances)
    assert best < softly(chances + torch.tensor([[1.0, 0, 0], [0, 0, 0]]), chances)
    assert best < softly(torch.zeros(2, 3), chances)


def test_a_field_that_counts_less_tells_captions_apart_less():
    chances = torch.tensor([[0.9, 0.1, 0.8, 0.2]]).log()  # of two colours, of two wearers
    stated = torch.tensor([[0, 2], [0, 3], [1, 2]])
    at, captions = torch.tensor([0]), torch.arange(3)
    even = SoftTargets(chances, stated, torch.tensor([1.0, 1.0]))(at, captions)[0]
    tilted = SoftTargets(chances, stated, torch.tensor([1.0, 0.5]))(at, captions)[0]
    assert (even[0] - even[1]).exp() == pytest.approx(4)  # another wearer
    assert (tilted[0] - tilted[1]).exp() == pytest.approx(2)
    assert (tilted[0] - tilted[2]).exp() == pytest.approx(9)  # another colour


@pytest.fixture(scope="module")
def taught(model, words, source):
    """A learner with two teachers and classifiers of all that is said of a mug."""
    towers = Towers(open_clip_model(model, words=words))
    teachers = [read_teacher(model, words), read_teacher(model, words)]
    tilts = {"colour+type+who": (1.0, 1.0, 0.8), "colour": (1.0,)}
    soft = soft_targets(source, {**tilts, "type": (1.0,), "who": (1.0,)}, teachers, seed=0)
    features = [frozen_features(source.groups, towers)]
    return DistilledObjective(towers, [source], features, teachers, soft)


def test_classifiers_know_the_colour(taught, source):
    for number in (0, 1):
        captions = source.groups[number].wordings
        likely = taught._soft[number](torch.tensor([0]), torch.arange(len(captions)))[0]
        assert captions[int(likely.argmax())][0].startswith("red")  # the first is red


def test_a_teacher_looks_at_its_own_size(model, words):
    teacher = read_teacher(model, words)
    assert teacher.size == 32
    pictures = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    sizes = []
    teacher.towers.visual.register_forward_pre_hook(lambda _, seen: sizes.append(seen[0].shape[-1]))
    teacher.see(pictures)
    Teacher(teacher.towers).see(pictures)
    assert sizes == [32, 64]


def test_teachers_speak_as_one_and_leave_the_rest_to_the_classifiers(taught):
    pictures, captions = torch.tensor([0, 5, 9]), torch.tensor([0, 1])
    dice = torch.Generator().manual_seed(0)
    seen = [torch.nn.functional.normalize(torch.randn(3, 16, generator=dice)) for _ in range(2)]
    rows = torch.randn(2, 16, generator=dice)
    choice = Choice(0, 1, pictures, captions, rows, seen)
    (said, chances), (say, logits) = taught.hints(choice)
    assert (said, say) == (0.4, 0.3)
    scale = taught.teachers[0].towers.log_scale.exp()
    known = scale * taught.teachers[0].towers.project(rows)
    assert torch.allclose(logits, (seen[0] + seen[1]) @ known.T / 2, atol=1e-5)
    assert chances.shape == (3, 2)
    elsewhere = taught.hints(Choice(1, 1, pictures, captions, rows, seen))
    assert [weight for weight, _ in elsewhere] == [taught.recipe.soft]


def test_the_learner_learns_and_the_teachers_stay(model, words, source, taught):
    recipe = Recipe((Stage(2, 32, (1e-3, 1e-3)),), soft=0.5)
    towers = taught.towers
    objective = DistilledObjective(
        towers, [source], [frozen_features(source.groups, towers)], taught.teachers, taught._soft
    )
    objective.recipe = recipe
    trainer = Trainer(objective)
    calm = []
    objective.is_calm = lambda: trainer.step >= 1
    before = {name: value.clone() for name, value in towers.model.state_dict().items()}
    teacher = taught.teachers[0].towers.model
    lesson = {name: value.clone() for name, value in teacher.state_dict().items()}
    for _ in range(2):
        trainer.take_step()
        calm.append(objective.sources[0].strength)
    assert calm[0].turn > calm[1].turn  # near the end products look nearly as they are
    after = towers.model.state_dict()
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert {"visual.trunk.layer2.0.conv1.weight", "visual.head.proj.weight"} <= changed
    for name, value in teacher.state_dict().items():
        assert torch.equal(value, lesson[name]), name


def test_without_teachers_the_records_decide(model, words, source):
    towers = Towers(open_clip_model(model, words=words))
    features = [frozen_features(source.groups, towers)]
    recipe = Recipe((Stage(1, 32, (1e-3, 1e-3)),))
    objective = Objective(towers, [source], features, recipe)
    choice = Choice(0, 0, torch.tensor([0]), torch.tensor([0]), features[0][0][:1, 0], [])
    assert objective.hints(choice) == []


def test_views_are_told_apart_and_the_lower_half_stays(model, words, source, monkeypatch):
    monkeypatch.setattr(tell_views_apart, "LEARNING", ("layer2",))
    towers, before = Towers(open_clip_model(model, words=words)), read_teacher(model, words)
    dice = torch.Generator().manual_seed(0)
    views = torch.randint(256, (60, 2, 3, 8, 8), generator=dice, dtype=torch.uint8)
    objective = tell_views_apart.ViewsObjective(towers, [source], views, before)
    old = {name: value.clone() for name, value in towers.model.state_dict().items()}
    trainer = Trainer(objective)
    for _ in range(2):
        trainer.take_step()
    new = towers.model.state_dict()
    changed = {name for name, value in new.items() if not torch.equal(value, old[name])}
    assert changed
    assert all(name.startswith(("visual.trunk.layer2", "logit_scale")) for name in changed)
    assert not [name for name in changed if "running" in name or "num_batches" in name]


def test_things_are_drawn_from_two_sides():
    one, other, third, _ = tell_views_apart.looks_from_two_sides(2, seed=3)
    assert (one.view, other.view) == (0, 1)
    assert (one.kind, one.seed) == (other.kind, other.seed)
    assert one.seed != third.seed
