"""Whose turn it is at the language model: first come, first served; who gave up leaves the line.

Knows threads; knows no token and no weights. A turn runs in one thread and holds a ticket there,
by which others see how many are before it, and can stop it in the middle of a computation.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from retrieval.errors import StoppedError

_LOOK = 0.1  # seconds after which who waits looks whether it was stopped


@dataclass(eq=False)
class Ticket:
    """A turn's place at the language model."""

    ahead: int = 0  # callers that the model serves first, while this one waits
    _stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def stopped(self) -> bool:
        """Tell whether the turn is to end."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Let the turn end at its next step; the model computes nothing more for it."""
        self._stopped.set()


_HELD: ContextVar[Ticket | None] = ContextVar("ticket", default=None)


@contextmanager
def holding(ticket: Ticket) -> Iterator[None]:
    """Let this thread compute for a ticket."""
    before = _HELD.set(ticket)
    try:
        yield
    finally:
        _HELD.reset(before)


def heed_stop() -> None:
    """Go on only if nobody has stopped what this thread computes.

    Raises:
        StoppedError: somebody has.
    """
    ticket = _HELD.get()
    if ticket is not None and ticket.stopped:
        raise StoppedError("stopped")


class ModelQueue:
    """A line of callers, of which the first computes."""

    def __init__(self) -> None:
        """Begin with nobody in line."""
        self._line: list[Ticket] = []
        self._moved = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in line, compute in the `with` block, and let the next one compute.

        Raises:
            StoppedError: the caller was stopped while it waited.
        """
        shown, place = _HELD.get() or Ticket(), Ticket()
        with self._moved:
            self._line.append(place)
        try:
            self._wait(place, shown)
            yield
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def _wait(self, place: Ticket, shown: Ticket) -> None:
        """Wait until a place is the first, and keep its number up to date on a ticket."""
        try:
            with self._moved:
                while ahead := self._line.index(place):
                    shown.ahead = ahead
                    heed_stop()
                    self._moved.wait(_LOOK)
        finally:
            shown.ahead = 0
