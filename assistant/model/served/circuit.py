"""Stop asking what has failed several times in a row, so that nobody waits for it in vain.

Knows a clock; knows no server. Nygard, "Release It!", 2007, calls it a circuit breaker.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from retrieval.errors import LanguageModelError


class Circuit:
    """Lets calls through, after some failures in a row only one in each `rest` seconds."""

    def __init__(
        self, name: str, *, failures: int, rest: float, clock: Callable[[], float] = monotonic
    ) -> None:
        """Begin with no failure; `name` is what is called."""
        self._name, self._allowed, self._rest, self._clock = name, failures, rest, clock
        self._failures, self._next = 0, 0.0
        self._lock = threading.Lock()

    @contextmanager
    def call(self) -> Iterator[None]:
        """Call in the `with` block.

        Raises:
            LanguageModelError: the call has failed, or it is not tried again yet.
        """
        self._admit()
        try:
            yield
        except LanguageModelError:
            self._count_failure()
            raise
        self._failures = 0

    def _admit(self) -> None:
        with self._lock:
            if self._failures < self._allowed:
                return
            if (left := self._next - self._clock()) > 0:
                problem = f"{self._name} has failed {self._failures} times in a row"
                raise LanguageModelError(f"{problem}: it is tried again in {left:.0f} s")
            self._next = self._clock() + self._rest  # this one tries; others wait for its result

    def _count_failure(self) -> None:
        with self._lock:
            self._failures += 1
            self._next = self._clock() + self._rest
