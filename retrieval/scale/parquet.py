"""The entries of an index as Parquet: for other programs, and for an index without encoding.

◆ pyarrow. Knows entries and files; knows no model. A folder holds files of the columns id, record
(JSON), metadata (JSON) and vector; what encoded them stands in each file's own metadata. An index
is made of them as one that was interrupted when all was encoded: the run that follows takes what
still holds from there, and encodes what has changed since.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from retrieval.catalogue.formats.opening import source_name
from retrieval.embed import Encoders
from retrieval.errors import BAD_VALUE, IndexMismatchError, StoreError
from retrieval.files import disk
from retrieval.index.generations import STORE, held_generation
from retrieval.index.index import OpenStore
from retrieval.index.journal import Journal
from retrieval.index.manifest import encoder_names, generation_folder, new_manifest, writing
from retrieval.protocols import Entry, Vectors, VectorStore

_ROWS = 50_000  # of a file
_PAGE = 2_000  # entries in memory at once
_ENCODERS = b"magpie.encoders"


def write_parquet(index: Path, open_store: OpenStore, folder: Path) -> int:
    """Write an index's entries into a folder; return how many there are.

    Raises:
        IndexMissingError: there is no index.
        StoreError: it cannot be read.
        StorageError: the disk is full or not writable.
    """
    with held_generation(index) as manifest, disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("entries-*.parquet"):
            old.unlink()
        place = generation_folder(index, manifest.generation) / STORE
        with closing(open_store(place)) as store:
            entries = store.entries()
            for number, start in enumerate(range(0, len(entries), _ROWS)):
                file = folder / f"entries-{number:05}.parquet"
                _write_file(file, store, entries[start : start + _ROWS], manifest.encoders)
    return len(entries)


def begin_from_parquet(folder: Path, index: Path, source: Path | str, encoders: Encoders) -> int:
    """Let the next run over a source begin with the entries in a folder; return how many.

    Raises:
        IndexMismatchError: other encoders have made them.
        StoreError: they cannot be read.
        StorageError: the disk is full or not writable.
    """
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise StoreError(f"{folder} has no Parquet files: `--save-vectors` writes them")
    count = 0
    with writing(index):
        journal = Journal(index)
        journal.discard()
        journal.begin(new_manifest(encoders, source_name(source)), afresh=True)
        for file in files:
            _check_encoders(file, encoders)
            for page in _read_file(file):
                journal.keep(page)
                count += len(page)
    return count


def _write_file(file: Path, store: VectorStore, entries: list[Entry], made_by: object) -> None:
    width = store.vectors([entries[0].id])[entries[0].id].size
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("record", pa.string()),
            ("metadata", pa.string()),
            ("vector", pa.list_(pa.float32(), width)),
        ],
        metadata={_ENCODERS: json.dumps(made_by).encode()},
    )
    with pq.ParquetWriter(file, schema, compression="zstd") as written:
        for start in range(0, len(entries), _PAGE):
            page = entries[start : start + _PAGE]
            found = store.vectors([entry.id for entry in page])
            vectors = np.concatenate([found[entry.id] for entry in page])
            columns = [
                pa.array([entry.id for entry in page]),
                pa.array([entry.document for entry in page]),
                pa.array([json.dumps(dict(entry.metadata)) for entry in page]),
                pa.FixedSizeListArray.from_arrays(pa.array(vectors), width),
            ]
            written.write_table(pa.table(columns, schema=schema))


def _read_file(file: Path) -> Iterator[list[Entry]]:
    try:
        with pq.ParquetFile(file) as opened:
            for batch in opened.iter_batches(_PAGE):
                told = batch.select(["id", "record", "metadata"]).to_pylist()
                rows = zip(told, _vectors(batch.column("vector")), strict=True)
                yield [
                    Entry(row["id"], vector, row["record"], json.loads(row["metadata"]))
                    for row, vector in rows
                ]
    except (pa.ArrowException, *BAD_VALUE) as error:
        raise StoreError(f"{file} cannot be read ({error}): write it again") from error


def _vectors(column: pa.FixedSizeListArray) -> Vectors:
    flat = column.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, dtype=np.float32).reshape(len(column), -1)


def _check_encoders(file: Path, encoders: Encoders) -> None:
    try:
        told = pq.read_schema(file).metadata or {}
        made_by, now = json.loads(told[_ENCODERS]), encoder_names(encoders)
    except (pa.ArrowException, *BAD_VALUE) as error:
        raise StoreError(f"{file} does not say what encoded it ({error})") from error
    if made_by != now:
        raise IndexMismatchError(f"{file} was encoded by {made_by}, but {now} are in use")
