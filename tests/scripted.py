"""A language model that follows a script: no weights, real logic."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.model.protocol import Chat, Message, Schema
from retrieval.errors import LanguageModelError


class ScriptedModel:
    """A language model with a queue of replies and a history of chats.

    `score` judges by words that the product shares with the request, so that a reranking test can
    say beforehand what must come first; `fill` takes the next reply as JSON.
    """

    name = "scripted"

    def __init__(self, *replies: str, broken: bool = False, quick: bool = True) -> None:
        self.quick = quick
        self.replies = list(replies)
        self.broken = broken
        self.chats: list[Chat] = []
        self.prepared: list[Message] = []
        self.closed = False

    def _next(self, chat: Chat) -> str:
        self.chats.append(chat)
        if self.broken or not self.replies:
            raise LanguageModelError("the script has ended")
        return self.replies.pop(0)

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        if self.broken:
            raise LanguageModelError("the script has ended")
        for beginning in beginnings:
            self.prepared += beginning
            yield

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        yield from re.findall(r"\s*\S+\s*", self._next(chat))[:max_tokens]

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        if self.broken:
            raise LanguageModelError("the script has ended")
        self.chats += chats
        rows = []
        for chat in chats:
            request, _, product = chat[-1].content.partition("</request>")
            shared = set(re.findall(r"\w+", request.lower())) & set(
                re.findall(r"\w+", product.lower())
            )
            rows.append([len(shared) - 20.0, -float(len(shared))])
        return np.array(rows, dtype=np.float32)

    def fill(self, chat: Chat, schema: type[Schema], *, max_tokens: int) -> Schema:
        reply = self._next(chat)
        try:
            return schema.model_validate_json(reply)
        except ValueError as error:  # as the real model tells it
            raise LanguageModelError(f"{schema.__name__} came out invalid: {reply!r}") from error

    def close(self) -> None:
        self.closed = True
