"""Fakes with real logic: small, honest stand-ins for models, encoders, stores and agents."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from assistant.events import Done, Event, Found, Heard, Ordered, Understood, Words
from assistant.memory.store import Memory
from assistant.model.protocol import Chat, Message
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.errors import LanguageModelError, MessageError, RecordingError, StorageError
from retrieval.items import Candidate, Catalogue, Constraint, Item, item_text
from retrieval.media.pictures import read_picture
from retrieval.protocols import Entry, HasSound, Transcript


class ShelfAgent:
    """Finds items that share words with the message, and says what the record says.

    `before` is called with every event before it is yielded, so that a test can hold a turn.
    `spoken` is what every recording says.
    """

    def __init__(
        self,
        items: list[Item],
        *,
        before: Callable[[Event], None] = lambda event: None,
        spoken: str = "",
        memory: Memory | None = None,
    ) -> None:
        self.memory = memory  # the page needs one
        self.catalogue = Catalogue("shelf", {item.id: item for item in items})
        self.vocabulary = Vocabulary(self.catalogue)
        self.requests: list[tuple[Request, str]] = []
        self._before, self._spoken = before, spoken

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        self.requests.append((request, session))
        for event in self._turn(request, session):
            self._before(event)
            yield event

    def _turn(self, request: Request, session: str) -> Iterator[Event]:
        if not (request.words.strip() or request.photos or request.recording):
            raise MessageError("the message is empty: write, say or show something")
        if len(request.words) > 4000:
            raise MessageError(f"the message has {len(request.words)} characters: at most 4000")
        for photo in request.photos:
            read_picture(photo, place=photo.name)
        words = request.words
        if request.recording:
            yield Heard(Transcript(self._spoken, "en", 2.0))
            words = f"{words} {self._spoken}"
        asked = request.set_instead or _limits(words)
        yield Understood("search", asked, words, request.language or "en")
        found = self._search(words, asked)
        yield Found(found)
        found = tuple(reversed(found))
        yield Ordered(found)
        answer = f"I found {len(found)} for “{words.strip()}”."
        for piece in re.findall(r"\S+\s*", answer):
            yield Words(piece)
        reasons = {one.item.id: (f"it is a {one.item.title}",) for one in found}
        notice = "" if found else "Nothing on the shelf fits."
        yield Done(session, "search", asked, found, reasons, answer, "shelf", notice=notice)

    def _search(self, words: str, asked: tuple[Constraint, ...]) -> tuple[Candidate, ...]:
        wanted = set(re.findall(r"\w+", words.casefold()))
        limit = min((one.value for one in asked), default=float("inf"))
        scored = [
            Candidate(item, len(wanted & set(re.findall(r"\w+", item_text(item).casefold()))))
            for item in self.catalogue.items.values()
            if item.price is None or item.price <= limit
        ]
        return tuple(sorted(scored, key=lambda one: -one.score)[:6])


def _limits(words: str) -> tuple[Constraint, ...]:
    found = re.search(r"under (\d+)", words)
    return (Constraint("price", "<=", float(found[1]), found[0]),) if found else ()


class ScriptedModel:
    """A language model with a queue of replies and a history of chats.

    `score` judges by words that the product shares with the request, so that a reranking test can
    say beforehand what must come first; of labels it chooses what `meant` says of the words, and
    of what is named it takes the words that are `refused` as not wanted.
    """

    name = "scripted"

    def __init__(
        self,
        *replies: str,
        broken: bool = False,
        quick: bool = True,
        meant: Mapping[str, str] | None = None,
        refused: Sequence[str] = (),
    ) -> None:
        self.quick = quick
        self.meant, self.refused = meant or {}, refused
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
        if tuple(choices) != ("Yes", "No"):
            return np.array([self._chosen(chat, choices) for chat in chats], dtype=np.float32)
        if "</request>" not in chats[0][-1].content:  # asked whether what is named is wanted
            return np.array([self._wanted(chat) for chat in chats], dtype=np.float32)
        rows = []
        for chat in chats:
            request, _, product = chat[-1].content.partition("</request>")
            shared = set(re.findall(r"\w+", request.lower())) & set(
                re.findall(r"\w+", product.lower())
            )
            rows.append([len(shared) - 20.0, -float(len(shared))])
        return np.array(rows, dtype=np.float32)

    def _wanted(self, chat: Chat) -> list[float]:
        no = chat[-1].content.rpartition("named: ")[2] in self.refused
        return [-5.0, -0.02] if no else [-0.02, -5.0]

    def _chosen(self, chat: Chat, choices: Sequence[str]) -> list[float]:
        said, _, labels = chat[-1].content.partition("; labels: ")
        meant = self.meant.get(said.rpartition("words: ")[2], "none of these")
        lines = {one[0]: one[2:] for one in labels.split("; ")}
        return [-0.02 if lines.get(letter) == meant else -5.0 for letter in choices]

    def close(self) -> None:
        self.closed = True


class HashedTextEncoder:
    """Counts words in hashed places: texts that share words are close, and nothing else is."""

    def __init__(self, dimension: int = 64, name: str = "hashed words") -> None:
        self.name, self.dimension = name, dimension
        self.encoded = 0  # texts so far

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += len(texts)
        counts = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                counts[row, zlib.crc32(word.encode()) % self.dimension] += 1
            counts[row, 0] += 1e-3  # so that a text without words has a direction too
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


class ColourPictureEncoder:
    """Sees a picture's mean colour, and knows the words for a few colours."""

    name, dimension = "mean colour", 4
    _COLOURS: Mapping[str, tuple[int, int, int]] = {
        "red": (200, 30, 30),
        "green": (30, 160, 60),
        "blue": (30, 60, 200),
        "white": (250, 250, 250),
        "black": (10, 10, 10),
    }

    def __init__(self) -> None:
        self.encoded = 0  # pictures so far

    def encode(self, pictures: Sequence[Image]) -> np.ndarray:
        self.encoded += len(pictures)
        seen = [np.asarray(one.convert("RGB"), dtype=np.float32) for one in pictures]
        return self._unit([pixels.reshape(-1, 3).mean(axis=0) for pixels in seen])

    def encode_words(self, texts: Sequence[str]) -> np.ndarray:
        named = [[c for word, c in self._COLOURS.items() if word in text] for text in texts]
        return self._unit([np.mean(found or [(128, 128, 128)], axis=0) for found in named])

    def _unit(self, colours: Sequence[np.ndarray]) -> np.ndarray:
        rows = np.ones((len(colours), 4), dtype=np.float32)
        rows[:, :3] = np.reshape(colours, (-1, 3)) / 127.5 - 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class SidecarTranscriber:
    """Hears what stands in the text file beside a recording; a recording of 0 bytes is broken."""

    name = "sidecar"

    def __init__(self) -> None:
        self.heard: list[Path] = []

    def transcribe(self, recording: HasSound, expected: object = None) -> Transcript:
        file = recording.path
        self.heard.append(file)
        if not file.stat().st_size:
            raise RecordingError(f"{file} is empty (0 bytes): record it again")
        words = file.with_suffix(".txt").read_text()
        return Transcript(words, "en", 1.0) if words else Transcript("", "", 1.0, "it is silent")


