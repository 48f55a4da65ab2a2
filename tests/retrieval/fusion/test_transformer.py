"""The learned fusion: what each modality adds is the score, and what is missing adds nothing."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.fusion.concatenation import describe, join
from retrieval.fusion.network import FusionNetwork, Shape
from retrieval.fusion.transformer import TransformerFusion
from retrieval.items import MODALITIES

NONE = np.zeros(1, dtype=np.float32)
DIMENSIONS = {name: 6 if name == "picture" else 5 for name in MODALITIES}
SHAPE = Shape(width=16, heads=2, layers=2)
EVEN = dict.fromkeys(MODALITIES, 1.0)
subsets = st.sets(st.sampled_from(MODALITIES), min_size=1)


def parts(names, seed):
    dice = np.random.default_rng(seed)
    drawn = {name: dice.normal(size=DIMENSIONS[name]).astype(np.float32) for name in MODALITIES}
    return {name: drawn[name] / np.linalg.norm(drawn[name]) for name in MODALITIES if name in names}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    made = FusionNetwork(DIMENSIONS, SHAPE)
    with torch.no_grad():  # far from where it starts, so that every modality matters
        for weights in made.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)
    return made


@pytest.fixture(scope="module")
def fusion(network):
    stored = np.stack([join(parts(MODALITIES, seed), DIMENSIONS) for seed in range(50)])
    return TransformerFusion(network, describe([stored], DIMENSIONS), DIMENSIONS)


def cosine(network, query, item, shown):
    """Compute the score's cosine directly, by the network alone."""
    both = np.stack([join(query, DIMENSIONS), join(item, DIMENSIONS)])
    there = torch.tensor([[name in query and name in shown for name in MODALITIES],
                          [name in item and name in shown for name in MODALITIES]])  # fmt: skip
    with torch.inference_mode():
        asked, found = network(torch.from_numpy(both), there)
    return asked, found


@settings(max_examples=40, deadline=None)
@given(asked=subsets, has=subsets, weighed=subsets, seed=st.integers(0, 1000))
def test_contributions_add_up_to_the_score(network, fusion, asked, has, weighed, seed):
    query, item = parts(asked, seed), parts(has, seed + 1)
    weights = {name: float(name in weighed) for name in MODALITIES}
    words = np.array([0.25], dtype=np.float32)
    weights["words"] = 4.0
    added = fusion.contributions(query, weights, join(item, DIMENSIONS)[np.newaxis], words)
    assert added.pop("words").tolist() == [1.0]
    used = asked & weighed & has  # it is scored alone: what it lacks, nobody has
    vector, whole = cosine(network, query, item, used)
    _, empty = cosine(network, query, {}, used)
    assert sum(float(one[0]) for one in added.values()) == pytest.approx(
        float(vector @ (whole - empty)), abs=1e-5
    )
    for name in MODALITIES:
        if name not in used & has:
            assert added[name][0] == 0


def test_what_no_item_has_is_not_asked_for(fusion):
    first, second, *_ = MODALITIES
    stored = np.stack([join(parts({first}, seed), DIMENSIONS) for seed in range(4)])
    words = np.zeros(4, dtype=np.float32)
    query = parts({first, second}, 9)
    plain = fusion.contributions({first: query[first]}, EVEN, stored, words)
    asked = fusion.contributions(query, EVEN, stored, words)
    assert all((asked[name] == plain[name]).all() for name in MODALITIES)
    assert asked[first].any()


def test_two_players_share_as_on_paper(network, fusion):
    first, second, *_ = MODALITIES
    query, item = parts({first, second}, 1), parts({first, second}, 2)
    vector = cosine(network, query, item, {first, second})[0]
    one, other, both, none = (
        float(vector @ cosine(network, query, item, shown)[1])
        for shown in ({first}, {second}, {first, second}, set())
    )
    added = fusion.contributions(query, EVEN, join(item, DIMENSIONS)[np.newaxis], NONE)
    assert added[first][0] == pytest.approx(((one - none) + (both - other)) / 2, abs=1e-5)
    assert added[second][0] == pytest.approx(((other - none) + (both - one)) / 2, abs=1e-5)


def test_an_item_scores_the_same_alone_and_among_others(fusion):
    stored = np.stack([join(parts(MODALITIES, seed), DIMENSIONS) for seed in range(7)])
    query = parts(MODALITIES, 99)
    together = fusion.contributions(query, EVEN, stored, np.zeros(7, dtype=np.float32))
    for name in MODALITIES:
        alone = [fusion.contributions(query, EVEN, row[None], NONE)[name][0] for row in stored]
        assert together[name] == pytest.approx(alone, abs=1e-5)


def test_what_stands_in_a_hidden_block_is_not_seen(network):
    item = torch.from_numpy(join(parts(MODALITIES, 1), DIMENSIONS))[None]
    there = torch.tensor([[True] + [False] * (len(MODALITIES) - 1)])
    noise = item.clone()
    for block, _ in list(network.places.values())[1:]:
        noise[:, block] += 5
    with torch.inference_mode():
        assert torch.equal(network(item, there), network(noise, there))


def test_the_vectors_are_of_length_one(network):
    stored = np.stack([join(parts(MODALITIES, seed), DIMENSIONS) for seed in range(4)])
    there = torch.ones(4, len(MODALITIES), dtype=torch.bool)
    with torch.inference_mode():
        lengths = network(torch.from_numpy(stored), there).norm(dim=1)
    assert lengths.tolist() == pytest.approx([1.0] * 4)
