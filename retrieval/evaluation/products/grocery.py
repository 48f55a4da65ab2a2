"""Find and classify grocery products from photos taken in shops, by single modality and fused.

Knows the grocery data and encoders; knows no store. The official split is used: classes are learned
from the training photos, the val photos are the test split, and hyperparameters (a shrinkage, the
weight of the words) are chosen on training photos that the picture encoder was not trained on. A
product has an iconic picture and a record; a photo is compared with both by the picture encoder.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import Encoders
from retrieval.errors import CatalogueError
from retrieval.evaluation.classes import Classes
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.probe import LabelledVectors, probe
from retrieval.evaluation.products.features import stored_vectors
from retrieval.evaluation.report import Cell, Table, TableRow
from retrieval.evaluation.verdicts import highest_class, late
from retrieval.fusion.concatenation import Dimensions, describe
from retrieval.fusion.protocol import Fusion
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.items import MODALITIES
from retrieval.media.pictures import read_picture
from retrieval.protocols import Vector
from retrieval.training.splits import split

GROCERY_SEED = 7
PICTURE_WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0)  # of the words against the picture; one is chosen
_PHOTOS = ("split", "path", "class_id", "image")
_PRODUCTS = ("class_id", "class_name", "coarse_name", "description", "image")
JOINED = "probe and record, combsum"
_CHOOSE = 132  # training photos for validation; the same rule as in the picture encoder's training


@dataclass(frozen=True)
class Photos:
    """Photos with the positions of the products that they show."""

    vectors: Vector  # (n, dimension)
    shown: Classes  # (n,)


@dataclass(frozen=True)
class GroceryShop:
    """The products and the photos, as vectors of the picture encoder."""

    coarse: tuple[str, ...]  # by product
    pictures: Vector  # (products, dimension)
    words: Vector  # (products, dimension)
    fit: Photos
    choose: Photos
    test: Photos

    @property
    def megabytes(self) -> float:
        """Return the size of the products' vectors."""
        return (self.pictures.nbytes + self.words.nbytes) / 1e6


@dataclass(frozen=True)
class PhotoScores:
    """A method's score of every product for every test photo."""

    scores: Vector  # (photos, products)
    ms: float  # for one photo
    note: str = ""


def is_there(data: Path) -> bool:
    """Tell whether a data folder has the grocery photos."""
    return (data / "grocery").is_dir()


def read_shop(data: Path, encoders: Encoders) -> GroceryShop:
    """Read and encode `grocery/photos.parquet` and `grocery/products.parquet`.

    Raises: CatalogueError when a file is missing, has other columns or too few photos.
    """
    products = _rows(data / "grocery" / "products.parquet", _PRODUCTS)
    photos = _rows(data / "grocery" / "photos.parquet", _PHOTOS)
    places = {one["class_id"]: at for at, one in enumerate(products)}
    official = [one for one in photos if one["split"] == "train"]
    parts = split([one["path"] for one in official], data_set="grocery", validation=_CHOOSE, test=0)
    if not parts.train or len(official) == len(photos):
        raise CatalogueError(
            f"{data / 'grocery'} has too few photos: more than {_CHOOSE} of the split 'train' and "
            "some of 'val' are needed"
        )

    def pictures(rows: Sequence[Mapping[str, Any]]) -> Vector:
        return encoders.picture.encode([read_picture(one["image"]) for one in rows])

    def taken(rows: Sequence[Mapping[str, Any]]) -> Photos:
        return Photos(pictures(rows), np.array([places[one["class_id"]] for one in rows]))

    return GroceryShop(
        tuple(one["coarse_name"] for one in products),
        pictures(products),
        encoders.picture.encode_words([_record(one) for one in products]),
        taken([official[at] for at in parts.train]),
        taken([official[at] for at in parts.validation]),
        taken([one for one in photos if one["split"] == "val"]),
    )


def grocery_tables(shop: GroceryShop) -> tuple[Table, ...]:
    """Return two tables: products found by their record, and classes learned from photos."""
    by_record = dict(_by_record(shop))
    learned = dict(_learned(shop, by_record[DEFAULT_FUSION]))
    return (
        _table("Grocery: a photo finds its product", by_record, DEFAULT_FUSION, shop),
        _table("Grocery: naming the product", learned, JOINED, shop),
    )


