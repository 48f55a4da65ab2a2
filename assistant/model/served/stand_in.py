"""Another language model, for as long as the first one fails.

Knows two models by their protocol. Which one has answered last says the name, so every turn tells
it; a change is logged for whoever runs Magpie.
"""

import logging
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.model.protocol import Chat, LanguageModel
from retrieval.errors import LanguageModelError

_log = logging.getLogger(__name__)


class StandInModel:
    """The first of two language models that answers."""

    def __init__(self, first: LanguageModel, second: LanguageModel) -> None:
        """Begin with the first."""
        self._first, self._second = first, second
        self.name, self.quick = first.name, first.quick

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        """Cache the beginnings of future chats; raises as the first does."""
        yield from self._first.prepare(beginnings)

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces.

        Raises:
            LanguageModelError: both failed, or the first did when it had said something.
        """
        said = False
        try:
            for piece in self._first.stream(chat, max_tokens=max_tokens):
                self._answered_by(self._first.name)
                said = True
                yield piece
        except LanguageModelError as error:
            if said:
                raise
            self._stand_in(error)
            yield from self._second.stream(chat, max_tokens=max_tokens)

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        """Return log-probabilities (len(chats), len(choices)); raises when both failed."""
        try:
            scores = self._first.score(chats, choices)
        except LanguageModelError as error:
            self._stand_in(error)
            return self._second.score(chats, choices)
        self._answered_by(self._first.name)
        return scores

    def close(self) -> None:
        """Close both."""
        self._first.close()
        self._second.close()

    def _stand_in(self, error: LanguageModelError) -> None:
        self._answered_by(f"{self._second.name} (standing in for {self._first.name})", str(error))

    def _answered_by(self, name: str, reason: str = "it answers again") -> None:
        if name != self.name:
            _log.warning("language model: %s; %s", name, reason)
            self.name = name
