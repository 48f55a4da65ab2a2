"""What a server tells of its turns to who watches over it: counts and times, and no word of any.

◆ prometheus_client. Knows how turns end; knows no protocol but that of Prometheus.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from assistant.events import Done
from retrieval.errors import InputError, StoppedError

METRICS_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # edges of a stage's times


@dataclass(slots=True)
class TurnCount:
    """How one turn ends, as far as that is known."""

    end: str = "failed"  # unless something else is known
    done: bool = False


class TurnMetrics:
    """Counts turns, and how long their stages take."""

    def __init__(self) -> None:
        """Begin with none; each server has counts of its own."""
        self._all = CollectorRegistry()
        ProcessCollector(registry=self._all)
        self._turns = Counter(
            "magpie_turns", "Turns, by how they ended.", ["end"], registry=self._all
        )
        self._running = Gauge(
            "magpie_turns_running", "Turns that run, or wait to.", registry=self._all
        )
        self._stages = Histogram(
            "magpie_stage_seconds",
            "Seconds of a turn's stages, and from its start to its moments.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._all,
        )

    @contextmanager
    def turn(self) -> Iterator[TurnCount]:
        """Count the turn in the `with` block, however it ends."""
        count = TurnCount()
        self._running.inc()
        try:
            yield count
        except InputError:
            count.end = "refused"
            raise
        except (GeneratorExit, asyncio.CancelledError, StoppedError):  # who asked is gone
            count.end = count.end if count.done else "left"
            raise
        finally:
            self._running.dec()
            self._turns.labels(count.end).inc()

    def answered(self, count: TurnCount, done: Done) -> None:
        """Take note that a turn was answered, and of its times."""
        count.done, count.end = True, "degraded" if done.degraded else "answered"
        for stage, milliseconds in done.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def text(self) -> bytes:
        """Return all counts as Prometheus reads them."""
        return generate_latest(self._all)
