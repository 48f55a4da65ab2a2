"""A catalogue that is handed over on the page → an index, in a thread, with progress.

Knows which functions fetch, keep and index it: those of `magpie index`; decides nothing of what is
read. One is added at a time. It can be stopped, and goes on where it stopped,
after a restart too: what was fetched is kept, and what was encoded, in the index's journal.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from assistant.build import index_source, store_placement
from assistant.handed_over import HandedOver
from assistant.models import Step
from assistant.page.markup.troubles import RefusedError
from assistant.page.panels.adding_panel import Addition
from demo import demo_names
from retrieval.errors import MagpieError, StoppedError, StoreError

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.settings import Settings
    from retrieval.catalogue.web.feed import FeedDownload
    from retrieval.index.index import OpenStore

_TOLD_FROM = 2.0  # seconds after which the time left can be estimated


class CatalogueAdder:
    """Adds catalogues for the page."""

    def __init__(
        self, settings: "Settings", lend: Callable[[], AbstractContextManager["Agent"]]
    ) -> None:
        """Look for one that was not finished; `lend` lends who has the encoders open."""
        self._settings, self._lend = settings, lend
        self._kept = HandedOver(settings)
        self._download: FeedDownload | None = None
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
        with self._changing:
            self._refuse_while_busy()
            self._refuse_name(name)
            self._kept.keep(given, name)
            self._begin(name)

    def fetch(self, address: str, name: str) -> None:
        """Begin to fetch a catalogue from an address, and then to index it.

        Raises: MagpieError as `add` does, or when the address is none that may be asked.
        """
        with self._changing:
            self._refuse_while_busy()
            self._refuse_name(name)
            self._kept.note(address, name)
            self._begin(name)

    def cancel(self) -> None:
        """Stop at the next row that is read, or part that arrives; what is done is kept."""
        self._stopped.set()
        if (download := self._download) is not None:
            download.stop()

    def resume(self) -> None:
        """Go on with what was stopped or failed."""
        with self._changing:
            if self.now is not None and self.now.doing in ("stopped", "failed"):
                self._begin(self.now.name)

    def close(self) -> None:
        """Stop, and wait until nothing is written any more."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _begin(self, name: str) -> None:
        self._stopped.clear()
        self.now, self._since = Addition(name, "indexing"), monotonic()
        self._thread = threading.Thread(target=self._run, args=(name,), name="adding", daemon=True)
        self._thread.start()

    def _run(self, name: str) -> None:
        """Index what is kept under a name, once it has been fetched where it is on the web."""
        begun = Addition(name, "indexing")
        try:
            if self._kept.noted(name):
                self._fetch(name)
            source = self._kept.source(name)
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

    def _fetch(self, name: str) -> None:
        """Fetch a catalogue, and keep it."""
        fetching = self.now = Addition(name, "fetching")

        def arrived(done: int, total: int) -> None:
            self._stop_if_asked()
            self.now = replace(fetching, done=done, total=total, left=self._left(done, total))

        with closing(self._kept.download()) as self._download:
            try:
                self._stop_if_asked()
                self._kept.fetch(name, self._download, arrived)
            finally:
                self._download = None

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
            done = int(step.done)
            self.now = replace(self.now, done=done, left=self._left(done, self.now.total))

    def _left(self, done: int, total: int) -> float | None:
        """Return the seconds that the rest takes, None while nothing tells."""
        passed = monotonic() - self._since
        known = passed >= _TOLD_FROM and 0 < done <= total
        return passed * (total - done) / done if known else None

    def _stop_if_asked(self) -> None:
        if self._stopped.is_set():
            raise StoppedError("it was stopped")

    def _refuse_while_busy(self) -> None:
        if self.now is not None and self.now.running:
            raise RefusedError("busy", name=self.now.name)

    def _refuse_name(self, name: str) -> None:
        """Raise MagpieError for a name that cannot be one, or is that of another catalogue."""
        from retrieval.index.manifest import index_folder

        there = index_folder(self._settings.indexes_folder, name).exists()
        if name in demo_names() or (there and not self._kept.has(name)):
            raise RefusedError("name_taken", name=name)

    def _unfinished(self) -> Addition | None:
        """Return one that was being added when Magpie ended."""
        from retrieval.index.manifest import index_folder, read_manifest

        for name in self._kept.names():
            try:
                if self._kept.noted(name):
                    return Addition(name, "stopped")
                read_manifest(index_folder(self._settings.indexes_folder, name))
            except StoreError:
                return Addition(name, "stopped")
            except MagpieError:  # no name of an index: somebody else put it there
                continue
        return None
