"""The third phase of the shipped encoder's training: its head, its soft targets, its frozen part."""

import pytest
import torch
from PIL import Image

from benchmarks.soft_targets import attribute_chances, soft_targets, softly
from benchmarks.tune_picture_tower import SofterObjective, with_bent_head
from retrieval.picture_encoder import OpenClipEncoder, open_clip_model
from retrieval.training.augment import GENTLE
from retrieval.training.examples import Source, caption_group
from retrieval.training.saving import save_model
from retrieval.training.towers import Towers, frozen_features
from retrieval.training.trainer import Trainer
from tests.tiny_clip import make_model, make_words

COLOURS = {"red": (210, 40, 40), "blue": (40, 60, 200), "green": (40, 150, 70)}


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return make_words(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="module")
def model(tmp_path_factory, words):
    return make_model(tmp_path_factory.mktemp("models") / "tiny", words)


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
    return Source("shop", pictures, tuple(groups), chance, alike, share=12, strength=GENTLE)


def test_a_bent_head_sees_what_the_straight_one_saw_and_is_read_again(tmp_path, model, words):
    pictures = [Image.new("RGB", (32, 32), colour) for colour in COLOURS.values()]
    before = OpenClipEncoder(open_clip_model(model, words=words), device="cpu").encode(pictures)
    bent = with_bent_head(open_clip_model(model, words=words), tmp_path)
    save_model(bent, tmp_path)
    again = open_clip_model(tmp_path, words=words)
    after = OpenClipEncoder(again, device="cpu").encode(pictures)
    assert after == pytest.approx(before, abs=2e-3)  # half precision is stored
    head = again.model.visual.head
    assert with_bent_head(again, tmp_path).model.visual.head is head


def test_chances_say_what_can_be_seen_and_no_more():
    dice = torch.Generator().manual_seed(0)
    seen = torch.randint(3, (600,), generator=dice)
    hidden = torch.randint(2, (600,), generator=dice)
    features = torch.eye(3)[seen] + 0.05 * torch.randn(600, 3, generator=dice)
    chances, first = attribute_chances(features, torch.stack([seen, hidden], 1), seed=0)
    assert first.tolist() == [0, 3]
    told = chances.exp()
    assert told[:, :3].argmax(1).equal(seen)
    assert told[:, :3].amax(1).mean() > 0.95
    assert told[:, 3:].amax(1).mean() < 0.75  # nothing in the features tells it


def test_the_loss_is_least_where_the_logits_are_the_chances():
    chances = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 0.5]])
    best = softly(chances, chances)
    assert best < softly(chances + torch.tensor([[1.0, 0, 0], [0, 0, 0]]), chances)
    assert best < softly(torch.zeros(2, 3), chances)


def test_the_lower_part_stays_and_the_rest_learns(tmp_path, model, words, source):
    opened = with_bent_head(open_clip_model(model, words=words), tmp_path)
    towers = Towers(opened)
    soft = soft_targets(source, "colour+type+who", towers, size=32, seed=0)
    captions = source.groups[0].wordings
    likely = soft(torch.tensor([0]), torch.arange(len(captions)))[0]
    assert captions[int(likely.argmax())][0].startswith("red")  # the first is red
    features = [frozen_features(source.groups, towers)]
    trainer = Trainer(SofterObjective(towers, [source], features, soft))
    before = {name: value.clone() for name, value in towers.model.state_dict().items()}
    for _ in range(2):
        trainer.take_step()
    after = towers.model.state_dict()
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert not [n for n in changed if n.startswith(("visual.trunk.layer1", "visual.trunk.bn1"))]
    assert {"visual.trunk.layer2.0.conv1.weight", "visual.head.mlp.fc1.weight"} <= changed
