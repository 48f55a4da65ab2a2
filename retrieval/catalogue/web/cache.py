"""Where fetched files lie, and the begun ones that can be continued.

Knows a folder; knows no network. A file is named by the SHA-256 of its address and by what it was
recognised as, never by what an address says. It appears when it is whole; until then it lies beside
its place as `.part`, with what the server calls this version of it. The folder may be deleted at
any time: the next run fetches what is missing.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.catalogue.web.limits import Kind
from retrieval.catalogue.web.signatures import SUFFIXES
from retrieval.errors import MediaError
from retrieval.files import disk, write_whole


@dataclass(frozen=True, slots=True)
class Half:
    """A file that is arriving."""

    base: Path  # its place, without a suffix

    @property
    def part(self) -> Path:
        """The bytes that are here."""
        return self.base.with_suffix(".part")

    @property
    def size(self) -> int:
        """How many bytes are here."""
        try:
            return self.part.stat().st_size
        except OSError:
            return 0

    @property
    def version(self) -> str:
        """What the server calls this version of the file: an ETag or a date, "" if nothing."""
        try:
            said = json.loads(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            return ""
        version = said.get("version") if isinstance(said, dict) else None
        return version if isinstance(version, str) else ""

    @property
    def _note(self) -> Path:
        return self.base.with_suffix(".part.json")

    def begin(self, version: str) -> None:
        """Forget the bytes that are here and note the version of those that come."""
        with disk(self.part):
            self.part.write_bytes(b"")
        write_whole(self._note, json.dumps({"version": version}).encode())

    def drop(self) -> None:
        """Delete it."""
        with disk(self.part):
            self.part.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)

    def finish(self, suffix: str) -> Path:
        """Move it to its place, unless the same bytes are there; return the place."""
        whole = self.base.with_suffix(suffix)
        with disk(whole):
            if not (whole.is_file() and cmp(whole, self.part, shallow=False)):
                self.part.replace(whole)
        self.drop()
        self.base.with_suffix(".lock").unlink(missing_ok=True)  # who waited for it finds the file
        return whole


@dataclass(frozen=True, slots=True)
class MediaCache:
    """A folder of fetched files."""

    folder: Path

    def find(self, address: str, kind: Kind) -> Path | None:
        """Return the file of an address, None when it is not here."""
        base = self._base(address)
        places = (base.with_suffix(suffix) for suffix in SUFFIXES[kind])
        return next((place for place in places if place.is_file()), None)

    @contextmanager
    def arriving(self, address: str, *, patience: float) -> Iterator[Half]:
        """Hold an address, so that no other process writes its file.

        Raises: MediaError when another holds it for longer than `patience` seconds.
        """
        base = self._base(address)
        with disk(base.parent):
            base.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(base.with_suffix(".lock"), timeout=patience)
            try:
                lock.acquire()
            except Timeout as error:
                problem = "is being fetched by another process"
                raise MediaError(f"{problem}: the next run finds it") from error
        try:
            yield Half(base)
        finally:
            lock.release()

    def _base(self, address: str) -> Path:
        name = hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()[:40]
        return (self.folder / name[:2] / name).absolute()
