"""Turn an item or a query into one unit vector per modality.

Knows which words, pictures and sounds represent an item or a query; knows no library, no store
and no weights.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL.Image import Image

from retrieval.encoders.sound import LogMelEncoder, audible
from retrieval.fusion.concatenation import Dimensions, Parts
from retrieval.fusion.slerp import slerp
from retrieval.items import Item, Modality, Query, normal
from retrieval.media.pictures import read_picture
from retrieval.media.recordings import VIDEOS, Recording, read_frames
from retrieval.protocols import (
    PictureEncoder,
    SoundEncoder,
    TextEncoder,
    Transcriber,
    Vector,
    Vectors,
)

_SPEAKS = re.compile(r"[^\W\d]{3}")
_CHANGING = ("stock", "list price")  # attributes that change without the item changing
_ANSWERS = ("yes", "true", "false", "none", "not")


@dataclass(frozen=True, slots=True)
class Encoders:
    """The models that turn items and queries into vectors."""

    text: TextEncoder
    picture: PictureEncoder
    transcriber: Transcriber | None = None  # None: recordings are reported, not transcribed
    sound: SoundEncoder = field(default_factory=LogMelEncoder)  # it needs no weights

    @property
    def dimensions(self) -> Dimensions:
        """Return the length of each modality's vectors."""
        texts = self.text.dimension
        seen, heard = self.picture.dimension, self.sound.dimension
        return {"text": texts, "picture": seen, "speech": texts, "sound": heard}


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """A query's words, photos and sounds, each as a unit vector or None if the query has none."""

    words: Vector | None = None  # from the text encoder
    caption: Vector | None = None  # the same words, in the picture encoder's space
    photo: Vector | None = None  # the mean over the photos
    sound: Vector | None = None  # the mean over the recordings without speech


def embed_items(
    items: Sequence[Item],
    pictures: Sequence[Sequence[Image]],
    encoders: Encoders,
    sounds: Sequence[Sequence[Vector]] = (),
) -> list[Parts]:
    """Return each item's unit vectors.

    `pictures` are each item's decoded pictures. `sounds` are vectors already (from `embed_sound`),
    because the samples of a whole batch would not fit in memory; () when no item has a sound.
    """
    texts = encoders.text.encode([passage(item) for item in items])
    spoken = [words for item in items for words in item.transcripts]
    shown = [picture for several in pictures for picture in several]
    speech = encoders.text.encode(spoken) if spoken else None
    looks = encoders.picture.encode(shown) if shown else None
    heard = _pooled(speech, [len(item.transcripts) for item in items])
    seen = _pooled(looks, [len(several) for several in pictures])
    tones = [
        _mean(np.stack(several)) if several else None for several in sounds or [()] * len(items)
    ]
    columns: dict[Modality, Sequence[Vector | None]] = {
        "text": list(texts),
        "picture": seen,
        "speech": heard,
        "sound": tones,
    }
    rows = zip(*columns.values(), strict=True)
    return [
        {name: part for name, part in zip(columns, row, strict=True) if part is not None}
        for row in rows
    ]


def embed_sound(recording: Recording, encoders: Encoders) -> Vector | None:
    """Return the unit vector of a recording's sound, None for silence and plain noise.

    Raises: RecordingError when the recording cannot be read.
    """
    sound = recording.sound
    return encoders.sound.encode([sound])[0] if audible(sound) else None


class MediaEmbedder:
    """Turns photos and recordings into unit vectors; caches them, so each file is encoded once."""

    def __init__(self, encoders: Encoders) -> None:
        """Start with empty caches."""
        self.encoders = encoders
        self._photos: dict[Path, Vectors] = {}
        self._recordings: dict[Path, Recording] = {}
        self._sounds: dict[Path, Vector | None] = {}

    def photo(self, file: Path) -> Vectors:
        """Return the vector of a photo, (1, dimension), or of a video, one row per frame.

        Raises: PictureError or RecordingError when it cannot be read.
        """
        if file not in self._photos:
            self._photos[file] = self.encoders.picture.encode(read_photo(file))
        return self._photos[file]

    def recording(self, file: Path) -> Recording:
        """Return a recording; it is decoded when its sound is first used."""
        return self._recordings.setdefault(file, Recording(file))

    def sound(self, file: Path) -> Vector | None:
        """Return the vector of a recording's sound, None for silence and plain noise.

        Raises: RecordingError when it cannot be read.
        """
        if file not in self._sounds:
            self._sounds[file] = embed_sound(self.recording(file), self.encoders)
        return self._sounds[file]


def passage(item: Item) -> str:
    """Return the text that the text encoder reads for an item.

    A value that is clear by itself ("navy blue") is written without its attribute's name; "yes"
    and "500 ml" are written with it. A shorter text is encoded faster: on 1,000 fashion products
    26 tokens instead of 44, at equal precision. What changes from day to day (the stock) is no part
    of what an item is.
    """
    facts = [
        value if _SPEAKS.search(value) and normal(value) not in _ANSWERS else f"{name}: {value}"
        for name, value in item.attributes.items()
        if value and name not in _CHANGING
    ]
    parts = (item.title, item.category, item.brand, item.description, *facts)
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def embed_query(query: Query, media: MediaEmbedder) -> QueryVectors:
    """Return a query's unit vectors.

    Raises: PictureError or RecordingError when a photo or a recording cannot be read.
    """
    words, encoders = query.words.strip(), media.encoders
    photos = [media.photo(photo) for photo in query.photos]
    heard = [media.sound(recording) for recording in query.sounds]
    sounds = [sound for sound in heard if sound is not None]
    return QueryVectors(
        words=encoders.text.encode([words])[0] if words else None,
        caption=encoders.picture.encode_words([words])[0] if words else None,
        photo=_mean(np.concatenate(photos)) if photos else None,
        sound=_mean(np.stack(sounds)) if sounds else None,
    )


def read_photo(photo: Path) -> tuple[Image, ...]:
    """Return the decoded photo, or the frames if the file is a video.

    Raises: PictureError or RecordingError when it cannot be read.
    """
    video = photo.suffix.lower() in VIDEOS
    return read_frames(photo) if video else (read_picture(photo),)


def at_the_ends(vectors: QueryVectors, balance: float) -> QueryVectors:
    """Drop the words at a balance of 0 and the photo at 1, if the query has both."""
    if vectors.words is None or vectors.photo is None or 0.0 < balance < 1.0:
        return vectors
    return replace(vectors, photo=None) if balance else replace(vectors, words=None, caption=None)


def query_parts(vectors: QueryVectors, balance: float) -> Parts:
    """Return the query's vector for each modality; photo and words are combined into `picture`."""
    parts: dict[Modality, Vector] = {}
    if vectors.words is not None:
        parts |= {"text": vectors.words, "speech": vectors.words}
    if vectors.photo is not None and vectors.caption is not None:
        parts["picture"] = slerp(vectors.photo, vectors.caption, balance)
    elif (alone := vectors.caption if vectors.photo is None else vectors.photo) is not None:
        parts["picture"] = alone
    if vectors.sound is not None:
        parts["sound"] = vectors.sound
    return parts


def _pooled(vectors: Vectors | None, counts: Sequence[int]) -> list[Vector | None]:
    """Return one mean vector for each run of `counts` rows, None for an empty run."""
    ends = np.cumsum([0, *counts]).tolist()
    runs = zip(ends, ends[1:], strict=False)
    return [None if vectors is None or a == b else _mean(vectors[a:b]) for a, b in runs]


def _mean(vectors: Vectors) -> Vector:
    """Return the mean of unit vectors as a unit vector."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)
