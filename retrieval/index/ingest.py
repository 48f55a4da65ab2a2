"""Turn the rows of a catalogue into entries of a store, in batches.

Knows which rows have changed and writes a batch while the next is encoded; knows no library and no
manifest, nor where encoding is done. What is encoded is noted in a journal before it is stored, so
that an interruption loses at most the batches that are being encoded, and one more.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import ReadAs, ReadingOptions, read_catalogue
from retrieval.catalogue.remote_files import FetchFiles
from retrieval.catalogue.rows import Row
from retrieval.domains.admission import Admission
from retrieval.embed import Encoders
from retrieval.files import disk
from retrieval.index.encoding import Changed, EncodeBatches
from retrieval.index.journal import Journal
from retrieval.index.problem_report import ProblemReport
from retrieval.index.records import digest, encoded_digest
from retrieval.protocols import Entry, VectorStore

_BATCH = 256  # items


@dataclass
class Intake:
    """One pass over a catalogue, with counts of its work so far."""

    store: VectorStore
    journal: Journal
    encoders: Encoders
    pictures: Path  # folder for pictures from inside a table
    report: Callable[[int], None]
    problems: ProblemReport
    fetch: FetchFiles
    encode: EncodeBatches
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
        found = self.encode(_batches(self._changed(rows, known)), self.pictures)
        with ThreadPoolExecutor(1, thread_name_prefix="index") as writer, closing(found):
            writing: Future[None] = writer.submit(self._write, [], [])
            for batch in found:
                same = [one.entry for one in batch if one.changed.stored]
                entries = [one.entry for one in batch if not one.changed.stored]
                for one in batch:
                    self._note(one.changed.row.number, one.faults)
                writing.result()
                writing = writer.submit(self._write, entries, same)
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
                private = self.admission.withheld.get(found.item.id, ())
                yield Changed(found, mark, encoded, private=private)
                continue
            faults = json.loads(str(before.get("faults", "[]")))
            self._note(found.number, faults)
            if before.get("digest") != mark:
                yield Changed(found, mark, encoded, stored)

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


def _batches(rows: Iterable[Changed]) -> Iterator[list[Changed]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
