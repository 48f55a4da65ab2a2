"""Constrain a reply to a JSON object of a given schema, by masking all other tokens.

◆ xgrammar (arXiv 2411.15100). Knows schemas and token masks; knows no model. The grammar of each
schema is compiled once.
"""

from typing import Any

import torch
import xgrammar
from pydantic import BaseModel


class Grammars:
    """The grammars of one tokenizer."""

    def __init__(
        self,
        tokenizer: Any,  # noqa: ANN401 -- transformers has no common type
        *,
        vocabulary: int,
        stops: list[int],
    ) -> None:
        info = xgrammar.TokenizerInfo.from_huggingface(
            tokenizer, vocab_size=vocabulary, stop_token_ids=stops
        )
        self._compiler = xgrammar.GrammarCompiler(info, max_threads=1)
        self._vocabulary = vocabulary
        self._compiled: dict[type[BaseModel], xgrammar.CompiledGrammar] = {}

    def reader(self, schema: type[BaseModel]) -> "Reader":
        """Return a reader for one reply."""
        if schema not in self._compiled:
            self._compiled[schema] = self._compiler.compile_json_schema(
                schema, any_whitespace=False
            )
        return Reader(self._compiled[schema], self._vocabulary)


class Reader:
    """The state of a grammar within one reply, advanced token by token."""

    def __init__(self, grammar: xgrammar.CompiledGrammar, vocabulary: int) -> None:
        self._matcher = xgrammar.GrammarMatcher(grammar, terminate_without_stop_token=True)
        self._mask = xgrammar.allocate_token_bitmask(1, vocabulary)

    @property
    def finished(self) -> bool:
        """Whether the object is closed."""
        return bool(self._matcher.is_terminated())

    def forced(self) -> str:
        """Return the text that must come next, "" when the model has a choice."""
        return str(self._matcher.find_jump_forward_string())

    def accept(self, token: int) -> bool:
        """Advance by one token; return whether the grammar allows it."""
        return bool(self._matcher.accept_token(token))

    def best(self, logits: torch.Tensor) -> int:
        """Return the most likely token that the grammar allows; logits are (vocabulary,)."""
        self._matcher.fill_next_token_bitmask(self._mask)
        allowed = logits.float().cpu().unsqueeze(0)
        xgrammar.apply_token_bitmask_inplace(allowed, self._mask)
        return int(allowed.argmax())
