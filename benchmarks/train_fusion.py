"""Train the fusion transformer on the fashion products with three modalities, and transfer it.

    python -m benchmarks.train_fusion --data FOLDER --cache FOLDER --out FOLDER

`--data` holds `fashion/products.parquet`, `--cache` is the folder in which `magpie evaluate
retrieval` caches the products' vectors. The modalities are a product's name, its picture, and a
spoken description. The data set has no recordings: each description is a sentence made by rules
from type, colour, wearer, season and use, and encoded as a transcript, without speech synthesis or
transcription. An interrupted run resumes where it stopped.

Writes to `--out` the network (`fusion`, for `magpie evaluate retrieval --fusion`), the networks of
the transfer from clothes to a small catalogue of bags and watches, and a report.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic

import numpy as np

from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.embed import Encoders
from retrieval.encoders.batching import release_memory
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.products.features import Product, fashion_features, stored_vectors
from retrieval.evaluation.report import Report, Table, TableRow, peak_memory, report_markdown, write
from retrieval.fusion.concatenation import describe
from retrieval.fusion.registry import DEFAULT_FUSION
from retrieval.fusion.transformer import FACTS_FILE, WEIGHTS_FILE, read_trained
from retrieval.fusion.weights import learned
from retrieval.index.manifest import encoder_names
from retrieval.items import Item
from retrieval.protocols import Vector
from retrieval.training.curves import curves
from retrieval.training.fusion.examples import make_examples
from retrieval.training.fusion.measure import by_concatenation, by_network, questions, shares
from retrieval.training.fusion.train import FusionData, Plan, train_fusion
from retrieval.training.pictures.wordings import one_of_kind, plain
from retrieval.training.splits import Split, split
from retrieval.training.trainer import TrainingProgress

GARMENTS = frozenset(
    {"Tshirts", "Shirts", "Kurtas", "Tops", "Jeans", "Shorts", "Trousers", "Dresses"}
)
SMALL = frozenset({"Handbags", "Backpacks", "Clutches", "Wallets", "Watches"})
SMALL_SIZE = 1500  # products of the small catalogue, 300 of them in the test split
ALONE = "trained on it from nothing"
NETWORK_SEED = 0
_BATCH = 512

FoundShares = Mapping[str, Sequence[float]]  # the metric of each query, by question


@dataclass(frozen=True)
class FashionShop:
    """Products as catalogue items, with the vectors of their three modalities."""

    items: tuple[Item, ...]
    stored: Vector  # (n, width)
    encoders: Encoders

    def stock(self, name: str, places: Sequence[int], parts: Split | None = None) -> FusionData:
        """Return some of the products as a separate catalogue."""
        some = FashionShop(
            tuple(self.items[at] for at in places), self.stored[list(places)], self.encoders
        )
        return some.whole(name, parts)

    def whole(self, name: str, parts: Split | None = None) -> FusionData:
        """Return all products as a catalogue, without copying vectors."""
        made_by = encoder_names(self.encoders)
        return FusionData(name, self.items, self.stored, self.encoders, made_by, parts=parts)


def description(one: Product) -> str:
    """Return a seller's description of a product, made only from fields that the record has."""
    kind = one_of_kind(one.type) if one.type else "product"
    said = f"This is a {plain(one.colour)} {kind}" if one.colour else f"This is a {kind}"
    said += f" for {one.who.lower()}" if one.who else ""
    said += f", made for {one.season.lower()}" if one.season else ""
    return said + (f" and {one.use.lower()} wear." if one.use else ".")


def encoded(texts: Sequence[str], encoders: Encoders) -> Vector:
    """Return a vector for each text, (n, dimension); equal texts are encoded once."""
    several = sorted(set(texts), key=len)
    runs = [several[at : at + _BATCH] for at in range(0, len(several), _BATCH)]
    vectors = np.concatenate([encoders.text.encode(run) for run in runs])
    release_memory()
    place = {text: at for at, text in enumerate(several)}
    return np.asarray(vectors[[place[text] for text in texts]], dtype=np.float32)


def item_of(one: Product) -> Item:
    """Return a product as an item of a catalogue."""
    facts = {"wearer": one.who, "colour": one.colour, "season": one.season, "use": one.use}
    known = {name: value for name, value in facts.items() if value}
    return Item(one.id, one.name, category=one.type, attributes=known)


def read_fashion_shop(data: Path, cache: Path, encoders: Encoders) -> tuple[FashionShop, Split]:
    """Return the products with their vectors, and their splits; pictures are not kept in memory."""
    features = fashion_features(data, cache, encoders)
    spoken = encoded([description(one) for one in features.products], encoders)
    stored = stored_vectors(
        {"text": features.text, "picture": features.picture, "speech": spoken}, encoders.dimensions
    )
    items = tuple(item_of(one) for one in features.products)
    return FashionShop(items, stored, encoders), features.split


