"""Classify products by type, colour, use and season, from single and fused vectors.

Knows features, fusions, probes and metrics; knows no store. A fusion with one vector per item gets
one probe; a fusion of separate searches combines the scores of one probe per modality. Vectors are
never added: the modalities' spaces differ in dimension and were not trained together. Shrinkages
and a block's weight are chosen on the validation products.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from retrieval.embed import Encoders
from retrieval.errors import CatalogueError
from retrieval.evaluation.classes import Classes, counted, named
from retrieval.evaluation.intervals import paired
from retrieval.evaluation.probe import LabelledVectors, Probed, probe
from retrieval.evaluation.products.features import Features, Product
from retrieval.evaluation.report import Cell, Report, Table, TableRow, Tell
from retrieval.evaluation.verdicts import highest_class, late
from retrieval.fusion.registry import DEFAULT_FUSION
from retrieval.protocols import Vector

PROBE_SEED = 7
TRAINED = 15_000  # training rows of a probe, at most: on one core more would take minutes
PROBE_SHARES = (0.35, 0.5, 0.65)  # weights of the first modality, one chosen on validation
COLUMNS: Mapping[str, Callable[[Product], str]] = {
    "article type": lambda one: one.type,
    "colour": lambda one: one.colour,
    "use": lambda one: one.use,
    "season": lambda one: one.season,
}
Spaces = Mapping[str, Vector]  # by modality or fusion, (products, dimension)


@dataclass(frozen=True)
class ClassTask:
    """A column to predict; classes are numbered by descending frequency in training."""

    name: str
    classes: tuple[str, ...]
    truth: Classes  # (products,), -1 where the record has no value
    train: Classes  # positions of products
    validation: Classes
    test: Classes


@dataclass(frozen=True)
class Tried:
    """A method's predictions for the test products, and their cost."""

    said: Classes
    spent: Mapping[str, Cell]
    ms: float  # to classify one product
    megabytes: float  # size of all products' vectors


def run_classification(
    features: Features,
    encoders: Encoders,
    trained: Spaces,
    more: Sequence[Table] = (),
    *,
    tell: Tell = lambda line: None,
) -> Report:
    """Evaluate on the 4,000 held-out test products.

    `trained` are the item vectors of trained fusions, `more` the tables of other data.

    Raises:
        CatalogueError: too few products to learn from.
        MissingDependencyError: scikit-learn is not installed.
    """
    if not features.split.train:
        raise CatalogueError(
            f"{len(features.products)} products are too few to learn from: the test takes 4,000 "
            "and the validation 1,000 of them"
        )
    spaces = {"text": features.text, "picture": features.picture}
    tables = []
    for name in COLUMNS:
        tell(f"probing for {name}")
        task = make_task(features, name)
        if len(task.classes) > 1:
            tables.append(measure_classes(task, spaces, trained))
    return Report(
        "What can be read off an item's vectors",
        "magpie evaluate classification --data FOLDER",
        f"{encoders.text.name} and {encoders.picture.name}, one CPU core",
        (*tables, *more),
    )


def make_task(features: Features, name: str) -> ClassTask:
    """Number the classes of a column; leave out products without a value."""
    values = [COLUMNS[name](one) for one in features.products]
    parts = features.split
    train = [at for at in parts.train if values[at]]
    train = sorted(Random(PROBE_SEED).sample(train, min(TRAINED, len(train))))
    often = Counter(values[at] for at in train)
    classes = tuple(sorted({*values} - {""}, key=lambda one: (-often[one], one)))
    numbers = {one: at for at, one in enumerate(classes)}
    truth = np.array([numbers.get(one, -1) for one in values])

    def known(places: Sequence[int]) -> Classes:
        return np.array([at for at in places if truth[at] >= 0], dtype=np.int64)

    return ClassTask(name, classes, truth, known(train), known(parts.validation), known(parts.test))


