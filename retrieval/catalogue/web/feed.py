"""The address of a whole catalogue, a shop's feed → its file in the cache.

Knows one download that can be watched and stopped; knows no row. A feed changes under its address,
so it is asked for anew each time; what an interrupted download has is continued.
"""

from pathlib import Path

from retrieval.catalogue.web.address import RemoteFile
from retrieval.catalogue.web.cache import MediaCache
from retrieval.catalogue.web.connections import Resolve, Web, resolve_host
from retrieval.catalogue.web.download import Arrived, Desk, fetch_file
from retrieval.catalogue.web.hosts import Hosts
from retrieval.catalogue.web.limits import FetchLimits
from retrieval.errors import CatalogueError, MediaError, StoppedError

_WEB = ("http://", "https://")


def is_feed(source: Path | str) -> bool:
    """Tell whether a source is an address on the web."""
    return isinstance(source, str) and source.strip().casefold().startswith(_WEB)


class FeedDownload:
    """One feed that is fetched, until it is closed."""

    def __init__(
        self, folder: Path, limits: FetchLimits | None = None, resolve: Resolve = resolve_host
    ) -> None:
        """Fetch into `folder`."""
        self._limits = limits or FetchLimits()
        self._cache, self._web = MediaCache(folder), Web(self._limits, resolve)

    def fetch(self, address: str, arrived: Arrived = lambda done, total: None) -> Path:
        """Return the file; `arrived` is told how much of it is here.

        Raises:
            CatalogueError: it cannot be had, or is no feed; the message says why.
            StoppedError: `stop` was called.
            StorageError: the disk is full or not writable.
        """
        address = address.strip()
        desk = Desk(
            self._cache, self._web, Hosts(self._limits), self._limits, refetch=True, arrived=arrived
        )
        try:
            return fetch_file(RemoteFile(address), "feed", desk)
        except MediaError as error:
            if self._web.stopped:
                raise StoppedError("it was stopped") from error
            raise CatalogueError(f"{address[:200]} {error}") from error

    def stop(self) -> None:
        """End it, from another thread; what has arrived is continued the next time."""
        self._web.stop()

    def close(self) -> None:
        """Close its connections."""
        self._web.close()