def trained(
    stock: FusionData, out: Path, start: Path | None = None, *, freeze: bool = False
) -> Path:
    """Train a network into a folder, unless there is one already; return the folder."""

    def told(progress: TrainingProgress) -> None:
        if progress.validation is not None:
            sys.stderr.write(
                f"{out.name}: step {progress.step} of {progress.steps}, loss {progress.loss:.3f}, "
                f"validation {progress.validation:.4f}\n"
            )

    if not (out / WEIGHTS_FILE).exists():
        train_fusion(stock, Plan(out, curves, start, freeze), report=told)
    return out


def whole_table(folder: Path) -> Table:
    """Return the table of the training on all products, read from its folder."""
    facts = json.loads((folder / FACTS_FILE).read_text("utf-8"))["training"]
    rows = tuple(
        TableRow(
            line["name"],
            {DEFAULT_FUSION: line["untrained"], "before": line["before"], "after": line["after"]},
        )
        for line in facts["table"]
    )
    return Table(
        "Three modalities, all products",
        f"fashion products, {facts['trained']:,} trained on, {facts['held_out']:,} measured on",
        "test part (by id hash)",
        facts["recipe"]["seed"],
        rows,
        f"{facts['steps']:,} steps took {facts['seconds'] / 60:.1f} minutes.",
    )


def carried(shop: FashionShop, places: Sequence[int], out: Path) -> Table:
    """Train on clothes, fine-tune on a small catalogue of other things, and compare there."""
    items = shop.items
    clothes = [at for at in places if items[at].category in GARMENTS]
    other = [at for at in places if items[at].category in SMALL]
    small = sorted(other, key=lambda at: sha256(items[at].id.encode()).digest())[:SMALL_SIZE]
    ids = [items[at].id for at in small]
    parts = split(ids, data_set="bags and watches", validation=150, test=300)
    stock = shop.stock("bags and watches", small, parts)
    start = trained(shop.stock("clothes", clothes), out / "clothes")
    ways = {
        "trained on clothes only": start,
        ALONE: trained(stock, out / "alone"),
        "from clothes, frozen": trained(stock, out / "frozen", start, freeze=True),
        "from clothes, fine-tuned": trained(stock, out / "tuned", start),
    }
    found = found_among_held_out(stock, parts, ways)
    rows = tuple(
        TableRow(way, {n: figure(v) for n, v in one.items()}) for way, one in found.items()
    )
    return Table(
        "Carried over to a small catalogue",
        f"{len(clothes):,} clothes; {len(small):,} bags, wallets and watches, "
        f"{len(parts.test)} of them measured on",
        "by id hash, all of them of the fashion data's training part",
        NETWORK_SEED,
        rows,
        f"Over all queries, against training from nothing: {gains(found)}.",
    )


def found_among_held_out(
    stock: FusionData, parts: Split, ways: Mapping[str, Path]
) -> dict[str, FoundShares]:
    """Return the metrics of networks, and of the untrained fusion, on held-out products."""
    encoders = stock.encoders
    examples = make_examples(stock.items, stock.stored, encoders)
    test = examples.part(parts.test)
    asked = questions(test)
    lie = describe([stock.stored[list(parts.train)]], encoders.dimensions)
    bare = by_concatenation(lie, encoders.dimensions, learned(DEFAULT_FUSION).words)
    found: dict[str, FoundShares] = {f"{DEFAULT_FUSION}, no training": shares(asked, test, bare)}
    for way, folder in ways.items():
        score = by_network(read_trained(folder).network, examples.asked)
        found[way] = shares(asked, test, score)
    return found


def gains(found: Mapping[str, FoundShares]) -> str:
    """State each method's gain over training from random weights."""
    flat = {way: np.concatenate(list(one.values())) for way, one in found.items()}
    told = {way: paired(mine, flat[ALONE]) for way, mine in flat.items() if way != ALONE}
    return "; ".join(f"{way} {one.gain.value:+.3f} (p = {one.p:.3f})" for way, one in told.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "cache", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given, since = parser.parse_args(arguments), monotonic()
    encoders = load_encoders(load_settings(), lambda step: None, hears=False)
    shop, parts = read_fashion_shop(given.data, given.cache, encoders)
    tables = (
        whole_table(trained(shop.whole("fashion", parts), given.out / "fusion")),
        carried(shop, parts.train, given.out),
    )
    peak = peak_memory()
    report = Report(
        "What training a fusion brings",
        "python -m benchmarks.train_fusion --data FOLDER --cache FOLDER --out FOLDER",
        f"{encoders.text.name} and {encoders.picture.name}, CPU",
        tables,
        monotonic() - since,
        peak,
    )
    write(report, given.out)
    sys.stdout.write(report_markdown(report))


if __name__ == "__main__":
    main()
