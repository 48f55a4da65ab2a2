"""Keep vectors in Chroma, embedded on disk or on a server: the one file that imports chromadb.

◆ chromadb, and httpx for what its client raises. Knows entries; knows nothing of items, modalities
or constraints. A record is stored as metadata and not as Chroma's document, which cannot be
replaced without its vector: Chroma would embed it itself, with a model that it downloads.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.types import Metadata
from chromadb.config import Settings
from chromadb.errors import ChromaError, InternalError

from retrieval.errors import BAD_VALUE, StorageError, StoreError
from retrieval.protocols import Entry, Vector

_RECORD = "record"  # the metadata's key of the record
_PAGE = 4000  # rows per request, well below the limit of Chroma's SQL variables
_GRAPH: CreateHNSWConfiguration = {
    "space": "ip",  # inner product
    "ef_search": 200,  # keeps recall@100 of 40,000 vectors above .99
}
_ROOM = 64 << 20  # bytes; a batch of the index takes up to 7 MB, part of it only temporarily
_SQLITE = "chroma.sqlite3"
_PANIC = "PanicException"  # of Chroma's Rust, when a disk fails: no Exception, no module has it
_FULL = ("disk is full", "no space left", "readonly database", "disk i/o error", "(os error 28)")


class ChromaStore:
    """A collection of a Chroma database."""

    def __init__(
        self, place: Path | str, name: str = "items", *, token: str = "", room: int = _ROOM
    ) -> None:
        """Open the collection, creating it if needed; `place` is a folder or a server's URL.

        A server is sent the `token`. Nothing is written to a disk with less than `room` free bytes.

        Raises: StoreError when Chroma cannot open it, StorageError when the disk is not usable.
        """
        self._place, self._name, self._room = str(place), name, room
        self._folder = place if isinstance(place, Path) else None
        with self._translated():
            self._client = _client(place, token)
            self._items = self._open()

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Add entries, or replace those of the same id.

        Raises: StorageError when the disk is nearly full; earlier entries are kept.
        """
        with self._translated():
            self._check_room()
            for part in _pages(entries, self._client.get_max_batch_size()):
                self._items.upsert(
                    ids=[entry.id for entry in part],
                    embeddings=np.stack([entry.vector for entry in part]),
                    metadatas=[_metadata(entry) for entry in part],
                )

    def update(self, entries: Sequence[Entry]) -> None:
        """Replace the records and metadata of entries; their stored vectors stay.

        Raises: StorageError when the disk is nearly full; earlier entries are kept.
        """
        with self._translated():
            self._check_room()
            for part in _pages(entries, self._client.get_max_batch_size()):
                self._items.update(
                    ids=[entry.id for entry in part],
                    metadatas=[_metadata(entry) for entry in part],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove entries; ids that are not there are ignored."""
        with self._translated():
            for part in _pages(ids, _PAGE):
                self._items.delete(ids=list(part))

    def nearest(
        self, vector: Vector, *, limit: int, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return ids with their inner product with `vector`, the highest first.

        Only ids from `among` are returned, if it is given.
        """
        with self._translated():
            try:
                return self._query(vector, limit, among)
            except InternalError:  # Chroma fails on ids that another process has removed
                if among is None:
                    raise
                return self._query(vector, limit, self._present(among))

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Return the stored vectors of these ids; Chroma rejects duplicate ids."""
        vectors: dict[str, Vector] = {}
        with self._translated():
            for part in _pages(list(dict.fromkeys(ids)), _PAGE):
                found = self._items.get(ids=list(part), include=["embeddings"])
                embeddings = np.asarray(found["embeddings"], dtype=np.float32)
                vectors.update(zip(found["ids"], embeddings, strict=True))
        return vectors

    def entries(self) -> list[Entry]:
        """Return every entry, in the order of insertion, with an empty vector."""
        empty = np.zeros(0, dtype=np.float32)
        entries: list[Entry] = []
        with self._translated():
            while True:
                found = self._items.get(limit=_PAGE, offset=len(entries), include=["metadatas"])
                for id_, stored in zip(found["ids"], found["metadatas"] or [], strict=True):
                    metadata: dict[str, Any] = dict(stored)
                    record = metadata.pop(_RECORD)
                    entries.append(Entry(id_, empty, record, metadata))
                if len(found["ids"]) < _PAGE:
                    return entries

    def clear(self) -> None:
        """Remove every entry; afterwards vectors of another length can be stored."""
        with self._translated():
            self._client.delete_collection(self._name)
            self._items = self._open()

    def copy_to(self, place: Path) -> None:
        """Copy the database's files to another folder, while others may read it.

        Readers write to the SQLite file, though nothing of the entries: SQLite copies it itself.

        Raises: StorageError when the disk is nearly full, StoreError for a database on a server.
        """
        if self._folder is None:
            raise StoreError(f"{self._place} is a Chroma server: only a folder can be copied")
        with self._translated():
            self._check_room(_size(self._folder))
            shutil.copytree(self._folder, place, ignore=shutil.ignore_patterns(f"{_SQLITE}*"))
            with (
                closing(sqlite3.connect(self._folder / _SQLITE)) as source,
                closing(sqlite3.connect(place / _SQLITE)) as copied,
            ):
                source.backup(copied)

    def remove(self) -> None:
        """Remove the collection; the store cannot be used any more."""
        with self._translated():
            self._client.delete_collection(self._name)

    def close(self) -> None:
        """Close the database."""
        with self._translated():
            self._client.close()  # type: ignore[attr-defined]

    def _query(self, vector: Vector, limit: int, among: Sequence[str] | None) -> dict[str, float]:
        if among is not None and not among:
            return {}
        found = self._items.query(
            query_embeddings=vector[np.newaxis],
            n_results=limit,
            ids=None if among is None else list(among),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]  # one less the inner product
        return {id_: 1.0 - one for id_, one in zip(found["ids"][0], distances, strict=True)}

    def _present(self, ids: Sequence[str]) -> list[str]:
        """Return the ids that are in the store."""
        pages = _pages(ids, _PAGE)
        return [id_ for part in pages for id_ in self._items.get(ids=list(part), include=[])["ids"]]

    def _check_room(self, more: int = 0) -> None:
        """Stop before the disk is full: Chroma's graph would be truncated and lost."""
        needed = self._room + more
        if self._folder is not None and shutil.disk_usage(self._folder).free < needed:
            cure = f"an index needs {needed >> 20} MB of room: make some, or use another folder"
            raise StorageError(f"the disk of {self._folder} is nearly full: {cure}")

    def _open(self) -> chromadb.Collection:
        return self._client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": _GRAPH}
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn Chroma's errors into Magpie's errors."""
        try:
            yield
        except (ChromaError, httpx.HTTPError, sqlite3.Error, *BAD_VALUE) as error:
            raise self._failed(error) from error
        except BaseException as error:
            if type(error).__name__ != _PANIC:
                raise
            raise self._failed(error) from error

    def _failed(self, error: BaseException) -> StoreError | StorageError:
        """Return Magpie's error for one of Chroma's."""
        reason = " ".join(str(error).split())
        if any(sign in reason.casefold() for sign in _FULL):
            cure = "make room there, or use another folder"
            return StorageError(f"{self._place} cannot be written ({reason}): {cure}")
        cure = "if this goes on, build the index again with --rebuild"
        if self._folder is None:
            cure = "see that the server runs, and what MAGPIE_STORE says"
        return StoreError(f"Chroma failed at {self._place} ({reason}): {cure}")


def _client(place: Path | str, token: str) -> ClientAPI:
    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        return chromadb.PersistentClient(place, settings=settings)
    address = urlsplit(place)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise StoreError(
            f"{place} is not a Chroma server: give a URL such as http://localhost:8000"
        )
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 8000)
    headers = {"Authorization": f"Bearer {token}"} if token else None
    return chromadb.HttpClient(
        address.hostname, port, ssl=secure, headers=headers, settings=settings
    )


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _pages(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _metadata(entry: Entry) -> Metadata:
    """Return what is stored beside the vector: the record, and the entry's metadata."""
    return {**entry.metadata, _RECORD: entry.document}
