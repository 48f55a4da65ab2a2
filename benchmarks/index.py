"""Measure indexing: items per second, peak memory, and the time of each stage.

    python -m benchmarks.index --data FOLDER [--limit N] [--encoder FOLDER] [--words FOLDER]

`--data` holds `fashion/products.parquet`. Its products are indexed with text and picture into a new
Chroma store, then indexed again without changes, then opened and searched. Encoding runs in the
main thread, opening pictures and storing in parallel, so the stages' seconds may add up to more
than the total.
"""

import argparse
import itertools
import json
import platform
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet
from PIL.Image import Image

from assistant.settings import load_settings
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.embed import Encoders
from retrieval.encoders.picture import load_picture_encoder
from retrieval.encoders.picture_folder import EMBEDDED
from retrieval.encoders.text import SentenceTextEncoder
from retrieval.evaluation.report import peak_memory
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.encoding import Changed, open_files
from retrieval.index.index import index_catalogue, open_index
from retrieval.items import Constraint, Query
from retrieval.models.registry import model_folder
from retrieval.protocols import Entry, PictureEncoder, TextEncoder, Vectors
from retrieval.search import search

SAMPLE = 2000  # rows whose pictures are opened without other stages
QUERIES = (
    Query("a navy blue casual shirt for men"),
    Query("red shoes", constraints=(Constraint("gender", "=", "women"),)),
    Query("puma bag", constraints=(Constraint("base colour", "!=", "black"),)),
    Query("something to wear at the beach"),
)


class Clock:
    """Sums the seconds spent in named stages."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time of the `with` block to a stage."""
        since = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - since


class TimedText:
    """A text encoder that records its time."""

    def __init__(self, encoder: TextEncoder, clock: Clock) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self._clock = encoder, clock

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, and record the time."""
        with self._clock("text"):
            return self._encoder.encode(texts)


class TimedPictures:
    """A picture encoder that records its time."""

    def __init__(self, encoder: PictureEncoder, clock: Clock) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self._clock = encoder, clock

    def encode(self, pictures: Sequence[Image]) -> Vectors:
        """Encode, and record the time."""
        with self._clock("picture"):
            return self._encoder.encode(pictures)

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        """Encode; only queries need it."""
        return self._encoder.encode_words(texts)


class TimedStore(ChromaStore):
    """A Chroma store that records its time."""

    def __init__(self, place: Path, clock: Clock) -> None:
        super().__init__(place)
        self._clock = clock

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Store, and record the time."""
        with self._clock("store"):
            super().upsert(entries)

    def vectors(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Read, and record the time: the end of a run reads all vectors for the populations."""
        with self._clock("sum up"):
            return super().vectors(ids)


def measure_index(source: Path, encoders: Encoders, folder: Path) -> dict[str, object]:
    """Index a catalogue twice, open it, search it; return the measurements."""
    clock = Clock()
    _measure_alone(source, folder, clock)
    text, picture = TimedText(encoders.text, clock), TimedPictures(encoders.picture, clock)
    timed, index = Encoders(text, picture), folder / "index"

    def open_store(place: Path) -> TimedStore:
        return TimedStore(place, clock)

    before = time.process_time()
    first = index_catalogue(source, index, timed, open_store, report=_progress)
    processor = time.process_time() - before
    stages = {stage: round(seconds, 1) for stage, seconds in clock.seconds.items()}
    again = index_catalogue(source, index, timed, open_store)
    peak = peak_memory()
    with clock("open"):
        opened = open_index(index, encoders, ChromaStore, BM25Index)
    turns = []
    for query in QUERIES * 3:
        since = time.perf_counter()
        search(query, opened, encoders, limit=6)
        turns.append(1000 * (time.perf_counter() - since))
    opened.close()
    return {
        "items": first.items,
        "items_per_s": round(first.items / first.seconds, 1),
        "seconds": first.seconds,
        "processor_seconds": round(processor, 1),
        "stages_s": stages,
        "problems": len(first.problems),
        "again_s": again.seconds,
        "again_unchanged": again.unchanged,
        "peak_mb": round(peak),
        "open_s": round(clock.seconds["open"], 2),
        "search_ms_median": round(median(turns), 1),
    }


def _measure_alone(source: Path, folder: Path, clock: Clock) -> None:
    """Time alone what usually runs in parallel: reading rows, and opening their pictures."""
    with clock("read, alone"):
        for _ in read_catalogue(source):
            pass
    rows = [row for row in itertools.islice(read_catalogue(source), SAMPLE) if isinstance(row, Row)]
    kept = folder / "alone"
    kept.mkdir()
    with clock(f"open {len(rows)} pictures, alone"):
        for row in rows:
            open_files(Changed(row, "", ""), kept)


def _progress(rows: int) -> None:
    if rows % 1000 == 0:
        sys.stderr.write(f"\r{rows:,} items")


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="only so many products")
    parser.add_argument("--encoder", type=Path, default=EMBEDDED)
    home = load_settings().home
    parser.add_argument("--words", type=Path, default=model_folder(home, "all-minilm-l6-v2"))
    given = parser.parse_args()
    encoders = Encoders(
        SentenceTextEncoder(given.words), load_picture_encoder(given.encoder, words=given.words)
    )
    with tempfile.TemporaryDirectory() as folder:
        source = given.data / "fashion" / "products.parquet"
        if given.limit:
            table = pyarrow.parquet.read_table(source).slice(0, given.limit)
            source = Path(folder) / "some.parquet"
            pyarrow.parquet.write_table(table, source)
        figures = measure_index(source, encoders, Path(folder))
    figures["machine"] = f"{platform.processor() or platform.machine()}, {platform.system()}"
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