def _by_record(shop: GroceryShop) -> Iterator[tuple[str, PhotoScores]]:
    """Yield the scores by the products' picture, by their words, and by every fusion of both."""
    yield "picture alone", _timed(lambda photos: photos @ shop.pictures.T, shop)
    yield "words alone", _timed(lambda photos: photos @ shop.words.T, shop)
    dimensions: Dimensions = {name: shop.words.shape[1] for name in MODALITIES}
    stored = stored_vectors({"text": shop.words, "picture": shop.pictures}, dimensions)
    populations = describe([stored], dimensions)
    for name, family in FAMILIES.items():
        fusion = family(populations, dimensions)
        weight = _best_weight(fusion, stored, shop) if name.startswith("weighted") else 1.0
        score = partial(_scores, fusion, stored, weight)
        yield name, _timed(score, shop, f"words weigh {weight:g}")


def _scores(fusion: Fusion, stored: Vector, weight: float, photos: Vector) -> Vector:
    """Return every product's fused score for every photo, compared with its words and picture."""
    none = np.zeros(len(stored), dtype=np.float32)
    weights = {"text": weight, "picture": 1.0}
    found = [
        fusion.contributions({"text": one, "picture": one}, weights, stored, none) for one in photos
    ]
    return np.stack([np.sum(list(parts.values()), axis=0) for parts in found])


def _best_weight(fusion: Fusion, stored: Vector, shop: GroceryShop) -> float:
    def right(weight: float) -> float:
        scores = _scores(fusion, stored, weight, shop.choose.vectors)
        return float((highest_class(scores) == shop.choose.shown).mean())

    return max(PICTURE_WEIGHTS, key=right)


def _learned(shop: GroceryShop, record: PhotoScores) -> Iterator[tuple[str, PhotoScores]]:
    """Yield the scores by classifiers learned from photos, alone and fused with the record."""
    centres = np.zeros_like(shop.pictures)
    np.add.at(centres, shop.fit.shown, shop.fit.vectors)
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    fit, choose = (LabelledVectors(one.vectors, one.shown) for one in (shop.fit, shop.choose))
    probed = probe(fit, choose, shop.test.vectors, len(shop.coarse))
    alone = {
        "centres": _timed(lambda photos: photos @ centres.T, shop),
        "probe": PhotoScores(probed.test, probed.ms, f"shrunk by {probed.shrinkage:g}"),
    }
    yield "record alone", record
    for name, one in alone.items():
        yield f"{name} alone", one
        for way, scores in late([one.scores, record.scores]).items():
            yield f"{name} and record, {way}", PhotoScores(scores, one.ms + record.ms)


def _timed(score: Callable[[Vector], Vector], shop: GroceryShop, note: str = "") -> PhotoScores:
    since = perf_counter()
    scores = score(shop.test.vectors)
    return PhotoScores(scores, 1000 * (perf_counter() - since) / len(scores), note)


def _table(title: str, tried: Mapping[str, PhotoScores], fused: str, shop: GroceryShop) -> Table:
    coarse, true = np.array(shop.coarse), shop.test.shown
    values, rows = dict[str, NDArray[np.bool_]](), []
    for name, one in tried.items():
        best = np.argsort(-one.scores, axis=1, kind="stable")[:, :5]
        values[name] = best[:, 0] == true
        figures: dict[str, Cell] = {
            "top-1": figure(values[name]),
            "top-5": figure((best == true[:, None]).any(axis=1)),
            "coarse class": figure(coarse[best[:, 0]] == coarse[true]),
        }
        figures |= {"note": one.note} if one.note else {}
        rows.append(TableRow(name, figures, one.ms, shop.megabytes))
    single = max((n for n in tried if n.endswith("alone")), key=lambda name: values[name].mean())
    gain = paired(values[fused], values[single])
    return Table(
        title,
        f"{len(true)} photos taken in shops, {len(coarse)} products of {len(set(shop.coarse))} "
        "coarse classes; the picture encoder knows the other training photos and the products",
        f"official val photos; choices made on {len(shop.choose.shown)} training photos",
        GROCERY_SEED,
        tuple(rows),
        f"Top-1, {fused} against the best alone, {single}: {gain}.",
    )


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    import pyarrow
    from pyarrow import parquet

    try:
        rows: list[dict[str, Any]] = parquet.read_table(path, columns=list(columns)).to_pylist()
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        needed = ", ".join(columns)
        raise CatalogueError(f"{path} cannot be read ({reason}): it needs {needed}") from error
    return rows


def _record(product: Mapping[str, Any]) -> str:
    """Return a product's text, as in a shop's record."""
    name, kind = (str(product[key]).replace("-", " ") for key in ("class_name", "coarse_name"))
    return f"{name}. {kind}. {product['description']}"
