"""A message in the user's language → the same message in the catalogue's.

Lexicon and names say what code knows surely; the language model is asked for single words that
neither has, and never for the whole, so that it cannot change a limit, a colour or a kind. Knows
both, the prompt and the protocol of the model; knows no catalogue beyond its words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.model.prompt import load_prompt
from assistant.model.protocol import LanguageModel
from assistant.understanding.conversation import Reading
from assistant.understanding.dialogue_state import Allow, Also, Ask, Change, Prefer, Shift, TurnTo
from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.lexicon import PIVOT, read_lexicon
from assistant.understanding.languages.names import (
    names_from_english,
    other_names,
    read_names,
)
from assistant.understanding.languages.pieces import Glossary, Piece, renamed
from assistant.understanding.tokens.text import Span

_MOST_GAPS = 8
_LONGEST = 60  # tokens of a reply
_MODEL_READS = 600  # characters of a message
_TERM = re.compile(r"[A-Za-z][A-Za-z' -]{0,39}")


@dataclass(frozen=True, slots=True)
class Translation:
    """A message, piece by piece: what the user wrote and what it says."""

    message: str
    language: str  # ISO 639-1
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Return the translated message."""
        return _joined([piece.text for piece in self.pieces])

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return what nobody has translated yet."""
        return tuple(dict.fromkeys(piece.said for piece in self.pieces if not piece.known))

    def own_words(self, translated: str) -> str:
        """Return the user's own words for a stretch of `text`, or the stretch if it is not there.

        Alternatives ("red or blue") are looked up one by one.
        """
        if not translated:
            return translated
        if found := self._original(translated):
            return found
        parts = [self._original(part) or part for part in translated.split(" or ")]
        return " or ".join(parts)

    def _original(self, translated: str) -> str:
        """Find the shortest run of pieces whose text holds the stretch."""
        sought = f" {_plain(translated)} "
        count = len(self.pieces)
        for size in range(1, count + 1):
            for start in range(count - size + 1):
                run = self.pieces[start : start + size]
                if sought in f" {_plain(_joined([piece.text for piece in run]))} ":
                    same = all(piece.said == piece.text for piece in run)
                    return translated if same else self._between(run)
        return ""

    def _between(self, run: Sequence[Piece]) -> str:
        """Return the message from the first piece of a run to its last."""
        pattern = r"\s*".join(re.escape(piece.said) for piece in run)
        found = re.search(pattern, self.message)
        return found[0] if found else " ".join(piece.said for piece in run)


def translate(
    message: str,
    language: str,
    catalogue: CatalogueWords,
    *,
    own: str,
    kept: Sequence[Span] = (),
) -> Translation:
    """Translate what the lexicon and the names of things know.

    `own` is the language of the catalogue. In a message in the same its names stay as they are, and
    things are called as it calls them: "pram" or "stroller", "goes in the dishwasher".
    What stands in the spans that are `kept`, such as an item's code, stays as it is written.
    """
    pieces, at = list[Piece](), 0
    for start, end in (*kept, (len(message), len(message))):
        pieces += _pieces(message[at:start], language, catalogue, own)
        if said := message[start:end]:
            pieces.append(Piece(said, said, known=True))
        at = end
    return Translation(message, language, tuple(pieces))


def _pieces(text: str, language: str, catalogue: CatalogueWords, own: str) -> tuple[Piece, ...]:
    if language == PIVOT:
        names = other_names(PIVOT) if own == PIVOT else names_from_english(own)
        return renamed(text, catalogue, names)
    lexicon = read_lexicon(language)
    if own == language:
        return Glossary(lexicon, catalogue, None, other_names(language)).pieces(text)
    return Glossary(lexicon, catalogue, read_names(language, own)).pieces(text)


def fill_gaps(translation: Translation, model: LanguageModel, *, into: str) -> Translation:
    """Let the language model translate the words that the lexicon lacks.

    Raises:
        LanguageModelError: the model failed. What it answers instead of translations is ignored.
    """
    gaps = translation.gaps[:_MOST_GAPS]
    prompt = load_prompt("translate", expects=frozenset({"into", "message", "words"}))
    chat = prompt.fill(
        into="English" if into == PIVOT else read_lexicon(into).name,
        message=translation.message[:_MODEL_READS],
        words="; ".join(gaps),
    )
    meant = _terms("".join(model.stream(chat, max_tokens=_LONGEST)))
    pieces = (
        replace(piece, text=meant[piece.said.casefold()], known=True)
        if not piece.known and piece.said.casefold() in meant
        else piece
        for piece in translation.pieces
    )
    return replace(translation, pieces=tuple(pieces))


def in_own_words(reading: Reading, translation: Translation) -> Reading:
    """Return the same reading with the user's own words wherever it quotes the message."""
    return replace(
        reading,
        changes=tuple(_quoting(change, translation) for change in reading.changes),
        missing=translation.own_words(reading.missing),
        unclear=tuple(map(translation.own_words, reading.unclear)),
        foreign=translation.own_words(reading.foreign),
        left=tuple(map(translation.own_words, reading.left)),
    )


def _quoting(change: Change, translation: Translation) -> Change:
    match change:
        case Ask() | Also() | TurnTo() | Allow() | Prefer():
            said = translation.own_words(change.constraint.said)
            return replace(change, constraint=replace(change.constraint, said=said))
        case Shift():
            return replace(change, said=translation.own_words(change.said))
    return change


def _terms(reply: str) -> dict[str, str]:
    """Read lines such as "Ruhestand = retirement"; leave out what is no such line, or no term."""
    pairs = (line.split("=") for line in reply.splitlines() if line.count("=") == 1)
    terms = {word.strip().casefold(): term.strip(" .\"'").lower() for word, term in pairs}
    return {word: term for word, term in terms.items() if _TERM.fullmatch(term)}


def _joined(texts: Sequence[str]) -> str:
    """Join pieces as English is written: no space before a mark, no article twice."""
    text = " ".join(text.strip() for text in texts if text.strip())
    text = re.sub(r"\b(?:a|the) (?=(?:a|the|my|his|your|this|that)\b)", "", text)
    return re.sub(r"\s+([,.?!;:%)])", r"\1", text)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w$€£¥]+", text.lower()))
