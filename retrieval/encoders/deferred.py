"""Open a model when it is first needed, and only once.

Knows when, not how: what opens it is passed in. An error of opening reaches whoever needed the
model, and the next who needs it tries again.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from retrieval.protocols import HasSound, SpeechExpected, Transcriber, Transcript

_Opened = TypeVar("_Opened")


class Deferred(Generic[_Opened]):
    """Something that is opened by the first thread that needs it; others wait for it."""

    def __init__(self, opening: Callable[[], _Opened]) -> None:
        """Keep what opens it."""
        self._opening, self._opened = opening, list[_Opened]()
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether it has been opened."""
        return bool(self._opened)

    def get(self) -> _Opened:
        """Return what is opened; raises what opening it raises."""
        with self._lock:
            if not self._opened:
                self._opened.append(self._opening())
            return self._opened[0]


class DeferredTranscriber:
    """A transcriber whose name is known before its model is opened, or even fetched."""

    def __init__(self, name: str, opening: Callable[[], Transcriber]) -> None:
        """Keep what opens it; `name` must be that of the transcriber which it opens."""
        self.name, self._deferred = name, Deferred(opening)

    def transcribe(self, recording: HasSound, expected: SpeechExpected | None = None) -> Transcript:
        """Return what is said, and with `expected` what else may be said.

        Raises:
            RecordingError: the file cannot be used.
            ModelError: the model is missing or damaged.
        """
        return self.open().transcribe(recording, expected)

    def open(self) -> Transcriber:
        """Return the transcriber, opened now if it was not yet."""
        return self._deferred.get()