class Ears:
    """Hears what it is told to."""

    name = "ears"

    def __init__(self, transcript):
        self.transcript = transcript

    def transcribe(self, recording, expected=None):
        return self.transcript


class MemoryStore:
    """Keeps entries in a dict and finds the nearest by looking at every one.

    `shelf` outlives the store, as a disk does; `disk` holds the shelf of each folder. After `room`
    more entries the disk is full.
    """

    def __init__(
        self,
        shelf: dict[str, Entry] | None = None,
        room: int | None = None,
        disk: dict[Path, dict[str, Entry]] | None = None,
    ) -> None:
        self.shelf = {} if shelf is None else shelf
        self.room, self.disk = room, {} if disk is None else disk
        self.closed = False

    def upsert(self, entries: Sequence[Entry]) -> None:
        if self.room is not None:
            self.room -= len(entries)
            if self.room < 0:
                raise StorageError("the shelf cannot be written (full): make room there")
        self.shelf.update({entry.id: entry for entry in entries})

    def update(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.shelf[entry.id] = replace(entry, vector=self.shelf[entry.id].vector)

    def delete(self, ids: Sequence[str]) -> None:
        for id_ in ids:
            self.shelf.pop(id_, None)

    def nearest(
        self, vector: np.ndarray, *, limit: int, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        ids = [id_ for id_ in (self.shelf if among is None else among) if id_ in self.shelf]
        scores = {id_: float(self.shelf[id_].vector @ vector) for id_ in ids}
        return dict(sorted(scores.items(), key=lambda one: -one[1])[:limit])

    def vectors(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        return {id_: self.shelf[id_].vector for id_ in ids if id_ in self.shelf}

    def entries(self) -> list[Entry]:
        empty = np.zeros(0, dtype=np.float32)
        return [Entry(one.id, empty, one.document, one.metadata) for one in self.shelf.values()]

    def clear(self) -> None:
        self.shelf.clear()

    def copy_to(self, place: Path) -> None:
        self.disk[place] = dict(self.shelf)

    def close(self) -> None:
        self.closed = True
