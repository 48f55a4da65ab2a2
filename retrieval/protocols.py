"""The interfaces of encoders, transcriber and stores.

Knows shapes and contracts; imports no heavy library. Each protocol is implemented in one file,
marked ◆ in its folder's list, and by a simple working fake in `tests/fakes.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

Vectors = NDArray[np.float32]  # (n, dimension), every row a unit vector unless said otherwise
Vector = NDArray[np.float32]  # (dimension,)
Sound = NDArray[np.float32]  # (samples,), 16,000 per second, mono, -1 to 1


class TextEncoder(Protocol):
    """Turns texts into unit vectors."""

    name: str  # identifies the weights; stored in the index's manifest
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (len(texts), dimension) unit vectors, in order."""
        ...


class PictureEncoder(Protocol):
    """Turns pictures, and texts about pictures, into unit vectors in one shared space."""

    name: str
    dimension: int

    def encode(self, pictures: Sequence[Image]) -> Vectors:
        """Return (len(pictures), dimension) unit vectors, in order."""
        ...

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        """Return (len(texts), dimension) unit vectors in the same space as pictures."""
        ...


class SoundEncoder(Protocol):
    """Turns sounds into unit vectors of their acoustic properties, ignoring spoken words."""

    name: str
    dimension: int

    def encode(self, sounds: Sequence[Sound]) -> Vectors:
        """Return (len(sounds), dimension) unit vectors, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One of the things that a recording may say."""

    words: str
    language: str  # ISO 639-1
    likelihood: float  # the logarithm of its probability, so far as the speech model can tell
    confidence: float = 0.0  # the same for each token, on average


@dataclass(frozen=True, slots=True)
class SpeechExpected:
    """What a recording probably speaks of. It helps a transcriber, and is never its answer."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language
    languages: tuple[str, ...] = ()  # in which it can be, ISO 639-1; () for any
    likely: str = ""  # the likeliest of them, "" when nothing tells


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words spoken in a recording; `words` is empty when nothing was said."""

    words: str
    language: str  # ISO 639-1, "" when nothing was said
    seconds: float  # length of the recording
    notice: str = ""  # why `words` is empty or uncertain, in words for the user
    hypotheses: tuple[Hypothesis, ...] = ()  # what else it may say, the likeliest first


class HasSound(Protocol):
    """A recording that is decoded when its sound is first used."""

    @property
    def path(self) -> Path:
        """The path of its file."""
        ...

    @property
    def sound(self) -> Sound:
        """Its samples; raises RecordingError when the file cannot be decoded."""
        ...


class Transcriber(Protocol):
    """Turns a recording into words."""

    name: str

    def transcribe(self, recording: HasSound, expected: SpeechExpected | None = None) -> Transcript:
        """Return what is said, and with `expected` what else may be said.

        Raises: RecordingError when the file cannot be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a store."""

    id: str
    vector: NDArray[np.float32]  # (dimension,), not of unit length
    document: str  # the record, as JSON
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class VectorStore(Protocol):
    """Keeps vectors with their records and finds the nearest by inner product."""

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Add entries, or replace those of the same id."""
        ...

    def update(self, entries: Sequence[Entry]) -> None:
        """Replace the records and metadata of entries; their stored vectors stay."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Remove entries; ids that are not there are ignored."""
        ...

    def nearest(
        self, vector: NDArray[np.float32], *, limit: int, among: Sequence[str] | None = None
    ) -> Mapping[str, float]:
        """Return ids with their inner product with `vector`, the highest first.

        Only ids from `among` are returned, if it is given.
        """
        ...

    def vectors(self, ids: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the stored vectors of these ids."""
        ...

    def entries(self) -> list[Entry]:
        """Return every entry, with an empty vector."""
        ...

    def clear(self) -> None:
        """Remove every entry; afterwards vectors of another length can be stored."""
        ...

    def copy_to(self, place: Path) -> None:
        """Copy everything to another place, from which a store can be opened."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


class LexicalIndex(Protocol):
    """Scores a fixed list of documents by the words they share with a query."""

    def scores(self, words: str) -> NDArray[np.float32]:
        """Return one score for each document, 0 to 1, in order."""
        ...
