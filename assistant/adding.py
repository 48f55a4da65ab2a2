"""A catalogue that is handed over on the page → an index, in a thread, with progress.

Knows where added files are kept, and which functions index them: those of `magpie index`; decides
nothing of what is read. One is added at a time. It can be stopped, and goes on where it stopped,
after a restart too: what was encoded is kept in the index's journal.
"""

import shutil
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from assistant.build import index_source, store_placement
from assistant.models import Step
from assistant.page.markup.troubles import RefusedError
from assistant.page.panels.adding_panel import Addition
from demo import demo_names
from retrieval.errors import MagpieError, StoppedError, StoreError
from retrieval.files import disk

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.settings import Settings
    from retrieval.index.index import OpenStore

_TOLD_FROM = 2.0  # seconds after which the time left can be estimated


class CatalogueAdder:
    """Adds catalogues for the page."""

    def __init__(
        self, settings: "Settings", lend: Callable[[], AbstractContextManager["Agent"]]
    ) -> None:
        """Look for one that was not finished; `lend` lends who has the encoders open."""
        self._settings, self._lend = settings, lend
        self._folder = settings.home / "added"
        self._changing, self._stopped = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._since = 0.0
        self.now: Addition | None = self._unfinished()

    @property
    def open_store(self) -> "OpenStore":
        """What opens the stores of all catalogues, wherever the settings keep them."""
        return store_placement(self._settings).open

    def add(self, given: Path, name: str) -> None:
        """Keep a file, and begin to index it.

        Raises: MagpieError when one is being added, the name is another catalogue's, or the file
        cannot be kept.
        """
        from retrieval.index.parcel import unpack_parcel

        with self._changing:
            self._refuse_while_busy()
            self._refuse_name(name)
            place = self._folder / name
            with disk(place):
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir(parents=True)
                if given.suffix.lower() != ".zip":
                    shutil.copyfile(given, place / f"{name}{given.suffix.lower()}")
            if given.suffix.lower() == ".zip":
                try:
                    unpack_parcel(given, place)
                except MagpieError:
                    shutil.rmtree(place, ignore_errors=True)
                    raise
            self._begin(name)

    def cancel(self) -> None:
        """Stop at the next row that is read; what is encoded is kept."""
        self._stopped.set()

    def resume(self) -> None:
        """Go on with what was stopped or failed."""
        with self._changing:
            if self.now is not None and self.now.doing in ("stopped", "failed"):
                self._begin(self.now.name)

    def close(self) -> None:
        """Stop, and wait until nothing is written any more."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _begin(self, name: str) -> None:
        self._stopped.clear()
        self.now, self._since = Addition(name, "indexing"), monotonic()
        self._thread = threading.Thread(target=self._run, args=(name,), name="adding", daemon=True)
        self._thread.start()

    def _run(self, name: str) -> None:
        """Index what is kept under a name."""
        begun = Addition(name, "indexing")
        try:
            source = _source(self._folder / name)
            self.now = begun = replace(begun, total=self._counted(source))
            settings = self._settings.model_copy(update={"catalogue": name})
            self._since = monotonic()
            with self._lend() as agent:
                report = index_source(source, settings, agent.encoders, self._told)
            self.now = Addition(name, "done", report.items, report.items)
        except StoppedError:
            self.now = replace(begun, doing="stopped")
        except MagpieError as error:
            self.now = replace(begun, doing="failed", trouble=error)

    def _counted(self, source: Path) -> int:
        """Count the items that will be read."""
        from retrieval.catalogue.reader import read_catalogue
        from retrieval.catalogue.rows import Row

        count = 0
        for found in read_catalogue(source):
            self._stop_if_asked()
            count += isinstance(found, Row)
        return count

    def _told(self, step: Step) -> None:
        """Keep how far it is; raise StoppedError when it is to stop."""
        self._stop_if_asked()
        if self.now is not None and step.doing == "indexing":
            done, passed = int(step.done), monotonic() - self._since
            known = passed >= _TOLD_FROM and 0 < done <= self.now.total
            left = passed * (self.now.total - done) / done if known else None
            self.now = replace(self.now, done=done, left=left)

    def _stop_if_asked(self) -> None:
        if self._stopped.is_set():
            raise StoppedError("it was stopped")

    def _refuse_while_busy(self) -> None:
        if self.now is not None and self.now.doing == "indexing":
            raise RefusedError("busy", name=self.now.name)

    def _refuse_name(self, name: str) -> None:
        """Raise MagpieError for a name that cannot be one, or is that of another catalogue."""
        from retrieval.index.manifest import index_folder

        there = index_folder(self._settings.indexes_folder, name).exists()
        if name in demo_names() or (there and not (self._folder / name).is_dir()):
            raise RefusedError("name_taken", name=name)

    def _unfinished(self) -> Addition | None:
        """Return one that was being added when Magpie ended."""
        from retrieval.index.manifest import index_folder, read_manifest

        with disk(self._folder):
            names = sorted(one.name for one in self._folder.glob("*/"))
        for name in names:
            try:
                read_manifest(index_folder(self._settings.indexes_folder, name))
            except StoreError:
                return Addition(name, "stopped")
            except MagpieError:  # no name of an index: somebody else put it there
                continue
        return None


def _source(place: Path) -> Path:
    """Return the table that is kept in a folder, or the folder itself."""
    from retrieval.catalogue.formats.opening import TABLE_SUFFIXES

    with suppress(OSError):
        tables = [one for one in place.rglob("*") if one.suffix.lower() in TABLE_SUFFIXES]
        return tables[0] if tables else place
    return place
