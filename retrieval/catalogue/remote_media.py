"""Fetch the files on the web that a catalogue names, some products ahead of who reads them.

Knows products in the order in which they are read, and the threads that fetch; knows no HTTP. Only
a window of products is held, however long the catalogue is. What cannot be had is a problem with
its row, and the item stays; hosts that do not answer are told once, at the end.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.products import ProductLines
from retrieval.catalogue.remote_files import AskedFile, asked_files, with_files
from retrieval.catalogue.web.address import read_target
from retrieval.catalogue.web.cache import MediaCache
from retrieval.catalogue.web.connections import Resolve, Web, resolve_host
from retrieval.catalogue.web.download import Desk, fetch_file
from retrieval.catalogue.web.hosts import Hosts
from retrieval.catalogue.web.limits import FetchLimits
from retrieval.errors import MediaError, UnreachableError

ReportFiles = Callable[[int, int], None]  # files fetched or given up, files met so far

_AHEAD = 256  # products
_REMEMBERED = 8192  # files of which it is known in this run what became of them
_LOOK = 0.25  # seconds between two reports while a file is waited for

_Parcel = tuple[ProductLines | Problem, dict[AskedFile, "Future[Path | str]"]]


class RemoteMedia:
    """Fetches the files of one catalogue; as a context, it ends its threads."""

    def __init__(
        self,
        folder: Path,
        limits: FetchLimits | None = None,
        *,
        refetch: bool = False,
        report: ReportFiles = lambda done, met: None,
        resolve: Resolve = resolve_host,
    ) -> None:
        """Fetch into `folder`; with `refetch`, also what is there already."""
        limits = limits or FetchLimits()
        self._web = Web(limits, resolve)
        self._hosts = Hosts(limits)
        self._desk = Desk(MediaCache(folder), self._web, self._hosts, limits, refetch)
        self._threads = ThreadPoolExecutor(limits.at_once, thread_name_prefix="fetch")
        self._report = report
        self._known: OrderedDict[AskedFile, Future[Path | str]] = OrderedDict()
        self._running: set[Future[Path | str]] = set()
        self._met = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is being fetched; what has arrived of it is continued by the next run."""
        self._web.stop()
        self._threads.shutdown(cancel_futures=True)
        self._web.close()

    def fetched(self, found: Iterable[ProductLines | Problem]) -> Iterator[ProductLines | Problem]:
        """Yield products with their files on this machine, in order, and what is wrong with them.

        Raises: StorageError when the disk is full or not writable.
        """
        parcels: deque[_Parcel] = deque()
        for one in found:
            asked = asked_files(one) if isinstance(one, ProductLines) else ()
            parcels.append((one, {file: self._ask(file) for file in asked}))
            while parcels and (len(parcels) > _AHEAD or _whole(parcels[0])):
                yield from self._opened(parcels.popleft())
        while parcels:
            yield from self._opened(parcels.popleft())
        yield from self._summary()

    def _ask(self, asked: AskedFile) -> "Future[Path | str]":
        """Return what becomes of a file: at once if it is here, later if it has to be fetched."""
        if asked in self._known:
            self._known.move_to_end(asked)
            return self._known[asked]
        remote, kind = asked
        here = None if self._desk.refetch else self._desk.cache.find(remote.address, kind)
        if here:
            future = Future[Path | str]()
            future.set_result(here)
            return future
        self._met += 1
        future = self._threads.submit(self._fetch, asked)
        self._running.add(future)
        self._known[asked] = future
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return future

    def _fetch(self, asked: AskedFile) -> Path | str:
        """Return a file's path, or what is wrong with it; "" where its host is told at the end."""
        remote, kind = asked
        host = ""
        try:
            host = read_target(remote.address).host
            return fetch_file(remote, kind, self._desk)
        except UnreachableError as error:
            if not self._hosts.left(host):
                self._hosts.silent(host, str(error))
                return self._before(asked) or str(error)
            self._hosts.leave(host)
            return self._before(asked) or ""
        except MediaError as error:
            return self._before(asked) or str(error)

    def _before(self, asked: AskedFile) -> Path | None:
        """Return what an earlier run fetched: a refetch that fails loses nothing."""
        remote, kind = asked
        return self._desk.cache.find(remote.address, kind)

    def _opened(self, parcel: _Parcel) -> Iterator[ProductLines | Problem]:
        """Wait for the files of a product, and yield it with them."""
        one, futures = parcel
        pending = set(futures.values())
        while pending:
            _, pending = wait(pending, timeout=_LOOK)
            if pending:
                self._count()
        if not isinstance(one, ProductLines) or not futures:
            yield one
            return
        self._count()
        problems, product = with_files(one, {file: at.result() for file, at in futures.items()})
        yield from problems
        yield product

    def _count(self) -> None:
        """Report how many files are done, if any had to be fetched."""
        self._running = {one for one in self._running if not one.done()}
        if self._met:
            self._report(self._met - len(self._running), self._met)

    def _summary(self) -> Iterator[Problem]:
        """Yield what is to be said of the hosts that were left, once."""
        kept = "their items are indexed without them, and the next run fetches them"
        left = self._hosts.left_files()
        if self._hosts.offline and left:
            quiet, files = ", ".join(self._hosts.quiet[:3]), sum(left.values())
            reason = f"no host can be reached ({quiet}): this machine seems to be offline"
            yield Problem(0, "network", f"{reason}; {files:,} more files are left: {kept}")
            return
        for host, files in sorted(left.items()):
            reason = f"{host}: {files:,} more files are left, since it {self._hosts.why(host)}"
            yield Problem(0, "network", f"{reason}; {kept}")


def _whole(parcel: _Parcel) -> bool:
    return all(future.done() for future in parcel[1].values())
