"""Linear probes and late fusion, on classes small enough to know what must come out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from assistant.commands.main import main
from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.errors import CatalogueError, ModelError, ModelMissingError
from retrieval.evaluation.classes import counted, named
from retrieval.evaluation.probe import LabelledVectors, probe
from retrieval.evaluation.products import grocery
from retrieval.evaluation.products.classification import (
    ClassTask,
    make_task,
    measure_classes,
    run_classification,
)
from retrieval.evaluation.products.features import Features, Product
from retrieval.evaluation.products.learned import item_vectors
from retrieval.evaluation.verdicts import highest_class, late
from retrieval.fusion.network import FusionNetwork, Shape
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.fusion.transformer import Trained
from retrieval.index.manifest import new_manifest
from retrieval.training.fusion.saving import save_fusion
from tests.builders import ENCODERS, png
from tests.fakes import HashedTextEncoder

COLOURS = ("red", "green", "blue")
KINDS = ("Shirts", "Caps")


def picture(colour, light=0):
    """Draw a colour in a little more or less light."""
    shade = tuple(min(255, part + light) for part in ImageColor.getrgb(colour))
    return png(shade, (6, 8))


def product(at):
    """Say the kind in the name alone, and show the colour in the picture alone."""
    colour, kind = COLOURS[at % 3], KINDS[at % 2]
    season = "" if at % 5 == 0 else ("Summer", "Winter")[at % 2]
    return Product(f"p{at}", f"Brand{at} {kind}", "Men", kind, colour, season, "", picture(colour))


@pytest.fixture(scope="module")
def features():
    """Return so many products that 60 are left to learn from."""
    products = tuple(product(at) for at in range(5060))
    looks = {one: ENCODERS.picture.encode([Image.new("RGB", (6, 8), one)])[0] for one in COLOURS}
    text = ENCODERS.text.encode([one.name for one in products])
    seen = np.stack([looks[one.colour] for one in products])
    noise = np.random.default_rng(0).standard_normal(seen.shape) / 20  # no two pictures are alike
    return Features(products, text, (seen + noise).astype(np.float32))


def test_figures_are_those_of_a_metrics_library():
    dice = np.random.default_rng(0)
    true = dice.integers(0, 4, 200)
    said = np.where(dice.random(200) < 0.6, true, dice.integers(0, 4, 200))
    found = named(said, true)
    precision, recall, f1, _ = precision_recall_fscore_support(true, said, average="macro")
    assert found["accuracy"].value == pytest.approx(accuracy_score(true, said))
    assert found["macro precision"].value == pytest.approx(precision)
    assert found["macro recall"].value == pytest.approx(recall)
    assert found["macro F1"].value == pytest.approx(f1)
    assert all(one.low < one.value < one.high for one in found.values())


def test_macro_figures_are_over_classes_with_enough_items_and_over_all_where_none_has():
    true = np.array([0] * 10 + [1] * 9)
    assert counted(true).tolist() == [0]
    assert counted(true[:3]).tolist() == [0]
    said = np.array([0] * 9 + [1] + [0] * 9)
    found = named(said, true)
    assert found["macro recall"].value == pytest.approx(9 / 10)
    assert found["macro precision"].value == pytest.approx(9 / 18)
    assert found["macro F1"].value == pytest.approx(18 / 28)
    assert found["accuracy"].value == pytest.approx(9 / 19)


def test_late_fusion_on_paper():
    one = np.array([[0.6, 0.3, 0.1]], dtype=np.float32)  # spans: 1, .4, 0
    other = np.array([[0.0, 0.9, 0.1]], dtype=np.float32)  # spans: 0, 1, 1/9
    found = late([one, other])
    assert found["combsum"][0] == pytest.approx([1.0, 1.4, 1 / 9])
    assert found["combmnz"][0] == pytest.approx([1.0, 1.4, 0.0])  # more than a third: one each
    ranks = [1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62]
    assert found["reciprocal-rank"][0] == pytest.approx(ranks)
    assert {name: int(highest_class(scores)[0]) for name, scores in found.items()} == dict.fromkeys(
        found, 1
    )


def test_a_tie_goes_to_the_commoner_class():
    one = np.array([[0.6, 0.4]], dtype=np.float32)
    assert highest_class(late([one[:, ::-1], one])["reciprocal-rank"]).tolist() == [0]


def test_a_probe_reads_what_a_straight_cut_can_and_never_names_a_class_it_has_not_met():
    dice = np.random.default_rng(1)
    vectors = dice.standard_normal((300, 4)).astype(np.float32)
    classes = np.where(vectors[:, 0] > 0, 2, 0)
    parts = [LabelledVectors(vectors[a:b], classes[a:b]) for a, b in ((0, 200), (200, 250))]
    found = probe(*parts, vectors[250:], 3)
    assert (highest_class(found.test) == classes[250:]).mean() > 0.9
    assert not found.test[:, 1].any()
    assert found.test.sum(axis=1) == pytest.approx(np.ones(50), abs=1e-5)


def test_each_modality_knows_its_column_and_fusion_knows_both(features):
    spaces = {"text": features.text, "picture": features.picture}
    extra = {"transformer": np.concatenate([features.text, features.picture], axis=1)}
    both = np.array([KINDS.index(one.type) + 2 * COLOURS.index(one.colour) for one in features.products])  # fmt: skip
    kind = make_task(features, "article type")
    assert kind.classes == ("Caps", "Shirts") or kind.classes == ("Shirts", "Caps")
    task = ClassTask(
        "kind and colour", tuple("abcdef"), both, kind.train, kind.validation, kind.test
    )
    rows = {
        row.method: row.figures["accuracy"].value
        for row in measure_classes(task, spaces, extra).rows
    }
    assert rows["text alone"] < 0.5
    assert rows["picture alone"] < 0.6
    for name in ("concatenation", DEFAULT_FUSION, "transformer"):
        assert rows[name] > 0.99
    assert {"reciprocal-rank", "combsum", "combmnz"} <= set(rows)


def test_products_whose_record_does_not_say_are_left_out(features):
    task = make_task(features, "season")
    places = [*task.train, *task.validation, *task.test]
    assert len(places) == sum(bool(one.season) for one in features.products)
    assert set(task.classes) == {"Summer", "Winter"}
    assert make_task(features, "use").classes == ()


def test_the_report_has_a_table_for_each_column_that_varies(features):
    report = run_classification(features, ENCODERS, {})
    titles = [table.title for table in report.tables]
    assert titles == ["Naming the article type", "Naming the colour", "Naming the season"]
    colour = report.tables[1]
    assert f"{DEFAULT_FUSION} against the best modality, picture alone" in colour.says
    assert "4,000 named, 3 classes" in colour.data


def test_too_few_products_are_refused(features):
    few = replace(features, products=features.products[:90])
    with pytest.raises(CatalogueError, match="90 products are too few"):
        run_classification(few, ENCODERS, {})
    with pytest.raises(ModelMissingError, match="magpie train fusion"):
        item_vectors(Path("nowhere"), few, ENCODERS)


def test_a_network_that_has_learned_nothing_joins_the_vectors_as_they_are(features, tmp_path):
    torch.manual_seed(0)
    network = FusionNetwork(ENCODERS.dimensions, Shape(width=8, heads=1, layers=1))
    names = new_manifest(ENCODERS, tmp_path).encoders
    save_fusion(Trained(network, 1.0, names, "shelf"), tmp_path / "fusion", {})
    few = Features(features.products[:9], features.text[:9], features.picture[:9])
    found = item_vectors(tmp_path / "fusion", few, ENCODERS)
    lengths = np.linalg.norm(np.concatenate([few.text, few.picture], axis=1), axis=1)
    assert found.shape == (9, sum(ENCODERS.dimensions.values()))
    assert found[:, : few.text.shape[1]] == pytest.approx(few.text / lengths[:, None], abs=1e-5)
    other = replace(ENCODERS, text=HashedTextEncoder(512, name="other words"))
    with pytest.raises(ModelError, match="other words"):
        item_vectors(tmp_path / "fusion", few, other)


# ---- grocery --------------------------------------------------------------------------------


@pytest.fixture
def shop_data(tmp_path):
    """Write a shop of three products and photos in their colours; the words name the colour."""
    import pyarrow
    from pyarrow import parquet

    folder = tmp_path / "grocery"
    folder.mkdir()
    rows = [
        {"class_id": at, "class_name": f"{colour}-Tin", "coarse_name": "Tin" if at else "Box",
         "description": f"It is {colour}.", "image": picture(colour)}
        for at, colour in enumerate(COLOURS)
    ]  # fmt: skip
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "products.parquet")
    photos = [
        {"split": "val" if at % 10 == 0 else "train", "path": f"{at}.jpg", "class_id": at % 3,
         "image": picture(COLOURS[at % 3], at % 7 * 5)}
        for at in range(240)
    ]  # fmt: skip
    parquet.write_table(pyarrow.Table.from_pylist(photos), folder / "photos.parquet")
    return tmp_path


def test_photos_find_their_products_by_picture_by_words_and_by_both(shop_data):
    assert grocery.is_there(shop_data)
    shop = grocery.read_shop(shop_data, ENCODERS)
    assert len(shop.test.shown) == 24
    assert len(shop.choose.shown) == 132
    found, learned = grocery.grocery_tables(shop)
    by_name = {row.method: row.figures for row in found.rows}
    assert set(FAMILIES) <= set(by_name)
    for figures in by_name.values():
        assert figures["top-1"].value == figures["coarse class"].value == 1.0
    assert [row.method for row in learned.rows if row.method.endswith("alone")] == [
        "record alone",
        "centres alone",
        "probe alone",
    ]
    assert "+.000" in learned.says


def test_a_shop_without_its_columns_or_with_few_photos_is_refused(shop_data):
    from pyarrow import parquet

    photos = shop_data / "grocery" / "photos.parquet"
    parquet.write_table(parquet.read_table(photos).slice(0, 90), photos)
    with pytest.raises(CatalogueError, match="too few photos: more than 132"):
        grocery.read_shop(shop_data, ENCODERS)
    photos.unlink()
    with pytest.raises(CatalogueError, match=r"photos\.parquet cannot be read .* class_id"):
        grocery.read_shop(shop_data, ENCODERS)
    assert not grocery.is_there(shop_data / "elsewhere")


# ---- the command ----------------------------------------------------------------------------


@pytest.mark.models
def test_the_command_refuses_what_it_cannot_read(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MAGPIE_HOME", str(home))
    monkeypatch.setattr(
        "sys.argv", ["magpie", "evaluate", "classification", "--data", str(tmp_path)]
    )
    with pytest.raises(SystemExit, match="2"):
        main()
    told = capsys.readouterr().err
    assert "products.parquet cannot be read" in told
    assert "article_type" in told


@pytest.mark.models
def test_real_photos_of_a_few_products_are_named(home, data, tmp_path):
    from pyarrow import compute, parquet

    encoders = load_encoders(load_settings(home=home), lambda step: None, hears=False)

    (tmp_path / "grocery").mkdir()
    for name in ("photos", "products"):
        table = parquet.read_table(data / "grocery" / f"{name}.parquet")
        few = table.filter(compute.less(table["class_id"], 6))
        parquet.write_table(few, tmp_path / "grocery" / f"{name}.parquet")
    found, learned = grocery.grocery_tables(grocery.read_shop(tmp_path, encoders))
    by_name = {row.method: row.figures["top-1"] for row in (*found.rows, *learned.rows)}
    assert by_name["centres alone"].value > 2 / 6
    assert by_name[DEFAULT_FUSION].value > 2 / 6
    assert all(one.low <= one.value <= one.high for one in by_name.values())


@pytest.mark.models
def test_the_command_refuses_real_products_that_are_too_few(
    home, data, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("MAGPIE_HOME", str(home))
    from pyarrow import parquet

    (tmp_path / "fashion").mkdir()
    whole = parquet.read_table(data / "fashion" / "products.parquet")
    parquet.write_table(whole.slice(0, 20), tmp_path / "fashion" / "products.parquet")
    given = ["--data", str(tmp_path), "--cache", str(tmp_path / "kept"), "--json"]
    monkeypatch.setattr("sys.argv", ["magpie", "evaluate", "classification", *given])
    with pytest.raises(SystemExit, match="2"):
        main()
    told = capsys.readouterr()
    assert not told.out
    assert "20 products are too few" in told.err
