"""What a run has encoded so far, batch by batch, so that the next run need not encode it again.

Knows entries and the disk; knows no store. A run that is killed leaves its store in no known state,
so the next one starts from the last finished store and takes the encoded entries from here. Each
batch is a file that is written whole or not at all.
"""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from retrieval.errors import BAD_VALUE, StoreError
from retrieval.files import disk, write_whole
from retrieval.index.manifest import UNFINISHED, Manifest, read_manifest, write_manifest
from retrieval.protocols import Entry

_AFRESH = "afresh"


class Journal:
    """The entries that an unfinished run has encoded."""

    def __init__(self, index: Path) -> None:
        """Find what an earlier run has left in an index's folder."""
        self._folder = index / UNFINISHED

    @property
    def manifest(self) -> Manifest | None:
        """What the interrupted run was building with; None when none was interrupted."""
        try:
            return read_manifest(self._folder)
        except StoreError:
            return None

    @property
    def afresh(self) -> bool:
        """Tell whether the interrupted run began with nothing: a first one, or a rebuild."""
        return (self._folder / _AFRESH).exists()

    def begin(self, manifest: Manifest, *, afresh: bool) -> None:
        """Note what the entries to come are encoded with; those that are here stay."""
        with disk(self._folder):
            self._folder.mkdir(exist_ok=True)
            if afresh:
                (self._folder / _AFRESH).touch()
        write_manifest(self._folder, manifest)

    def keep(self, entries: Sequence[Entry]) -> None:
        """Keep a batch; raise StorageError when the disk is full or not writable."""
        if not entries:
            return
        told = [(entry.id, entry.document, dict(entry.metadata)) for entry in entries]
        content = io.BytesIO()
        np.savez(
            content,
            vectors=np.stack([entry.vector for entry in entries]),
            told=np.frombuffer(json.dumps(told).encode(), dtype=np.uint8),
        )
        number = len(self._files()) + 1
        write_whole(self._folder / f"{number:07}.npz", content.getvalue())

    def batches(self) -> Iterator[list[Entry]]:
        """Yield the kept batches in order; one that cannot be read is left out."""
        for path in self._files():
            try:
                with np.load(io.BytesIO(path.read_bytes())) as kept:
                    vectors, told = kept["vectors"], json.loads(kept["told"].tobytes())
            except (zipfile.BadZipFile, *BAD_VALUE):
                continue  # after a power cut: its items are encoded again
            rows = zip(told, vectors, strict=True)
            yield [Entry(id_, vector, record, known) for (id_, record, known), vector in rows]

    def close(self) -> None:
        """Leave nothing behind where nothing was kept."""
        if not self._files():
            self.discard()

    def discard(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.npz"))
