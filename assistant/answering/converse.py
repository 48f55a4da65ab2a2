"""Talk that asks for no item: the model answers freely, and nothing of the catalogue gets into it.

Knows the language model and what it must not say: names, brands, prices and numbers of the
catalogue, its own instructions, another language. What breaks that is not shown, and a fixed
message stands for it. What is said here is no claim about any item.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.render import language_name
from assistant.model.prompt import load_prompt
from assistant.model.protocol import LanguageModel
from assistant.understanding.languages.language import read_language
from assistant.understanding.tokens.text import folded_words
from retrieval.items import Catalogue, normal

_LONGEST = 60  # tokens of a reply
_READ = 400  # characters of a message
_LEAKED = 6  # words of the instructions one after another
_SENTENCES = 2
_FIGURE = re.compile(r"\d|[$€£¥₹]|[零一二三四五六七八九十百千]+[元块]")
_WORD = re.compile(r"[^\W_]+")
_ENDED = re.compile(r"[.!?。！？…][\"'”’»)]*\s*")


@dataclass(frozen=True)
class Unsayable:
    """What the model may not say of a catalogue."""

    catalogue: Catalogue

    def stands_in(self, sentence: str) -> bool:
        """Tell whether a sentence names an item or a brand, or has a figure in it."""
        said = _spaced(normal(sentence))
        return bool(_FIGURE.search(sentence)) or any(name in said for name in self._names)

    @cached_property
    def _names(self) -> frozenset[str]:
        items = self.catalogue.items.values()
        names = {name for item in items for name in (item.title, item.brand) if name}
        return frozenset(_spaced(normal(name)) for name in names)


def talk_freely(
    message: str, language: str, model: LanguageModel, unsayable: Unsayable
) -> Iterator[str]:
    """Yield the sentences of the model's reply that may be shown, as they come.

    The first one that may not be ends the reply.

    Raises:
        LanguageModelError: the model failed; what was yielded stands.
    """
    prompt = load_prompt("converse", expects=frozenset({"message", "language"}))
    chat = prompt.fill(message=message[:_READ], language=language_name(language))
    instructions = _runs(folded_words(prompt.system))
    for sentence in _whole_sentences(model.stream(chat, max_tokens=_LONGEST)):
        leaked = not instructions.isdisjoint(_runs(folded_words(sentence)))
        foreign = not _is_in(language, sentence)
        if leaked or foreign or _asks(sentence) or unsayable.stands_in(sentence):
            return
        yield sentence


def _whole_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Yield each sentence once it has ended; what never ends is no sentence."""
    text, count = "", 0
    for piece in pieces:
        text += piece
        while (ended := _ENDED.search(text)) and (ended.end() < len(text) or _is_chinese(text)):
            yield text[: ended.end()].strip()
            text, count = text[ended.end() :], count + 1
            if count == _SENTENCES:
                return
    if (ended := _ENDED.search(text)) and ended.end() == len(text):
        yield text.strip()


def _is_chinese(text: str) -> bool:
    return any(mark in text for mark in "。！？")


def _asks(sentence: str) -> bool:
    """Tell whether a sentence asks in its turn, or says the question again."""
    return sentence.rstrip().endswith(("?", "？"))


def _is_in(language: str, sentence: str) -> bool:
    return read_language(sentence, frozenset(), own=language, former=language) == language


def _runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    """Return every few words that stand one after another."""
    return frozenset(tuple(words[at : at + _LEAKED]) for at in range(len(words) - _LEAKED + 1))


def _spaced(text: str) -> str:
    words = " ".join(_WORD.findall(text))
    return f" {words} "