def measure_classes(task: ClassTask, spaces: Spaces, trained: Spaces) -> Table:
    """Classify the test products with every method; return the table of metrics."""
    tried = dict(_tried(task, spaces, trained))
    true = task.truth[task.test]
    rows = [
        TableRow(name, {**named(one.said, true), **one.spent}, one.ms, one.megabytes)
        for name, one in tried.items()
    ]
    return Table(
        f"Naming the {task.name}",
        f"fashion products, probes fitted to {len(task.train):,}, {len(true):,} named, "
        f"{len(task.classes)} classes, macro over the {len(counted(true))} with enough of them",
        "test part (by id hash); shrinkages and weights chosen on the validation part",
        PROBE_SEED,
        tuple(rows),
        classification_summary(task.name, {name: one.said == true for name, one in tried.items()}),
    )


def classification_summary(column: str, right: Mapping[str, Sequence[float]]) -> str:
    """Compare the default with the best modality and the best fusion, in one sentence."""
    means = {name: float(np.mean(found)) for name, found in right.items()}
    single = max((n for n in means if n.endswith("alone")), key=lambda name: means[name])
    best = max((n for n in means if not n.endswith("alone")), key=lambda name: means[name])
    told = paired(right[DEFAULT_FUSION], right[single])
    more = "no fusion names more rightly"
    if best != DEFAULT_FUSION:
        more = f"{best} against it: {paired(right[best], right[DEFAULT_FUSION])}"
    return (
        f"Accuracy, {column}: {DEFAULT_FUSION} against the best modality, {single}: {told}; {more}."
    )


def _tried(task: ClassTask, spaces: Spaces, trained: Spaces) -> Iterator[tuple[str, Tried]]:
    """Yield every method with its predictions for the test products."""
    alone = {name: _probed(vectors, task) for name, vectors in spaces.items()}
    for name, found in alone.items():
        yield f"{name} alone", _named(found, spaces[name])
    joined = np.concatenate(list(spaces.values()), axis=1)
    yield "concatenation", _named(_probed(joined, task), joined)
    yield DEFAULT_FUSION, _weighted(task, spaces)
    for name, vectors in trained.items():
        yield name, _named(_probed(vectors, task), vectors)
    ms, seconds = (sum(getattr(one, what) for one in alone.values()) for what in ("ms", "seconds"))
    for name, scores in late([one.test for one in alone.values()]).items():
        yield name, Tried(highest_class(scores), {"fitted in s": seconds}, ms, _megabytes(joined))


def _weighted(task: ClassTask, spaces: Spaces) -> Tried:
    """Standardise each modality's block, and weigh the blocks by validation accuracy."""
    blocks = [_standardised(vectors, task.train) for vectors in spaces.values()]
    truth = task.truth[task.validation]
    tried = []
    for share in PROBE_SHARES:
        weights = [share, *[(1 - share) / max(len(blocks) - 1, 1)] * (len(blocks) - 1)]
        scaled = [np.sqrt(np.float32(w)) * b for w, b in zip(weights, blocks, strict=True)]
        joined = np.concatenate(scaled, axis=1)
        tried.append((_probed(joined, task), share))
    best, share = max(
        tried, key=lambda one: float((highest_class(one[0].validation) == truth).mean())
    )
    spent = {"shrunk": best.shrinkage, "fitted in s": sum(one.seconds for one, _ in tried)}
    note = f"{next(iter(spaces))} weighs {share:.2f}"
    return Tried(highest_class(best.test), {**spent, "note": note}, best.ms, _megabytes(joined))


def _probed(vectors: Vector, task: ClassTask) -> Probed:
    train, validation = (
        LabelledVectors(vectors[places], task.truth[places])
        for places in (task.train, task.validation)
    )
    return probe(train, validation, vectors[task.test], len(task.classes))


def _named(found: Probed, vectors: Vector) -> Tried:
    spent = {"shrunk": found.shrinkage, "fitted in s": found.seconds}
    return Tried(highest_class(found.test), spent, found.ms, _megabytes(vectors))


def _standardised(vectors: Vector, train: Classes) -> Vector:
    """Centre vectors on the training mean and scale them to a mean squared length of 1 there."""
    middle = vectors[train].mean(axis=0)
    length = np.sqrt(np.square(vectors[train] - middle).sum(axis=1).mean())
    return np.asarray((vectors - middle) / max(float(length), 1e-12), dtype=np.float32)


def _megabytes(vectors: Vector) -> float:
    return vectors.nbytes / 1e6
