"""The language model's protocol over a server: stream text, score choices, and prepare.

Knows what OpenAI's chat completions take and give; knows no HTTP. Decoding is greedy. A score is
read from the log-probabilities of the first token of an answer, of which servers tell the twenty
likeliest. The server keeps the beginnings of chats by itself (vLLM's and llama.cpp's prefix cache).

It is the server that turns a chat into tokens, so what is sent must hold no markup of chats:
`prompt.Prompt.fill` has taken it out.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.model.model_queue import heed_stop
from assistant.model.protocol import Chat
from assistant.model.served.circuit import Circuit
from assistant.model.served.model_server import ModelServer, ServerAnswer
from retrieval.errors import BAD_VALUE, LanguageModelError

_AT_ONCE = 8  # chats that are scored side by side
_TOLD = 20  # tokens whose log-probabilities a server tells; OpenAI and vLLM allow no more
_FAILURES, _REST = 3, 15.0  # failed calls after which it is left alone, for so many seconds
_CHAT = "/chat/completions"


class ServedModel:
    """A chat model on a server."""

    quick = True  # a server that is not is told so by MAGPIE_RERANK=false

    def __init__(self, server: ModelServer) -> None:
        """Ask a server; it need not run yet."""
        self._server = server
        self.name = f"{server.model or 'the model'} at {server.place}"
        self._circuit = Circuit(self.name, failures=_FAILURES, rest=_REST)

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        """Let the server read the beginnings of future chats, so that it keeps them.

        Raises:
            LanguageModelError: the server failed.
        """
        for beginning in beginnings:
            self._answer(beginning, max_tokens=1)
            yield

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces as it is generated; closing the iterator stops the server.

        Raises:
            LanguageModelError: the server failed; the text yielded so far stays valid.
        """
        with self._circuit.call():
            body = {**self._body(chat, max_tokens), "stream": True}
            for event in self._server.stream(_CHAT, body):
                heed_stop()
                yield from _pieces(event)

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        """Return log-probabilities (len(chats), len(choices)), normalised over the choices.

        A choice that is not among the likeliest tokens counts as the least likely of these.

        Raises:
            LanguageModelError: the server failed, or tells no log-probabilities.
        """
        scores = np.zeros((len(chats), len(choices)), dtype=np.float32)
        pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="score")
        try:
            asked = [pool.submit(self._score, chat, choices) for chat in chats]
            for row, waiting in zip(scores, asked, strict=True):
                heed_stop()
                row[:] = waiting.result()
        finally:
            pool.shutdown(cancel_futures=True)
        return scores

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def _score(self, chat: Chat, choices: Sequence[str]) -> NDArray[np.float32]:
        answer = self._answer(chat, max_tokens=1, logprobs=True, top_logprobs=_TOLD)
        return _choice_scores(_likeliest(answer), choices)

    def _answer(self, chat: Chat, *, max_tokens: int, **options: object) -> ServerAnswer:
        with self._circuit.call():
            return self._server.answer(_CHAT, {**self._body(chat, max_tokens), **options})

    def _body(self, chat: Chat, max_tokens: int) -> dict[str, Any]:
        told = [{"role": message.role, "content": message.content} for message in chat]
        body = {"model": self._served, "messages": told, "max_tokens": max_tokens, "temperature": 0}
        if chat and chat[-1].role == "assistant":  # vLLM asks for it; llama.cpp does so anyway
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        return body

    @cached_property
    def _served(self) -> str:
        """What the server calls the model: the address says, or it is the server's first."""
        if self._server.model:
            return self._server.model
        try:
            return str(self._server.answer("/models")["data"][0]["id"])
        except BAD_VALUE as error:
            raise LanguageModelError(f"{self._server.place} serves no model") from error


def _pieces(event: ServerAnswer) -> Iterator[str]:
    """Yield the text of an event of a stream; one without text has none."""
    try:
        if piece := event["choices"][0]["delta"].get("content") if event["choices"] else "":
            yield str(piece)
    except BAD_VALUE as error:
        raise LanguageModelError(f"the server breaks off: {str(event)[:200]}") from error


def _likeliest(answer: ServerAnswer) -> list[tuple[str, float]]:
    """Return the tokens with which an answer may begin, and their log-probabilities."""
    try:
        told = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        return [(str(one["token"]), float(one["logprob"])) for one in told]
    except BAD_VALUE as error:
        raise LanguageModelError("the server tells no log-probabilities of tokens") from error


def _choice_scores(
    likeliest: Sequence[tuple[str, float]], choices: Sequence[str]
) -> NDArray[np.float32]:
    """Return the log-probability of each choice among the choices.

    A choice's token is the likeliest one that it begins with, and no other choice does.
    """
    least = min((score for _, score in likeliest), default=0.0)
    found = dict.fromkeys(choices, least)
    for token, score in likeliest:
        begun = [choice for choice in choices if token.strip() and choice.startswith(token.strip())]
        if len(begun) == 1:
            found[begun[0]] = max(found[begun[0]], score)
    scores = np.array([found[choice] for choice in choices], dtype=np.float32)
    return np.asarray(scores - np.logaddexp.reduce(scores), dtype=np.float32)
