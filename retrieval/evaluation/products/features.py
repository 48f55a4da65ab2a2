"""The fashion products as they are measured on: records, and vectors that are made once.

Knows how the data set is laid out and that the text of a product is its name alone: the attribute
columns are what queries are made of, so they are not searched. Vectors are kept in a folder, batch
by batch, and an interrupted run goes on where it stopped. Knows no fusion and no figure.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from retrieval.embed import Encoders
from retrieval.errors import CatalogueError, StorageError
from retrieval.files import disk, write_whole
from retrieval.fusion.concatenation import Dimensions, join
from retrieval.items import MODALITIES, Modality
from retrieval.media.pictures import read_picture
from retrieval.protocols import Vector
from retrieval.training.splits import Split, split

_BATCH = 2000  # products between two writes
_COLUMNS = {
    "name": "name",
    "who": "gender",
    "type": "article_type",
    "colour": "base_colour",
    "season": "season",
    "use": "usage",
}
_UNKNOWN = ("NA", "", None)


@dataclass(frozen=True, slots=True)
class Product:
    """One fashion product; what the record does not say is ""."""

    id: str
    name: str
    who: str  # "Men", "Women", "Boys", "Girls", "Unisex"
    type: str
    colour: str
    season: str
    use: str
    image: bytes  # encoded, 60 x 80


@dataclass(frozen=True)
class Features:
    """All products with their vectors, one row each, in the file's order."""

    products: tuple[Product, ...]
    text: Vector  # (n, text dimension), of the names alone
    picture: Vector  # (n, picture dimension)

    @property
    def split(self) -> Split:
        """Return which rows are trained on, tuned on and tested on."""
        ids = [one.id for one in self.products]
        return split(ids, data_set="fashion", validation=1000, test=4000)


def read_products(data: Path) -> tuple[Product, ...]:
    """Read `fashion/products.parquet` of a data folder.

    Raises: CatalogueError when it is not there or has other columns.
    """
    import pyarrow
    from pyarrow import parquet

    path = data / "fashion" / "products.parquet"
    try:
        table = parquet.read_table(path, columns=["id", "image", *_COLUMNS.values()])
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        needed = ", ".join(["id", "image", *_COLUMNS.values()])
        raise CatalogueError(f"{path} cannot be read ({reason}): it needs {needed}") from error
    found = tuple(
        Product(row["id"], image=row["image"], **{k: _known(row[c]) for k, c in _COLUMNS.items()})
        for row in table.to_pylist()
    )
    del table
    pyarrow.default_memory_pool().release_unused()  # 140 MB of the 41,667 products' pictures
    return found


def fashion_features(
    data: Path, cache: Path, encoders: Encoders, report: Callable[[str], None] = lambda line: None
) -> Features:
    """Return products and vectors, from the cache folder where they were made before.

    Raises:
        CatalogueError: the data cannot be read.
        StorageError: the cache cannot be written, or holds what other encoders made.

    """
    products = read_products(data)
    _claim(cache, products, encoders)

    def texts(some: Sequence[Product]) -> Vector:
        return encoders.text.encode([one.name for one in some])

    def pictures(some: Sequence[Product]) -> Vector:
        return encoders.picture.encode([read_picture(one.image) for one in some])

    text = _made(cache / "text.npy", products, texts, report)
    return Features(products, text, _made(cache / "picture.npy", products, pictures, report))


def stored_vectors(parts: dict[Modality, Vector], dimensions: Dimensions) -> Vector:
    """Join rows of several modalities as an index stores them, (n, width).

    A row of zeros stands for a modality that the item lacks.
    """
    names = [name for name in MODALITIES if name in parts]
    stored = np.empty(
        (len(parts[names[0]]), sum(dimensions.values()) + len(MODALITIES)), dtype=np.float32
    )
    for at, row in enumerate(zip(*(parts[name] for name in names), strict=True)):
        there = {name: part for name, part in zip(names, row, strict=True) if part.any()}
        stored[at] = join(there, dimensions)
    return stored


def _known(value: str | None) -> str:
    return "" if value in _UNKNOWN else str(value)


def _claim(cache: Path, products: Sequence[Product], encoders: Encoders) -> None:
    """Note whose vectors a folder holds, or refuse another's."""
    ids = sha256("\n".join(one.id for one in products).encode()).hexdigest()[:16]
    wanted = {"text": encoders.text.name, "picture": encoders.picture.name, "ids": ids}
    path = cache / "features.json"
    with disk(cache):
        cache.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_whole(path, json.dumps(wanted).encode())
    elif json.loads(path.read_text("utf-8")) != wanted:
        raise StorageError(
            f"{path} holds vectors of other encoders or products: use another --cache"
        )


def _made(
    path: Path,
    products: Sequence[Product],
    encode: Callable[[Sequence[Product]], Vector],
    report: Callable[[str], None],
) -> Vector:
    """Return the vectors kept at `path`, made batch by batch where they are missing."""
    if path.exists():
        return np.asarray(np.load(path), dtype=np.float32)
    parts = list[Path]()
    for start in range(0, len(products), _BATCH):
        part = path.with_suffix(f".{start}.part.npy")
        if not part.exists():
            _keep(part, encode(products[start : start + _BATCH]))
        parts.append(part)
        report(f"{path.stem}: {min(start + _BATCH, len(products)):,} of {len(products):,}")
    whole = np.concatenate([np.load(part) for part in parts])
    _keep(path, whole)
    for part in parts:
        part.unlink()
    return np.asarray(whole, dtype=np.float32)


def _keep(path: Path, vectors: Vector) -> None:
    half = path.with_name(f".{path.stem}.half.npy")
    with disk(path):
        np.save(half, vectors)
        half.replace(path)
