"""Build an index from a catalogue, update it, and open it for searching.

Knows the contents of an index's folder: the store with the records, the pictures from inside a
table, the populations (mean and covariance of each modality), the manifest. Knows no library: the
functions that open the store and the word index are passed in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import monotonic

import numpy as np

from retrieval.catalogue.formats.opening import source_name
from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import NO_OPTIONS, ReadingOptions
from retrieval.catalogue.remote_files import FetchFiles, leave_on_the_web
from retrieval.embed import Encoders
from retrieval.errors import IndexMissingError, StoreError
from retrieval.fusion.concatenation import Dimensions, Populations, describe, places
from retrieval.fusion.protocol import Family, Fusion
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.index.ingest import Intake
from retrieval.index.manifest import (
    Manifest,
    check_manifest,
    cure,
    forget_manifest,
    new_manifest,
    read_manifest,
    read_populations,
    write_manifest,
    write_populations,
    writing,
)
from retrieval.index.profile_file import build_profile, read_profile, write_profile
from retrieval.index.records import read_record
from retrieval.items import Catalogue, item_text
from retrieval.protocols import LexicalIndex, Vector, VectorStore

OpenStore = Callable[[Path], VectorStore]
OpenLexicalIndex = Callable[[Sequence[str]], LexicalIndex]

_STORE, _PICTURES = "store", "pictures"
_PAGE = 2000  # vectors in memory at once


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The result of an indexing run."""

    name: str
    items: int
    added: int
    updated: int
    unchanged: int
    removed: int
    problems: tuple[Problem, ...]  # by row
    seconds: float
    read_as: str = ""  # how the catalogue was read: "Shopify export: 41 products, 133 variants"
    drafts: int = 0  # products and variants that the shop does not sell: they are left out
    currencies: Mapping[str, int] = field(default_factory=dict)  # of the prices, with their items


