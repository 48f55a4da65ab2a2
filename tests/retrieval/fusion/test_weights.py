"""How much each channel counts is learned from validation products alone, and kept as a file."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from math import log2

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from retrieval.evaluation.products.features import fashion_features
from retrieval.evaluation.products.learning import (
    LEARNED,
    LIKE,
    climb,
    in_full,
    learn,
    toward_alike,
    weigh,
)
from retrieval.evaluation.products.shelf import Materials, make_shelf, prepare
from retrieval.fusion.registry import FAMILIES, PLAIN, family
from retrieval.fusion.weights import CHANNELS, WEIGHT_KINDS, KindWeights, as_toml, learned
from retrieval.index.bm25 import BM25Index
from retrieval.training.splits import split
from tests.builders import ENCODERS, png

COLOURS = ("red", "green", "blue")
KINDS_OF_THINGS = ("Shirts", "Caps")
IDS = [f"p{at}" for at in range(4060)]
PARTS = split(IDS, data_set="fashion", validation=1000, test=4000)


def write_products(folder, *, spoilt=()):
    """Write a catalogue where only the picture knows the colour; spoil what is asked to be."""
    pictures, spoilt = {name: png(name, (6, 8)) for name in (*COLOURS, "white")}, set(spoilt)
    rows = [
        {
            "id": id_,
            "name": "nothing" if at in spoilt else f"Brand{at} {KINDS_OF_THINGS[at % 2]}",
            "gender": "Men", "article_type": KINDS_OF_THINGS[at % 2], "base_colour": COLOURS[at % 3],
            "season": "Summer", "usage": "Casual",
            "image": pictures["white" if at in spoilt else COLOURS[at % 3]],
        }
        for at, id_ in enumerate(IDS)
    ]  # fmt: skip
    (folder / "fashion").mkdir(parents=True)
    parquet.write_table(pa.Table.from_pylist(rows), folder / "fashion" / "products.parquet")
    return folder


def materials(folder):
    return Materials(folder / "data", folder / "cache", ENCODERS, BM25Index, queries=12)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learned")
    write_products(folder / "data")
    return folder, learn(materials(folder))


def test_every_fusion_that_weighs_is_learned_for_every_kind_of_query(found):
    _, done = found
    assert set(done.weights) == set(FAMILIES) - PLAIN
    for kinds in done.weights.values():
        assert kinds.photo["picture"] == kinds.photo["sound"] == len(LEARNED)
        assert sum(kinds.photo.values()) == 2 * len(LEARNED)
        for kind in WEIGHT_KINDS:
            known = getattr(kinds, kind)
            assert known["speech"] == known["text"]
            assert sum(known[name] for name in LEARNED) == pytest.approx(len(LEARNED), abs=0.01)
            assert all(weight >= 0 for weight in known.values())
    assert [len(table.rows) for table in done.report.tables] == [len(done.weights)] * 2
    assert all(table.split.startswith("validation") for table in done.report.tables)


def test_the_learned_weights_find_at_least_as_much_as_none(found):
    _, done = found
    for table in done.report.tables:
        for row in table.rows:
            before, after = row.figures["nDCG@10, all alike"], row.figures["nDCG@10, learned"]
            assert after.value >= before.value - 0.1  # a standard error of 24


def test_no_test_product_is_seen(found, tmp_path):
    _, done = found
    write_products(tmp_path / "data", spoilt=PARTS.test)
    again = learn(materials(tmp_path))
    assert (again.weights, again.report.tables) == (done.weights, done.report.tables)
    write_products(tmp_path / "other" / "data", spoilt=PARTS.validation)  # and the test can fail
    assert learn(materials(tmp_path / "other")).report.tables != done.report.tables


def test_weights_written_are_the_weights_read(found):
    _, done = found
    text = as_toml(done.weights)
    read = tomllib.loads(text)
    assert set(read) == set(done.weights)
    for name, kinds in done.weights.items():
        assert read[name] == {kind: getattr(kinds, kind) for kind in WEIGHT_KINDS}


def test_the_weights_in_use_are_as_they_are_written():
    text = files("retrieval.fusion").joinpath("weights.toml").read_text("utf-8")
    kept = tomllib.loads(text)
    assert set(FAMILIES) - PLAIN <= set(kept)
    assert not PLAIN & set(kept)
    known = {name: learned(name) for name in kept}
    narrowed = {
        name: KindWeights(
            *({n: w for n, w in getattr(kinds, kind).items() if n in kept[name][kind]} for kind in WEIGHT_KINDS)
        )
        for name, kinds in known.items()
    }  # fmt: skip
    assert as_toml(narrowed) == text


def steep(weights):
    """Be worth 0 where words weigh 8 times and pictures a third of what texts weigh, else less."""
    return -abs(log2(weights["words"] / weights["text"]) - 3) - abs(
        log2(weights["picture"] / weights["text"]) + 1.5
    )


def test_search_climbs_to_the_best_ratio():
    best = climb({"text": 1.0, "picture": 1.0, "words": 1.0}, steep)
    assert best["words"] / best["text"] == pytest.approx(8, rel=0.02)
    assert best["picture"] / best["text"] == pytest.approx(2**-1.5, rel=0.02)


def test_search_stays_where_nothing_is_better():
    assert climb({"text": 1.0, "words": 1.0}, lambda weights: 0.5) == {"text": 1.0, "words": 1.0}


def test_of_weights_that_are_worth_as_much_the_nearest_to_all_alike_are_kept():
    best = {"text": 1.0, "picture": 2**-1.5, "words": 8.0}
    exact = toward_alike(best, steep, slack=0.01)
    assert exact["words"] / exact["text"] == pytest.approx(8, rel=0.02)
    assert sum(exact.values()) == pytest.approx(3, abs=0.01)
    near = toward_alike(best, steep, slack=2.0)
    assert 1 < near["words"] / near["text"] < 8
    assert steep(near) == pytest.approx(-2.0, abs=0.6)  # as near as a step allows
    assert toward_alike(best, steep, slack=4.6) == pytest.approx(dict.fromkeys(best, 1.0), rel=0.1)


def test_a_channel_without_data_weighs_like_the_one_it_is_encoded_like():
    words = {"text": 0.5, "picture": 1.0, "words": 1.5}
    kinds = in_full(words, words)
    assert LIKE == {"speech": "text"}
    assert kinds.words == {**words, "speech": 0.5, "sound": 3.0}
    assert kinds.photo == {"text": 0.0, "picture": 3.0, "words": 0.0, "speech": 0.0, "sound": 3.0}
    assert set(kinds.words) == set(CHANNELS)


def test_a_channel_that_knows_nothing_comes_to_weigh_less(found):
    folder, _ = found
    features = fashion_features(folder / "data", folder / "cache", ENCODERS)
    shelf = make_shelf(features, features.split.validation, ENCODERS.dimensions, BM25Index)
    asked = prepare(features, features.split.validation, shelf, ENCODERS, "attributes", 12)
    dice = np.random.default_rng(5)
    blind = [replace(one, shared=dice.random(len(shelf.ids), dtype="f4")) for one in asked]
    fusion = family("weighted-sum")(shelf.populations, shelf.dimensions)
    best = weigh(fusion, [blind], shelf)
    assert best["words"] < 0.5 < max(best["text"], best["picture"])
