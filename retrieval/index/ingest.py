"""Turn the rows of a catalogue into entries of a store, in batches.

Knows which rows have changed, opens files in threads while the encoders work, and stays one batch
ahead of them; knows no library and no manifest. What is encoded is noted in a journal before it is
stored, so that an interruption loses at most two batches.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np
from PIL.Image import Image

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import ReadAs, ReadingOptions, read_catalogue
from retrieval.catalogue.remote_files import FetchFiles, leave_on_the_web
from retrieval.catalogue.rows import Row
from retrieval.domains.admission import Admission
from retrieval.embed import Encoders, embed_items, embed_sound
from retrieval.errors import PictureError, RecordingError
from retrieval.files import disk
from retrieval.fusion.concatenation import join
from retrieval.index.journal import Journal
from retrieval.index.problem_report import ProblemReport, media_fault
from retrieval.index.records import digest, encoded_digest, keep_pictures, read_record, write_record
from retrieval.items import Item
from retrieval.media.pictures import read_picture
from retrieval.media.recordings import Recording, read_frames
from retrieval.protocols import Entry, Vector, VectorStore

_BATCH = 256  # items
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


@dataclass(frozen=True, slots=True)
class Opened:
    """A changed row with its decoded files; broken files are left out and listed in `faults`."""

    changed: Changed
    item: Item
    pictures: tuple[Image, ...]
    faults: Faults
    sounds: tuple[Vector, ...] = ()  # of the recordings without speech


@dataclass
class Intake:
    """One pass over a catalogue, with counts of its work so far."""

    store: VectorStore
    journal: Journal
    encoders: Encoders
    pictures: Path  # folder for pictures from inside a table
    report: Callable[[int], None]
    problems: ProblemReport
    fetch: FetchFiles = leave_on_the_web
    added: int = 0
    updated: int = 0
    encoded: int = 0  # of both, without those whose vector still holds
    removed: int = 0
    resumed: int = 0  # taken from the journal of an interrupted run
    seen: set[str] = field(default_factory=set)
    read_as: str = ""  # how the catalogue was read, in one line
    drafts: int = 0  # that the shop does not sell, and are left out
    admission: Admission = field(default_factory=Admission)  # what of the rows may be used

    @property
    def changed(self) -> bool:
        """Tell whether the store differs from the one that the run began with."""
        return bool(self.encoded or self.updated or self.removed or self.resumed)

    def run(self, source: Path | str, options: ReadingOptions) -> None:
        """Store new and changed rows; at the end, remove entries missing from the catalogue.

        What the journal of an interrupted run holds is stored first.
        """
        for kept in self.journal.batches():
            self.store.upsert(kept)
            self.resumed += len(kept)
        known = {entry.id: entry for entry in self.store.entries()}
        rows = self._rows(source, options)
        with disk(self.pictures):
            self.pictures.mkdir(exist_ok=True)
        with _threads() as pool:
            writing: Future[None] = pool.submit(self._write, [], [])
            for batch in self._opened(_batches(self._changed(rows, known)), pool):
                same = [_entry(one) for one in batch if one.changed.stored]
                entries = self._entries([one for one in batch if not one.changed.stored])
                writing.result()
                writing = pool.submit(self._write, entries, same)
                fresh = sum(entry.id not in known for entry in entries)
                self.added, self.updated = self.added + fresh, self.updated + len(batch) - fresh
                self.encoded += len(entries)
            writing.result()
        self._remove([id_ for id_ in known if id_ not in self.seen])

    def _rows(self, source: Path | str, options: ReadingOptions) -> Iterator[Row]:
        """Yield the rows of a catalogue as far as they may be used; note problems, and the rest."""
        for found in self.admission.admitted(source, read_catalogue(source, options, self.fetch)):
            if isinstance(found, Row):
                yield found
            elif isinstance(found, ReadAs):
                self.read_as, self.drafts = found.said, found.drafts
            else:
                self.problems.add(found)

    def _changed(self, rows: Iterable[Row], known: Mapping[str, Entry]) -> Iterator[Changed]:
        """Yield the rows to store; report the known faults of unchanged rows again."""
        for found in rows:
            self.seen.add(found.item.id)
            self.report(len(self.seen))
            speaks = found.item.recordings or found.item.videos
            heard = self.encoders.transcriber if speaks else None
            encoded = encoded_digest(found.item, heard.name if heard else "")
            mark = digest(found.item, encoded)
            stored = known.get(found.item.id)
            before = stored.metadata if stored else {}
            if before.get("encoded") != encoded:
                yield Changed(found, mark, encoded)
                continue
            faults = json.loads(str(before.get("faults", "[]")))
            self._note(found.number, faults)
            if before.get("digest") != mark:
                yield Changed(found, mark, encoded, stored)

    def _opened(
        self, batches: Iterable[list[Changed]], pool: ThreadPoolExecutor
    ) -> Iterator[list[Opened]]:
        """Open the files of the next batch while the current one is encoded."""
        waiting: list[Future[Opened]] = []
        for batch in batches:
            following = [
                pool.submit(keep_files, one, one.stored)
                if one.stored
                else pool.submit(open_files, one, self.pictures)
                for one in batch
            ]
            if waiting:
                yield [one.result() for one in waiting]
            waiting = following
        if waiting:
            yield [one.result() for one in waiting]

    def _entries(self, batch: list[Opened]) -> list[Entry]:
        """Transcribe, embed and fuse a batch."""
        if not batch:
            return []
        heard = [hear_recordings(one, self.encoders, self.admission.discreet) for one in batch]
        items, pictures = [one.item for one in heard], [one.pictures for one in heard]
        found = embed_items(items, pictures, self.encoders, [one.sounds for one in heard])
        entries = []
        for one, parts in zip(heard, found, strict=True):
            self._note(one.changed.row.number, one.faults)
            entries.append(replace(_entry(one), vector=join(parts, self.encoders.dimensions)))
        return entries

    def _note(self, row: int, faults: Iterable[Sequence[str]]) -> None:
        for fault in faults:
            self.problems.add(Problem(row, *fault))

    def _write(self, entries: list[Entry], kept: list[Entry]) -> None:
        """Store entries, those in `kept` without their vectors."""
        self.journal.keep(entries)
        self.store.upsert(entries)
        self.store.update(kept)

    def _remove(self, vanished: list[str]) -> None:
        self.store.delete(vanished)
        self.removed = len(vanished)


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


def hear_recordings(opened: Opened, encoders: Encoders, discreet: Callable[[Item], Item]) -> Opened:
    """Add a transcript of each recording and video; without speech, a sound vector; or a fault.

    Speech gets no sound vector: any two voices would be similar, whatever they say. `discreet`
    leaves out what is private.
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
            spoken.append(transcript.words)
        elif sound is not None:
            sounds.append(sound)
        else:
            faults.append((column, f"says nothing: {transcript.notice}", str(path)))
    item = discreet(replace(opened.item, transcripts=tuple(spoken)))
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


def _batches(rows: Iterable[Changed]) -> Iterator[list[Changed]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