@dataclass(frozen=True)
class Index:
    """An index opened for searching."""

    catalogue: Catalogue
    dimensions: Dimensions
    populations: Populations
    store: VectorStore
    lexical: LexicalIndex  # its documents are the catalogue's items, in order
    family: Family = FAMILIES[DEFAULT_FUSION]  # creates the fusion that scores the items

    @cached_property
    def fusion(self) -> Fusion:
        """The fusion over this index's vectors."""
        return self.family(self.populations, self.dimensions)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each item's position in the catalogue, by id."""
        return {id_: place for place, id_ in enumerate(self.catalogue.items)}

    @cached_property
    def has_sounds(self) -> bool:
        """Whether any item has a recording without speech."""
        _, flag = places(self.dimensions)["sound"]
        ids = [item.id for item in self.catalogue.items.values() if item.recordings or item.videos]
        pages = (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
        return any(
            vector[flag] > 0 for page in pages for vector in self.store.vectors(page).values()
        )


def index_catalogue(  # noqa: PLR0913 - the last four have defaults
    source: Path | str,
    folder: Path,
    encoders: Encoders,
    open_store: OpenStore,
    *,
    options: ReadingOptions = NO_OPTIONS,
    rebuild: bool = False,
    report: Callable[[int], None] = lambda rows: None,
    fetch: FetchFiles = leave_on_the_web,
) -> IndexReport:
    """Build or update an index; `report` is called with the number of rows read so far.

    `source` is a file, a folder of pictures, or a database's URL; `fetch` brings the files on the
    web that it names.

    Raises:
        CatalogueError: nothing can be read from `source`.
        IndexMismatchError: other encoders built it, and `rebuild` is False.
        IndexBusyError: another process is writing to it.
        StorageError: the disk is full or not writable; earlier entries are kept.

    """
    started = monotonic()
    with writing(folder):
        before = _begin(source, folder, encoders, rebuild=rebuild)
        with closing(open_store(folder / _STORE)) as store:
            if rebuild:
                store.clear()
            manifest = new_manifest(encoders, source)
            manifest = replace(manifest, items=before.items if before else 0)
            write_manifest(folder, manifest)
            intake = Intake(store, encoders, folder / _PICTURES, report, fetch)
            intake.run(source, options)
            if intake.encoded or intake.removed or not (before and before.finished):
                pages = _pages(store, sorted(intake.seen))
                write_populations(folder, describe(pages, encoders.dimensions))
            stored = (read_record(entry.document) for entry in store.entries())
            catalogue = Catalogue(folder.name, {item.id: item for item in stored})
            write_profile(folder, build_profile(catalogue, source))
            items = len(intake.seen)
            write_manifest(folder, replace(manifest, items=items, finished=True))
    return IndexReport(
        name=folder.name,
        items=items,
        added=intake.added,
        updated=intake.updated,
        unchanged=items - intake.added - intake.updated,
        removed=intake.removed,
        problems=tuple(sorted(intake.problems, key=lambda problem: problem.row)),
        seconds=round(monotonic() - started, 2),
        read_as=intake.read_as,
        drafts=intake.drafts,
        currencies=catalogue.currencies,
    )


def open_index(
    folder: Path,
    encoders: Encoders,
    open_store: OpenStore,
    open_lexical: OpenLexicalIndex,
    family: Family = FAMILIES[DEFAULT_FUSION],
) -> Index:
    """Open an index for searching, with any fusion.

    Raises:
        IndexMissingError: there is no index.
        IndexMismatchError: other encoders built it.
        StoreError: it was never finished, has lost items, or the store fails.

    """
    manifest = read_manifest(folder)
    check_manifest(folder, manifest, encoders)
    populations = read_populations(folder, manifest)
    store = open_store(folder / _STORE)
    items = [read_record(entry.document) for entry in store.entries()]
    if manifest.finished and len(items) != manifest.items:
        store.close()
        problem = f"the index {folder.name!r} has {len(items)} of its {manifest.items} items"
        raise StoreError(f"{problem}: {cure(folder, manifest.source)}")
    return Index(
        catalogue=Catalogue(folder.name, {item.id: item for item in items}, read_profile(folder)),
        dimensions=encoders.dimensions,
        populations=populations,
        store=store,
        lexical=open_lexical([" ".join((item_text(item), *item.transcripts)) for item in items]),
        family=family,
    )


def read_items(folder: Path, open_store: OpenStore) -> Catalogue:
    """Read an index's items, without loading the encoders that built it.

    Raises:
        IndexMissingError: there is no index.
        StoreError: the store fails.
    """
    read_manifest(folder)
    store = open_store(folder / _STORE)
    items = [read_record(entry.document) for entry in store.entries()]
    store.close()
    return Catalogue(folder.name, {item.id: item for item in items}, read_profile(folder))


def all_vectors(index: Index) -> Vector:
    """Return the stored vectors (items, width) in the catalogue's order.

    Raises:
        StoreError: the store lacks a vector, or fails.
    """
    ids = list(index.catalogue.items)
    width = sum(index.dimensions.values()) + len(index.dimensions)
    found = np.empty((len(ids), width), dtype=np.float32)
    for start in range(0, len(ids), _PAGE):
        page = index.store.vectors(ids[start : start + _PAGE])
        for at, id_ in enumerate(ids[start : start + _PAGE], start=start):
            if id_ not in page:
                raise StoreError(f"the index has lost {id_!r}: build it again with --rebuild")
            found[at] = page[id_]
    return found


def _begin(
    source: Path | str, folder: Path, encoders: Encoders, *, rebuild: bool
) -> Manifest | None:
    """Return the manifest of the existing index, None when there is no index to update."""
    if rebuild:
        forget_manifest(folder)
    try:
        manifest = read_manifest(folder)
    except IndexMissingError:
        return None
    check_manifest(folder, replace(manifest, source=source_name(source)), encoders)
    return manifest


def _pages(store: VectorStore, ids: Sequence[str]) -> Iterator[Vector]:
    for start in range(0, len(ids), _PAGE):
        yield np.stack(list(store.vectors(ids[start : start + _PAGE]).values()))
