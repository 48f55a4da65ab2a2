"""Who is asked how often, who rests, and who does not answer.

Knows hosts by name, and time; knows no file. Used by several threads at once.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from time import monotonic

from retrieval.catalogue.web.limits import FetchLimits


class Hosts:
    """What a run has learnt of the hosts that it asks."""

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._turns: dict[str, BoundedSemaphore] = {}
        self._rests: dict[str, float] = {}  # until when
        self._silent: Counter[str] = Counter()  # addresses in a row, by host
        self._quiet: set[str] = set()  # hosts that were silent since the last one answered
        self._left: dict[str, str] = {}  # host that is not asked any more → why
        self._files: Counter[str] = Counter()  # that were left, by host
        self._offline = False

    @property
    def offline(self) -> bool:
        """Whether no host has answered for so long that none is asked any more."""
        return self._offline

    @property
    def quiet(self) -> tuple[str, ...]:
        """The hosts that did not answer since the last one did."""
        with self._lock:
            return tuple(sorted(self._quiet))

    def left(self, host: str) -> bool:
        """Tell whether a host is not asked any more in this run."""
        return self._offline or host in self._left

    def why(self, host: str) -> str:
        """Return why a host is not asked any more."""
        return self._left.get(host, "")

    def leave(self, host: str) -> None:
        """Count a file that is left, since its host is not asked any more."""
        with self._lock:
            self._files[host] += 1

    def left_files(self) -> dict[str, int]:
        """Return how many files were left, by host."""
        with self._lock:
            return dict(self._files)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until few enough others ask this host."""
        with self._lock:
            turns = self._turns.setdefault(host, BoundedSemaphore(self._limits.per_host))
        with turns:
            yield

    def rest(self, host: str, seconds: float) -> None:
        """Let everybody leave a host alone for some time."""
        with self._lock:
            self._rests[host] = max(self._rests.get(host, 0.0), monotonic() + seconds)

    def resting(self, host: str) -> float:
        """Return for how many seconds a host is still to be left alone."""
        return max(0.0, self._rests.get(host, 0.0) - monotonic())

    def answered(self, host: str) -> None:
        """Note that a host has answered, whatever it said."""
        with self._lock:
            self._silent.pop(host, None)
            self._quiet.clear()

    def silent(self, host: str, why: str) -> None:
        """Note that a host could not be reached for one more address."""
        with self._lock:
            self._silent[host] += 1
            self._quiet.add(host)
            if self._silent[host] >= self._limits.silent_addresses:
                self._left.setdefault(host, why)
            if len(self._quiet) >= self._limits.silent_hosts:
                self._offline = True
