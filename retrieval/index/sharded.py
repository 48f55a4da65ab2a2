"""One store made of several: each entry is kept by the shard that its id says.

Knows stores by their protocol; knows neither Chroma nor where they are. Each shard is asked for as
many of the nearest as the whole is, so the nearest of the whole are among what they tell.
"""

import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from retrieval.protocols import Entry, Vector, VectorStore

_PAGE = 2000  # entries that are copied at once

_Row = TypeVar("_Row", Entry, str)
_Result = TypeVar("_Result")


class ShardedStore:
    """Stores that are one."""

    def __init__(
        self, shards: Sequence[VectorStore], open_copy: Callable[[Path], VectorStore]
    ) -> None:
        """Be the store of these shards; `open_copy` opens what a copy is written to."""
        self._shards, self._open_copy = tuple(shards), open_copy
        self._threads = ThreadPoolExecutor(len(self._shards), thread_name_prefix="shard")

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Add entries, or replace those of the same id."""
        self._each(lambda shard, own: shard.upsert(own), entries)

    def update(self, entries: Sequence[Entry]) -> None:
        """Replace the records and metadata of entries; their stored vectors stay."""
        self._each(lambda shard, own: shard.update(own), entries)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove entries; ids that are not there are ignored."""
        self._each(lambda shard, own: shard.delete(own), ids)

    def nearest(
        self, vector: Vector, *, limit: int, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return ids with their inner product with `vector`, the highest first, from all shards."""
        admitted = [None] * len(self._shards) if among is None else self._parted(among)
        asked = [
            self._threads.submit(shard.nearest, vector, limit=limit, among=ids)
            for shard, ids in zip(self._shards, admitted, strict=True)
        ]
        found = [pair for one in asked for pair in one.result().items()]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit])

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Return the stored vectors of these ids."""
        found = self._each(lambda shard, own: shard.vectors(own), ids)
        return {id_: vector for one in found for id_, vector in one.items()}

    def entries(self) -> list[Entry]:
        """Return every entry, shard by shard, with an empty vector."""
        return [entry for shard in self._shards for entry in shard.entries()]

    def clear(self) -> None:
        """Remove every entry; afterwards vectors of another length can be stored."""
        for shard in self._shards:
            shard.clear()

    def copy_to(self, place: Path) -> None:
        """Copy every entry, page by page, to the store that is opened at another place."""
        with closing(self._open_copy(place)) as copy:
            entries = self.entries()
            for start in range(0, len(entries), _PAGE):
                page = entries[start : start + _PAGE]
                vectors = self.vectors([entry.id for entry in page])
                copy.upsert([replace(entry, vector=vectors[entry.id]) for entry in page])

    def close(self) -> None:
        """Close every shard."""
        self._threads.shutdown()
        for shard in self._shards:
            shard.close()

    def _each(
        self, deed: Callable[[VectorStore, list[_Row]], _Result], rows: Sequence[_Row]
    ) -> list[_Result]:
        """Do something in every shard with the rows that are its own, side by side."""
        parts = zip(self._shards, self._parted(rows), strict=True)
        doing = [self._threads.submit(deed, shard, own) for shard, own in parts if own]
        return [one.result() for one in doing]

    def _parted(self, rows: Iterable[_Row]) -> list[list[_Row]]:
        """Return the rows of each shard, in order."""
        parts: list[list[_Row]] = [[] for _ in self._shards]
        for row in rows:
            id_ = row if isinstance(row, str) else row.id
            parts[zlib.crc32(id_.encode()) % len(parts)].append(row)
        return parts
