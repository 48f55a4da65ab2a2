"""The measurement of fusions, on a shelf small enough to know what must come out."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from assistant.commands.main import app
from retrieval.errors import CatalogueError
from retrieval.evaluation.products.features import (
    Features,
    fashion_features,
    read_products,
)
from retrieval.evaluation.products.queries import attribute_queries, reworded_titles
from retrieval.evaluation.products.retrieval import measure_search
from retrieval.evaluation.products.shelf import QUERY_KINDS, make_shelf, methods, prepare
from retrieval.evaluation.report import Figure, Table
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.index.bm25 import BM25Index
from tests.builders import ENCODERS, PRODUCTS


@pytest.fixture(scope="module")
def features():
    pictures = [Image.open(io.BytesIO(one.image)).convert("RGB") for one in PRODUCTS]
    text = ENCODERS.text.encode([one.name for one in PRODUCTS])
    return Features(PRODUCTS, text, ENCODERS.picture.encode(pictures))


@pytest.fixture(scope="module")
def shelf(features):
    return make_shelf(features, range(36), ENCODERS.dimensions, BM25Index)


@pytest.mark.parametrize("kind", QUERY_KINDS)
def test_every_fusion_is_measured_on_every_kind_of_query(features, shelf, kind):
    prepared = prepare(features, range(36), shelf, ENCODERS, kind, 12)
    assert all(one.asked.relevant for one in prepared)
    table = measure_search(kind, prepared, shelf, methods(shelf))
    assert isinstance(table, Table)
    named = [row.method for row in table.rows]
    assert set(FAMILIES) <= set(named)
    assert DEFAULT_FUSION in table.says
    for row in table.rows:
        figures = [one for one in row.figures.values() if isinstance(one, Figure)]
        assert len(figures) == 6
        assert all(0 <= one.low <= one.value <= one.high <= 1 for one in figures)
        gains = [name for name in row.figures if " over " in name]
        assert len(gains) == (not row.method.endswith("alone"))
        assert row.ms > 0


def test_colour_is_only_in_the_picture_and_fusion_brings_it(features, shelf):
    prepared = prepare(features, range(36), shelf, ENCODERS, "attributes", 30)
    rows = {row.method: row.figures for row in measure_search("attributes", prepared, shelf, methods(shelf)).rows}  # fmt: skip
    best = max(rows[f"{name} alone"]["nDCG@10"].value for name in ("text", "picture", "words"))
    assert rows["sum"]["nDCG@10"].value > best


def test_queries_are_the_same_for_the_same_seed_and_right_by_the_columns():
    asked = attribute_queries(PRODUCTS, 10, seed=3)
    assert asked == attribute_queries(PRODUCTS, 10, seed=3)
    for one in asked:
        (colour,) = {p.colour for p in PRODUCTS if p.id in one.relevant}
        assert colour in one.words
    nameless = [replace(PRODUCTS[0], id="nameless", name=""), *PRODUCTS]
    assert {one.words for one in reworded_titles(nameless, 99, seed=3)} == {
        one.words for one in reworded_titles(PRODUCTS, 99, seed=3)
    }
    assert all("brand" not in one.words for one in reworded_titles(PRODUCTS, 10, seed=3))


def test_a_folder_without_the_products_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match=r"products\.parquet cannot be read"):
        read_products(tmp_path)
    told = CliRunner().invoke(app, ["evaluate", "retrieval"])
    assert told.exit_code == 2
    assert "--data" in told.output


@pytest.mark.models
def test_features_of_real_products_are_made_once(agent, data, tmp_path):
    lines = []
    if not (Path(data) / "fashion").exists():
        pytest.skip("the fashion data is not on this machine")
    small = tmp_path / "data" / "fashion"
    small.mkdir(parents=True)
    from pyarrow import parquet

    table = parquet.read_table(Path(data) / "fashion" / "products.parquet").slice(0, 40)
    parquet.write_table(table, small / "products.parquet")
    made = fashion_features(tmp_path / "data", tmp_path / "cache", agent.encoders, lines.append)
    assert made.text.shape[0] == made.picture.shape[0] == 40
    assert lines
    lines.clear()
    again = fashion_features(tmp_path / "data", tmp_path / "cache", agent.encoders, lines.append)
    assert (again.picture == made.picture).all()
    assert not lines
