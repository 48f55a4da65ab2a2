"""Changed rows → entries with their vectors, a batch at a time.

Knows files and encoders; knows no store. Files are opened in threads while the encoders work, and
the threads stay one batch ahead of them.
"""

import json
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL.Image import Image

from retrieval.catalogue.rows import Row
from retrieval.domains.consent import without_values
from retrieval.embed import Encoders, embed_items, embed_sound
from retrieval.errors import PictureError, RecordingError
from retrieval.fusion.concatenation import join
from retrieval.index.problem_report import media_fault
from retrieval.index.records import keep_pictures, read_record, write_record
from retrieval.items import Item
from retrieval.media.pictures import read_picture
from retrieval.media.recordings import Recording, read_frames
from retrieval.protocols import Entry, Vector

_QUALITY = 80  # WebP quality of stored video frames
_EDGE = 512  # pixels; a batch of larger pictures needs too much memory, and no encoder uses them

Faults = tuple[tuple[str, ...], ...]  # field, problem, value, cure: as in Problem


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that is new or differs from the stored one."""

    row: Row
    digest: str
    encoded: str  # the digest of what the encoders see of it
    stored: Entry | None = None  # the stored one, where its vector still holds
    private: tuple[str, ...] = ()  # values that nothing which is heard of it may say


@dataclass(frozen=True, slots=True)
class Opened:
    """A changed row with its decoded files; broken files are left out and listed in `faults`."""

    changed: Changed
    item: Item
    pictures: tuple[Image, ...]
    faults: Faults
    sounds: tuple[Vector, ...] = ()  # of the recordings without speech


@dataclass(frozen=True, slots=True)
class Encoded:
    """A changed row as an entry; of one whose stored vector holds, without a vector."""

    changed: Changed
    entry: Entry
    faults: Faults = ()  # of its files, where they were opened


class EncodeBatches(Protocol):
    """Encodes batches of rows."""

    def __call__(
        self, batches: Iterator[list[Changed]], pictures: Path
    ) -> Generator[list[Encoded], None, None]:
        """Yield each batch's entries, in order; save pictures that are no files."""
        ...


@dataclass(frozen=True, slots=True)
class EncodingHere:
    """Encodes batches in this process."""

    encoders: Encoders

    def __call__(
        self, batches: Iterator[list[Changed]], pictures: Path
    ) -> Generator[list[Encoded], None, None]:
        """Yield each batch's entries, in order; save pictures that are no files."""
        with _threads() as pool:
            waiting: list[Future[Opened]] = []
            for batch in batches:
                following = [pool.submit(open_row, row, pictures) for row in batch]
                if waiting:
                    yield encode_batch([one.result() for one in waiting], self.encoders)
                waiting = following
            if waiting:
                yield encode_batch([one.result() for one in waiting], self.encoders)


def encode_batch(batch: Sequence[Opened], encoders: Encoders) -> list[Encoded]:
    """Transcribe, embed and fuse a batch, as far as its stored vectors do not hold."""
    same = [Encoded(one.changed, _entry(one)) for one in batch if one.changed.stored]
    heard = [hear_recordings(one, encoders) for one in batch if not one.changed.stored]
    if not heard:
        return same
    items, pictures = [one.item for one in heard], [one.pictures for one in heard]
    found = embed_items(items, pictures, encoders, [one.sounds for one in heard])
    vectors = [join(parts, encoders.dimensions) for parts in found]
    entries = [
        replace(_entry(one), vector=vector) for one, vector in zip(heard, vectors, strict=True)
    ]
    return same + [
        Encoded(one.changed, entry, one.faults) for one, entry in zip(heard, entries, strict=True)
    ]


def open_row(changed: Changed, folder: Path) -> Opened:
    """Open the files of a row, unless its stored vector holds."""
    if changed.stored:
        return keep_files(changed, changed.stored)
    return open_files(changed, folder)


def keep_files(changed: Changed, stored: Entry) -> Opened:
    """Return a changed row whose files, and what was heard in them, are as they are stored."""
    before = read_record(stored.document)
    faults = json.loads(str(stored.metadata.get("faults", "[]")))
    item = replace(
        changed.row.item,
        pictures=before.pictures,
        videos=before.videos,
        transcripts=before.transcripts,
    )
    return Opened(changed, item, (), tuple(map(tuple, faults)))


def open_files(changed: Changed, folder: Path) -> Opened:
    """Decode the pictures of a row and the frames of its videos.

    Pictures without a file of their own (from inside a table, or video frames) are saved in
    `folder`.
    """
    item, faults = changed.row.item, list[tuple[str, ...]]()
    sources, pictures, videos = list[Path | bytes](), [], []
    for number, source in enumerate(item.pictures, start=1):
        place = str(source) if isinstance(source, Path) else f"picture {number}"
        try:
            picture = read_picture(source, place=place)
        except PictureError as error:
            faults.append(media_fault("pictures", place, error))
            continue
        picture.thumbnail((_EDGE, _EDGE))
        sources.append(source)
        pictures.append(picture)
    for video in item.videos:
        try:
            frames = read_frames(video)
        except RecordingError as error:
            faults.append(media_fault("videos", str(video), error))
            continue
        for frame in frames:
            frame.thumbnail((_EDGE, _EDGE))
        sources += map(_as_webp, frames)
        pictures += frames
        videos.append(video)
    opened = replace(item, pictures=tuple(sources), videos=tuple(videos))
    return Opened(changed, keep_pictures(opened, folder), tuple(pictures), tuple(faults))


def hear_recordings(opened: Opened, encoders: Encoders) -> Opened:
    """Add a transcript of each recording and video; without speech, a sound vector; or a fault.

    Speech gets no sound vector: any two voices would be similar, whatever they say. Sentences that
    say what is private are left out.
    """
    spoken, sounds, faults = [], [], list(opened.faults)
    recordings = [("recordings", path) for path in opened.item.recordings]
    recordings += [("videos", path) for path in opened.item.videos]
    for column, path in recordings:
        if encoders.transcriber is None:
            faults.append((column, "is not heard: no speech model is loaded", str(path)))
            continue
        recording = Recording(path)
        try:
            transcript = encoders.transcriber.transcribe(recording)
            sound = None if transcript.words else embed_sound(recording, encoders)
        except RecordingError as error:
            what = "it" if column == "recordings" else "its sound"
            faults.append(media_fault(column, str(path), error, what))
            continue
        if transcript.words:
            spoken.append(without_values(transcript.words, opened.changed.private))
        elif sound is not None:
            sounds.append(sound)
        else:
            faults.append((column, f"says nothing: {transcript.notice}", str(path)))
    item = replace(opened.item, transcripts=tuple(filter(None, spoken)))
    return replace(opened, item=item, sounds=tuple(sounds), faults=tuple(faults))


def _entry(opened: Opened) -> Entry:
    """Return what is stored of a row, without its vector."""
    changed = opened.changed
    metadata = {"digest": changed.digest, "encoded": changed.encoded}
    if opened.faults:
        metadata["faults"] = json.dumps(opened.faults)
    empty = np.zeros(0, dtype=np.float32)
    return Entry(opened.item.id, empty, write_record(opened.item), metadata)


def _as_webp(frame: Image) -> bytes:
    encoded = BytesIO()
    frame.save(encoded, "WEBP", quality=_QUALITY)
    return encoded.getvalue()


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """Open a thread pool; on exit, wait for running tasks and cancel the waiting ones."""
    pool = ThreadPoolExecutor(thread_name_prefix="index")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
