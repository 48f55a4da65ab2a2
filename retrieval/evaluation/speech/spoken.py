"""Evaluate search of items with only a spoken description: word errors and their cost.

Knows items, encoders and the transcriber; knows no store. Some of a catalogue's items have their
description spoken by one of three espeak-ng voices, clean or in white noise, instead of written;
all others keep the written one. The real Whisper transcribes them. Titles are not searched, because
they are used as queries.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import Encoders, QueryVectors
from retrieval.evaluation import metrics
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.products.features import stored_vectors
from retrieval.evaluation.products.missing import ten_best
from retrieval.evaluation.products.queries import Asked
from retrieval.evaluation.products.shelf import SHELF_SEED, FusionMethod, Prepared, Shelf
from retrieval.evaluation.report import Cell, Table, TableRow, Tell
from retrieval.evaluation.speech.hearing import NOISE_LEVELS, VOICES, HeardDescription, Studio, rate
from retrieval.evaluation.speech.speaking import CURE, SPEAKER
from retrieval.fusion.concatenation import describe
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.index.bm25 import tokens
from retrieval.index.index import OpenLexicalIndex
from retrieval.items import Item
from retrieval.protocols import Vector

_DIGIT = re.compile(r"\d")
_RECALLED = 5  # words of a description in a query


def spoken_tables(
    items: Sequence[Item],
    encoders: Encoders,
    open_lexical: OpenLexicalIndex,
    studio: Studio | None,
    *,
    recordings: int = 80,
    tell: Tell = lambda line: None,
) -> tuple[Table, ...]:
    """Evaluate with `recordings` descriptions spoken; without a studio, return a table saying why.

    Raises: StorageError when the transcripts cannot be cached.
    """
    if studio is None:
        return (_left_out(),)
    chosen = choose_spoken(items, recordings)
    said = [one.description for one in items if one.id in chosen]
    heard = {noise: studio.hear(said, noise, tell) for noise in NOISE_LEVELS}
    shop = SpokenShop(tuple(items), chosen, encoders, open_lexical)
    return found_again(shop, heard), misheard(heard)


def choose_spoken(items: Sequence[Item], count: int) -> frozenset[str]:
    """Draw the items with a spoken description; without digits, which have several spellings."""
    fit = [
        one.id
        for one in items
        if len(one.description.split()) > _RECALLED and not _DIGIT.search(one.description)
    ]
    return frozenset(Random(SHELF_SEED).sample(fit, min(count, len(fit))))


@dataclass(frozen=True)
class SpokenShop:
    """Items, some of which have a spoken description."""

    items: tuple[Item, ...]
    spoken: frozenset[str]  # ids
    encoders: Encoders
    open_lexical: OpenLexicalIndex

    def shelf(self, transcripts: Sequence[str] | None) -> Shelf:
        """Return a shelf with these transcripts, in order; None: with all descriptions written."""
        heard = iter(transcripts or ())
        speaks = [transcripts is not None and one.id in self.spoken for one in self.items]
        words = [
            next(heard) if aloud else one.description
            for one, aloud in zip(self.items, speaks, strict=True)
        ]
        vectors = self.encoders.text.encode(words)
        there = np.array([bool(one.strip()) for one in words])
        aloud = np.array(speaks)
        dimensions = self.encoders.dimensions
        stored = stored_vectors(
            {"text": _kept(vectors, there & ~aloud), "speech": _kept(vectors, there & aloud)},
            dimensions,
        )
        return Shelf(
            tuple(one.id for one in self.items),
            stored,
            dimensions,
            describe([stored], dimensions),
            self.open_lexical(words),
        )

    def queries(self) -> Mapping[str, list[Asked]]:
        """Return the queries for spoken items: their titles, and words of their descriptions."""
        dice = Random(SHELF_SEED)
        by_title, recalled = list[Asked](), list[Asked]()
        for one in self.items:
            if one.id in self.spoken:
                known = list(dict.fromkeys(tokens(one.description)))
                dice.shuffle(known)
                by_title.append(Asked(one.title, frozenset([one.id])))
                recalled.append(Asked(" ".join(known[:_RECALLED]), frozenset([one.id])))
        return {"title": by_title, "recalled words": recalled}


def found_again(shop: SpokenShop, heard: Mapping[str, Sequence[HeardDescription]]) -> Table:
    """Return the table of the same queries on written and on spoken descriptions."""
    written = shop.shelf(None)
    rows, values = [], dict[str, dict[str, list[float]]]()
    for label, several in [("written", None), *heard.items()]:
        shelf = written if several is None else shop.shelf([one.words for one in several])
        values[label] = found = dict(_found(shop, shelf))
        figures: dict[str, Cell] = {} if several is None else {"words misheard": str(rate(several))}
        figures |= {name: figure(one) for name, one in found.items()}
        ms = None if several is None else 1000 * float(np.mean([one.seconds for one in several]))
        rows.append(
            TableRow(
                f"spoken, {label}" if several else label, figures, ms, shelf.stored.nbytes / 1e6
            )
        )
    worst = list(heard)[-1]
    told = "; ".join(
        f"{noise} {paired(values[noise]['title R@10'], values['written']['title R@10'])}"
        for noise in ("clean", worst)
    )
    return Table(
        "Items that only speak",
        f"demo catalogue, {len(shop.items)} items searched by description with {DEFAULT_FUSION}, "
        f"{len(shop.spoken)} of them spoken by {SPEAKER} in {len(VOICES)} voices; ms is for one "
        "recording",
        "all items; nothing was trained or tuned on them",
        SHELF_SEED,
        tuple(rows),
        f"R@10 of titles against written descriptions: {told}.",
    )


def misheard(heard: Mapping[str, Sequence[HeardDescription]]) -> Table:
    """Return the table of word error rates by voice."""
    rows = []
    for at, voice in enumerate(VOICES):
        own = {noise: several[at :: len(VOICES)] for noise, several in heard.items()}
        if all(own.values()):
            rows.append(TableRow(voice, {noise: rate(several) for noise, several in own.items()}))
    rates = {noise: rate(several) for noise, several in heard.items()}
    rows.append(TableRow("all voices", rates))
    told = ", ".join(f"{one.value:.1%} {noise}" for noise, one in rates.items())
    return Table(
        "Words misheard",
        f"{len(next(iter(heard.values())))} spoken descriptions; white noise, louder to the right",
        "all of them",
        SHELF_SEED,
        tuple(rows),
        f"Words misheard: {told}.",
        across="how much louder the voice is than the noise",
        errors=True,
    )


def _found(shop: SpokenShop, shelf: Shelf) -> Iterator[tuple[str, list[float]]]:
    """Yield each metric of the default fusion with its values, one per query."""
    method = FusionMethod(
        DEFAULT_FUSION, FAMILIES[DEFAULT_FUSION](shelf.populations, shelf.dimensions)
    )
    for kind, asked in shop.queries().items():
        said = shop.encoders.text.encode([one.words for one in asked])
        prepared = [
            Prepared(one, QueryVectors(words=vector), shelf.lexical.scores(one.words))
            for one, vector in zip(asked, said, strict=True)
        ]
        ranked = [ten_best(method, one, shelf) for one in prepared]
        for k in (1, 10):
            both = zip(ranked, asked, strict=True)
            yield f"{kind} R@{k}", [metrics.recall_at(r, one.relevant, k) for r, one in both]


def _left_out() -> Table:
    return Table(
        "Items that only speak",
        "none",
        "none",
        SHELF_SEED,
        (),
        f"Left out: it needs {SPEAKER}: {CURE}",
    )


def _kept(vectors: Vector, there: NDArray[np.bool_]) -> Vector:
    """Return the vectors, with zeros where an item has none."""
    return np.where(there[:, None], vectors, np.float32(0))
