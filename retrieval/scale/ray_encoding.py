"""Encode the rows of a catalogue by workers of a Ray cluster, on this machine or on many.

◆ ray, of the extra [scale]. Knows batches and workers; knows no store. This process reads the
catalogue and writes the store and the journal, the workers open files, transcribe, embed and fuse.
A worker that dies is replaced and its batches are encoded again; when this process dies, the next
run goes on from the journal. Workers on other machines need the same Magpie, and the same folders.

Each worker has at most two batches before it, so reading waits for encoding, and encoding for the
store. Batches come back in the order of the catalogue: the index is the one that a single process
makes.
"""

import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.embed import Encoders
from retrieval.errors import MagpieError, MissingDependencyError, SettingsError, WorkerError
from retrieval.index.encoding import Changed, Encoded, encode_batch, open_row

THIS_MACHINE = "local"  # the address of a cluster that begins and ends with the run
_AHEAD = 2  # batches before each worker
_PATIENCE = 5.0  # seconds until a cluster must have taken a connection
_LIVES = 3  # deaths of a worker, and attempts at a batch, after which the run ends

OpenEncoders = Callable[[], Encoders]


class EncodingWorker:
    """What a worker does: it opens the encoders once, and encodes batches."""

    def __init__(self, open_encoders: OpenEncoders) -> None:
        """Open the encoders."""
        self._encoders = open_encoders()
        self._threads = ThreadPoolExecutor(_AHEAD, thread_name_prefix="open")

    def encode(self, batch: list[Changed], pictures: Path) -> list[Encoded]:
        """Return a batch's entries, in order; save pictures that are no files."""
        opened = self._threads.map(lambda row: open_row(row, pictures), batch)
        return encode_batch(list(opened), self._encoders)


@dataclass(frozen=True, slots=True)
class RayEncoding:
    """Encodes batches by workers."""

    address: str  # of the cluster, or THIS_MACHINE
    open_encoders: OpenEncoders  # called once in each worker
    workers: int = 0  # 0 is one for each GPU of the cluster, or for each processor if it has none

    def __call__(
        self, batches: Iterator[list[Changed]], pictures: Path
    ) -> Generator[list[Encoded], None, None]:
        """Yield each batch's entries, in order; save pictures that are no files.

        Raises:
            MissingDependencyError: Ray is not installed.
            WorkerError: the cluster cannot be reached, or its workers keep dying.
        """
        with _cluster(self.address) as ray:
            workers = _workers(ray, self.open_encoders, self.workers)
            under_way: deque[Any] = deque()
            for number, batch in enumerate(batches):
                if len(under_way) == _AHEAD * len(workers):
                    yield ray.get(under_way.popleft())
                worker = workers[number % len(workers)]
                under_way.append(worker.encode.remote(batch, pictures))
            while under_way:
                yield ray.get(under_way.popleft())


def _workers(ray: Any, open_encoders: OpenEncoders, wished: int) -> list[Any]:  # noqa: ANN401 -- Ray's module
    there = ray.cluster_resources()
    gpus = int(there.get("GPU", 0))
    count = wished or gpus or int(there.get("CPU", 1))
    needed = {"num_gpus": 1.0} if gpus else {"num_cpus": min(1.0, there.get("CPU", 1) / count)}
    kind = ray.remote(max_restarts=_LIVES, max_task_retries=_LIVES, **needed)(EncodingWorker)
    return [kind.remote(open_encoders) for _ in range(count)]


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Join a cluster, or begin one, and leave it at the end; Ray's errors become Magpie's."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would tell its makers
    try:
        import ray
    except ImportError as error:
        cure = "pip install -e '.[scale]' -c constraints.txt"
        raise MissingDependencyError(f"--ray needs Ray: {cure}") from error
    _check_reached(address)
    try:
        ray.init(
            address=None if address == THIS_MACHINE else address,
            include_dashboard=False if address == THIS_MACHINE else None,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
        yield ray
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, MagpieError):
            raise error.cause from error
        raise
    except ray.exceptions.RayError as error:
        reason = " ".join(str(error).split())[:300]
        cure = "what was encoded is kept; the same command goes on from there"
        raise WorkerError(f"the workers at {address} failed ({reason}): {cure}") from error
    finally:
        ray.shutdown()


def _check_reached(address: str) -> None:
    """Raise WorkerError where nothing listens: Ray would wait for minutes, and then exit."""
    if address == THIS_MACHINE:
        return
    host, _, port = address.rpartition(":")
    if not (host and port.isdecimal()):
        raise SettingsError(
            f"--ray {address}: write 'local', or HOST:PORT of the head of a cluster"
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except OSError as error:
        cure = "start one there with `ray start --head`, or say --ray local"
        raise WorkerError(f"no Ray cluster answers at {address} ({error}): {cure}") from error
