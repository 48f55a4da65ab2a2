"""The fashion products for evaluation: records, and vectors that are computed once.

Knows the layout of the data set, and that the text of a product is its name only: queries are made
from the attribute columns, so these are not searched. Vectors are cached in a folder, batch by
batch, and an interrupted run continues where it stopped. Knows no fusion and no metric.
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

_BATCH = 2000  # products per batch and write
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
    """One fashion product; a missing value is ""."""

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
    """All products with their vectors, one row per product, in the file's order."""

    products: tuple[Product, ...]
    text: Vector  # (n, text dimension), of the names only
    picture: Vector  # (n, picture dimension)

    @property
    def split(self) -> Split:
        """Return the rows of the training, validation and test splits."""
        ids = [one.id for one in self.products]
        return split(ids, data_set="fashion", validation=1000, test=4000)


def read_products(data: Path) -> tuple[Product, ...]:
    """Read `fashion/products.parquet` of a data folder.

    Raises: CatalogueError when it is missing or has other columns.
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
    """Return products and vectors; vectors are read from the cache folder if they are there.

    Raises:
        CatalogueError: the data cannot be read.
        StorageError: the cache cannot be written, or its vectors are from other encoders.

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
    """Join the rows of several modalities in an index's format, (n, width).

    A row of zeros means that the item lacks the modality.
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
    """Record the data and encoders of a cache folder; refuse a folder of others."""
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
    """Return the vectors cached at `path`; compute missing ones in batches."""
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
