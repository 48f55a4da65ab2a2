"""The language model: 4-bit weights on a GPU when there is one, else on the CPU.

◆ torch, transformers. Knows how tokens are computed; knows nothing of products. Implements
`protocol.py`: stream text, score choices, and prepare. Decoding is greedy, so the
same chat gives the same reply. Several threads may use one model: who scores waits in line
and a lock is held for one forward pass at a time, so a streamed reply blocks nobody. A stop is
heeded before each pass, and no pass is longer than a second or two.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from assistant.model.chat_template import ChatTokens, stop_tokens
from assistant.model.model_queue import ModelQueue, heed_stop
from assistant.model.model_store import open_model
from assistant.model.origin import quantised_name
from assistant.model.prefix_cache import (
    PastTokens,
    Prefixes,
    kept_tokens,
    restore_tokens,
    shared,
)
from assistant.model.protocol import Chat
from assistant.model.repetition import repeats_itself
from retrieval.encoders.batching import multiplies_bfloat16
from retrieval.errors import LanguageModelError
from retrieval.models.fetch import ReportFetch

_REMEMBERED = 4_000  # tokens in the key-value cache between calls; 115 MB for 1.5 B parameters
_ROOM = 512  # tokens that are read, or of suffixes that are scored, in one forward pass
_PIECE = 96  # tokens prepared in one forward pass; a request waits for at most one


def load_quantised_model(name: str, *, home: Path, report: ReportFetch) -> "QuantisedModel":
    """Open a language model by registered name, hub name, folder or .gguf file.

    Raises:
        ModelMissingError: no source has it.
        ModelCorruptError: it is there, but cannot be opened.
        StorageError: the disk is full or not writable.
    """
    model, tokenizer = open_model(name, home, report)
    quick = multiplies_bfloat16(model.device)
    return QuantisedModel(quantised_name(name), model, ChatTokens(tokenizer), quick=quick)


class QuantisedModel:
    """A local chat model."""

    def __init__(
        self, name: str, model: PreTrainedModel, tokens: ChatTokens, *, quick: bool = True
    ) -> None:
        self.name, self.quick = name, quick
        self._model, self._tokens = model, tokens
        self._lock, self._queue = threading.Lock(), ModelQueue()
        self._asked = False  # True once a reply was requested
        self._prefixes = Prefixes(_REMEMBERED)
        self._stops = stop_tokens(model, tokens)
        self._context = int(getattr(model.config, "max_position_embeddings", 0) or 1 << 30)
        self._reusable = all(type(layer) is DynamicLayer for layer in self._new_cache().layers)

    # ---- the methods of the protocol ------------------------------------------------------------

    def prepare(self, beginnings: Sequence[Chat]) -> Iterator[None]:
        """Cache the beginnings of future chats, a piece at a time, until the first reply starts.

        That reply reuses the pieces cached by then.

        Raises:
            LanguageModelError: the model failed.

        """
        for beginning in beginnings:
            ids, cache = self._prompt(beginning, 1), self._new_cache()
            for end in range(_PIECE, len(ids) + _PIECE, _PIECE):
                if self._asked or not self._reusable:
                    return
                self._step(ids[end - _PIECE : end], cache)
                with self._lock:
                    self._prefixes.remember(kept_tokens(ids[:end], cache))
                yield

    def stream(self, chat: Chat, *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces as it is generated; closing the iterator stops the model.

        Raises:
            LanguageModelError: the model failed, or the chat is longer than its context.

        """
        ids, sent = self._prompt(chat, max_tokens), ""
        cache, written = self._new_cache(), list[int]()
        logits = self._read(ids, cache)
        while len(written) < max_tokens:
            token = int(logits.argmax())
            if token in self._stops or repeats_itself([*written, token]):
                break
            written.append(token)
            text = self._tokens.text(written)
            if len(text) > len(sent) and not text.endswith("\ufffd"):  # incomplete character
                yield text[len(sent) :]
                sent = text
            if len(written) < max_tokens:
                logits = self._step([token], cache)
        if rest := self._tokens.text(written)[len(sent) :]:
            yield rest

    def score(self, chats: Sequence[Chat], choices: Sequence[str]) -> NDArray[np.float32]:
        """Return log-probabilities (len(chats), len(choices)), normalised over the choices.

        The prefix that all chats share is computed once, the suffixes in batches.

        Raises:
            LanguageModelError: the model failed, or two choices begin with the same token.

        """
        answers = [self._tokens.data(choice)[0] for choice in choices]
        if len(set(answers)) < len(answers):
            raise LanguageModelError(f"two of the choices {choices} begin with the same token")
        scores = np.zeros((len(chats), len(choices)), dtype=np.float32)
        prompts = [self._prompt(chat, 1) for chat in chats]
        if not prompts:
            return scores
        with self._queue.turn():
            common = self._common(prompts)
            for batch in _batches([prompt[len(common.ids) :] for prompt in prompts]):
                rests = [prompts[row][len(common.ids) :] for row in batch]
                logits = self._last_logits(common, rests)
                scores[batch] = logits[:, answers].float().log_softmax(-1).cpu().numpy()
        return scores

    def close(self) -> None:
        """Wait for the running forward pass, and allow no further one.

        Python crashes at exit if a thread of the page is still computing.
        """
        self._lock.acquire()

    # ---- steps, each under the lock -------------------------------------------------------------

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Hold the lock, and convert torch's exceptions to LanguageModelError; heed a stop."""
        heed_stop()
        with self._lock, torch.inference_mode():
            try:
                yield
            except (RuntimeError, ValueError, IndexError, MemoryError) as error:
                raise LanguageModelError(f"{self.name} failed: {error}") from error

    def _prompt(self, chat: Chat, max_tokens: int) -> list[int]:
        with self._lock:
            ids = self._tokens.prompt(chat)
        if len(ids) + max_tokens > self._context:
            raise LanguageModelError(
                f"the chat is {len(ids)} tokens long, with the reply {self._context} are possible"
            )
        return ids

    def _new_cache(self) -> DynamicCache:
        return DynamicCache(config=self._model.config)

    def _read(self, ids: list[int], cache: DynamicCache) -> torch.Tensor:
        """Process a prompt with an empty cache, reusing prefixes; return logits (vocabulary,)."""
        self._asked = True
        with self._computing():
            known = self._prefixes.longest(ids) if self._reusable else None
            if known:
                restore_tokens(cache, known)
        start = len(known.ids) if known else 0
        for at in range(start, len(ids), _ROOM):
            logits = self._step(ids[at : at + _ROOM], cache)
        if self._reusable:
            with self._lock:
                self._prefixes.remember(kept_tokens(ids, cache))
        return logits

    def _step(self, ids: list[int], cache: DynamicCache) -> torch.Tensor:
        """Process a few more tokens; return the logits after the last one, (vocabulary,)."""
        with self._computing():
            return self._forward(ids, cache)

    def _forward(self, ids: list[int], cache: DynamicCache) -> torch.Tensor:
        row = torch.tensor([ids], device=self._model.device)
        reply = self._model(row, cache=cache, use_cache=True, logits_to_keep=1)
        logits: torch.Tensor = reply.logits[0, -1]
        return logits

    def _common(self, prompts: Sequence[list[int]]) -> PastTokens:
        """Process the common prefix of all prompts, without any prompt's last token."""
        count = min(min(shared(prompts[0], prompt) for prompt in prompts), *map(len, prompts)) - 1
        if not self._reusable or count < 1:
            return PastTokens((), ())
        cache = self._new_cache()
        self._read(prompts[0][:count], cache)
        return kept_tokens(prompts[0][:count], cache)

    def _last_logits(self, common: PastTokens, rests: Sequence[list[int]]) -> torch.Tensor:
        """Return the logits after each suffix in `rests`, (len(rests), vocabulary).

        Shorter suffixes are padded at the end: attention is causal, so the padding does not change
        the logits that are returned.
        """
        with self._computing():
            rows = torch.zeros(len(rests), max(map(len, rests)), dtype=torch.long)
            for row, rest in zip(rows, rests, strict=True):
                row[: len(rest)] = torch.tensor(rest)
            cache = self._new_cache()
            restore_tokens(cache, common, times=len(rests))
            ends, which = torch.tensor([len(rest) - 1 for rest in rests]).unique(
                return_inverse=True
            )
            reply = self._model(
                rows.to(self._model.device),
                cache=cache,
                use_cache=True,
                logits_to_keep=ends.to(self._model.device),
            )
            logits: torch.Tensor = reply.logits[torch.arange(len(rests)), which]
            return logits


def _batches(rests: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Group rows of similar length, so that padding is small and no batch is too large."""
    batch: list[int] = []
    for row in sorted(range(len(rests)), key=lambda row: len(rests[row])):
        if batch and (len(batch) + 1) * len(rests[row]) > _ROOM:
            yield batch
            batch = []
        batch.append(row)
    yield batch
