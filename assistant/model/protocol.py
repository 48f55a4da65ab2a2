"""The interface of a language model: stream text, score choices, and prepare.

Knows messages and the protocol; imports no heavy library. `quantised_model.py` implements the
protocol with real weights, `tests/fakes.py` with scripted replies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt. Its content is data: control tokens in it are neutralised."""

    role: Literal["system", "user", "assistant"]
    content: str


Chat = Sequence[Message]


class LanguageModel(Protocol):
    """A local chat model.

    If a chat ends with a message of the assistant, the model continues that message.
    """

    name: str  # which weights, and how they are quantised
    quick: bool  # processes hundreds of tokens in a few seconds, as reranking needs

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        """Cache the beginnings of future chats, a piece at a time, until the first reply starts.

        Raises:
            LanguageModelError: the model failed.

        """
        ...

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces as it is generated, by greedy decoding.

        Raises:
            LanguageModelError: the model failed; the text yielded so far stays valid.

        """
        ...

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        """Return log-probabilities (len(chats), len(choices)), normalised over the choices.

        Each choice is scored by its first token. The prefix that all chats share is computed once.

        Raises:
            LanguageModelError: the model failed.

        """
        ...

    def close(self) -> None:
        """Wait for the running forward pass, and allow no further one."""
        ...
