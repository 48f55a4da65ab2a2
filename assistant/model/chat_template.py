"""Convert a chat into token ids, so that user text never becomes a control token.

Knows the tokenizer's chat template and its control tokens; knows no model. The template's own text
may contain control tokens, a message's content may not: if it contains the text of one
(`<|im_start|>`), it is tokenised in two pieces, which decode to the same text but cannot become the
token.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from assistant.model.protocol import Chat
from retrieval.errors import LanguageModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_HOLE = "\ue000{}\ue001"  # stands for a message's content while the template is rendered
_HOLES = re.compile("\ue000(\\d+)\ue001")


class ChatTokens:
    """A tokenizer with a chat template, used on untrusted content."""

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 -- transformers has no common type
        self.tokenizer = tokenizer
        added = tokenizer.added_tokens_decoder
        self.control: frozenset[int] = frozenset(added)
        spelt = sorted((str(token) for token in added.values()), key=len, reverse=True)
        self._spelt = re.compile("|".join(map(re.escape, spelt)) or r"(?!)")

    def prompt(self, chat: Chat) -> list[int]:
        """Return the ids of a whole chat, up to where the assistant's reply begins.

        If the last message is the assistant's, the reply continues it.

        Raises:
            LanguageModelError: the model's chat template refuses the chat.

        """
        messages = [
            {"role": message.role, "content": _HOLE.format(index)}
            for index, message in enumerate(chat)
        ]
        begun = bool(chat) and chat[-1].role == "assistant"
        try:
            frame: str = self.tokenizer.apply_chat_template(
                messages,
                tokenize=False,
                add_generation_prompt=not begun,
                continue_final_message=begun,
            )
        except (TemplateError, ValueError) as error:
            roles = ", ".join(message.role for message in chat)
            raise LanguageModelError(
                f"the model's chat template refuses {roles}: {error}"
            ) from error
        pieces = _HOLES.split(frame)
        if len(pieces) // 2 != len(chat):
            raise LanguageModelError("the model's chat template leaves out a message")
        ids: list[int] = []
        for index, piece in enumerate(pieces):
            ids += self.data(chat[int(piece)].content) if index % 2 else self._encode(piece)
        return ids

    def data(self, text: str) -> list[int]:
        """Return the ids of untrusted text; none of them is a control token."""
        return [token for piece in self._harmless(text) for token in self._encode(piece)]

    def text(self, ids: Sequence[int]) -> str:
        """Return a reply's token ids as text."""
        text: str = self.tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    def _encode(self, text: str) -> list[int]:
        if not text:
            return []
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False)
        return ids

    def _harmless(self, text: str) -> list[str]:
        """Split text so that no piece contains the text of a control token."""
        found = self._spelt.search(text)
        if not found:
            return [text]
        cut = found.start() + 1
        if len(found.group()) == 1:  # a control token of one character cannot be cut, only dropped
            return [*self._harmless(text[: cut - 1]), *self._harmless(text[cut:])]
        return [*self._harmless(text[:cut]), *self._harmless(text[cut:])]


def stop_tokens(model: "PreTrainedModel", tokens: ChatTokens) -> frozenset[int]:
    """Return the ids that end a reply, as the model and its tokenizer name them."""
    ends = model.generation_config.eos_token_id if model.generation_config else None
    several = ends if isinstance(ends, list) else [ends]
    return frozenset({tokens.tokenizer.eos_token_id, *several} - {None})
