"""A language model that is opened when a turn first needs it.

Knows the protocol; what opens the model is passed in. Most turns are read and answered by code, so
a single question often needs no model at all, and gets its items before one is loaded.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.model.protocol import Chat, LanguageModel
from retrieval.encoders.deferred import Deferred
from retrieval.errors import LanguageModelError, ModelError, StorageError


class DeferredModel:
    """The LanguageModel protocol over a model that may not be open yet."""

    def __init__(self, name: str, opening: Callable[[], LanguageModel], *, quick: bool) -> None:
        """Keep what opens it; `name` and `quick` must be those of the model which it opens."""
        self.name, self.quick = name, quick
        self._deferred = Deferred(opening)

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        """Open the model, and cache the beginnings of future chats; raises as the others."""
        yield from self._open().prepare(beginnings)

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces; raises LanguageModelError, also when it cannot be opened."""
        yield from self._open().stream(chat, max_tokens=max_tokens)

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        """Return log-probabilities (len(chats), len(choices)); raises as `stream`."""
        return self._open().score(chats, choices)

    def close(self) -> None:
        """Close the model if it is open."""
        if self._deferred.is_open:
            self._deferred.get().close()

    def _open(self) -> LanguageModel:
        """Return the model; that it cannot be opened is a failure of this turn like any other."""
        try:
            return self._deferred.get()
        except (ModelError, StorageError) as error:
            raise LanguageModelError(f"{self.name} cannot be opened: {error}") from error
