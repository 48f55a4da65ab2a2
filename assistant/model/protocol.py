"""What the assistant asks of a language model: three abilities, and a way to prepare for them.

Knows messages and promises; imports no heavy library. `quantised_model.py` keeps the promises
with real weights, `tests/fakes.py` with a script.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt. Its content is data: control tokens in it are neutralised."""

    role: Literal["system", "user", "assistant"]
    content: str


Chat = Sequence[Message]
Schema = TypeVar("Schema", bound=BaseModel)


class LanguageModel(Protocol):
    """A local chat model.

    A chat that ends with a message of the assistant's is a reply already begun: the model goes on
    from its last word.
    """

    name: str  # which weights, and how they are quantised
    quick: bool  # reads hundreds of tokens in a few seconds, as reordering asks

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        """Read what chats to come begin with, a piece at a time, until the first reply is wanted.

        Raises:
            LanguageModelError: the model failed.

        """
        ...

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces as it is written, greedily.

        Raises:
            LanguageModelError: the model failed; what was yielded so far stands.

        """
        ...

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        """Return log-probabilities (len(chats), len(choices)), normalised over the choices.

        Each choice is judged by its first token. What all chats share at their beginning is
        computed once.

        Raises:
            LanguageModelError: the model failed.

        """
        ...

    def fill(self, chat: Chat, schema: type[Schema], *, max_tokens: int) -> Schema:
        """Return an object of `schema`; the grammar makes any other reply impossible.

        Raises:
            LanguageModelError: the model failed, or ran out of tokens before the object closed.

        """
        ...

    def close(self) -> None:
        """Wait for the step that is being computed, and let no other begin."""
        ...
