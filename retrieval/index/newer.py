"""An open index, and the next one as soon as another process has finished it.

Knows the manifest and how the index was opened; knows nothing of who uses it.
"""

from collections.abc import Callable
from pathlib import Path

from retrieval.errors import IndexMissingError
from retrieval.index.index import Index
from retrieval.index.manifest import manifest_stamp, read_manifest


class IndexWatch:
    """Tells whether there is a newer generation of an index, and opens it."""

    def __init__(self, folder: Path, generation: str, reopen: Callable[[], Index]) -> None:
        """Watch an index that is open at this generation."""
        self._folder, self._reopen = folder, reopen
        self._generation = generation
        self._stamp = (0, 0, 0)

    def newer(self) -> Index | None:
        """Return the newer index, None when there is none: then it costs one look at a file.

        An index that was removed has none.

        Raises: StoreError when it cannot be opened; that is not tried again until it changes.
        """
        stamp = manifest_stamp(self._folder)
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            if read_manifest(self._folder).generation == self._generation:
                return None
        except IndexMissingError:
            return None
        index = self._reopen()
        self._generation = index.generation
        return index
