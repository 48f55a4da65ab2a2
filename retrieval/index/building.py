"""The beginning and the end of an indexing run: from which state it starts, what it sums up.

Knows the folders of an index and the journal; encodes nothing and knows no library.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from retrieval.catalogue.formats.opening import source_name
from retrieval.catalogue.formats.table import Problem
from retrieval.domains.links import kept_links, read_links, write_kept_links
from retrieval.embed import Encoders
from retrieval.errors import IndexMismatchError, IndexMissingError, StoreError
from retrieval.files import disk
from retrieval.fusion.concatenation import describe
from retrieval.index.generations import STORE, sweep
from retrieval.index.ingest import Intake
from retrieval.index.journal import Journal
from retrieval.index.manifest import (
    POPULATIONS,
    Manifest,
    check_manifest,
    generation_folder,
    read_manifest,
    write_populations,
)
from retrieval.index.placement import is_placed_alike
from retrieval.index.problem_report import ProblemKind
from retrieval.index.profile_file import (
    build_profile,
    kept_domain,
    read_profile,
    write_domain,
    write_profile,
)
from retrieval.index.records import read_record
from retrieval.items import Catalogue
from retrieval.protocols import Vector, VectorStore

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
    problems: tuple[Problem, ...]  # the first thousand, by row
    seconds: float
    read_as: str = ""  # how the catalogue was read: "Shopify export: 41 products, 133 variants"
    drafts: int = 0  # products and variants that the shop does not sell: they are left out
    domain: str = "shop"  # what the catalogue was taken to be for
    refused: int = 0  # records of those who do not want to be found: they are left out
    currencies: Mapping[str, int] = field(default_factory=dict)  # of the prices, with their items
    problem_count: int = 0
    problem_kinds: tuple[ProblemKind, ...] = ()  # the most frequent first
    problems_file: Path | None = None  # with all of them, as CSV; None when there are none


@dataclass(frozen=True, slots=True)
class Base:
    """The generation that a run copies and changes."""

    place: Path
    manifest: Manifest

    @property
    def generation(self) -> str:
        """Its name."""
        return self.manifest.generation

    def whole_with(self, now: Catalogue, place: Path) -> bool:
        """Tell whether it can stay: it is finished, and has all but the items of a new one's too.

        That is what is kept beside them, and how its store is made.
        """
        if not is_placed_alike(self.place / STORE, place / STORE):
            return False
        profile, links = read_profile(self.place), kept_links(self.place)
        same = (profile, links) == (now.profile, now.links)
        return self.manifest.finished and same and kept_domain(self.place, profile) == now.domain


def begin(
    source: Path | str, folder: Path, encoders: Encoders, *, rebuild: bool
) -> tuple[Base | None, Journal]:
    """Return the generation to start from, None to start from nothing, and the journal.

    The journal has what an interrupted run has encoded, where that holds for these encoders. What
    else a killed run has left is removed, so that there is room for the next one.

    Raises: IndexMismatchError when other encoders built the index, and `rebuild` is False.
    """
    _sweep_before(folder)
    journal = Journal(folder)
    if left := None if rebuild else journal.manifest:
        try:
            check_manifest(folder, left, encoders)
        except IndexMismatchError:
            left = None
    if left is None:
        journal.discard()
    if rebuild or journal.afresh:
        return None, journal
    try:
        manifest = read_manifest(folder)
    except IndexMissingError:
        return None, journal
    check_manifest(folder, replace(manifest, source=source_name(source)), encoders)
    return Base(generation_folder(folder, manifest.generation), manifest), journal


def sum_up(intake: Intake, place: Path, base: Base | None, source: Path | str) -> Catalogue:
    """Write a generation's populations and profile; return its catalogue.

    Where no vector has changed since the generation it was copied from, the populations hold.
    """
    vectors_changed = intake.encoded or intake.removed or intake.resumed
    if base and base.manifest.finished and not vectors_changed:
        with disk(place):
            shutil.copyfile(base.place / POPULATIONS, place / POPULATIONS)
    else:
        pages = _pages(intake.store, sorted(intake.seen))
        write_populations(place, describe(pages, intake.encoders.dimensions))
    stored = (read_record(entry.document) for entry in intake.store.entries())
    catalogue = Catalogue(place.parent.name, {item.id: item for item in stored})
    profile = build_profile(catalogue, source)
    write_profile(place, profile)
    domain, unlinked = intake.admission.domain, intake.admission.unlinked
    write_domain(place, domain)
    links = read_links(source, intake.seen - unlinked)
    write_kept_links(place, links)
    return replace(catalogue, profile=profile, domain=domain, links=links)


def _pages(store: VectorStore, ids: Sequence[str]) -> Iterator[Vector]:
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        found = store.vectors(page)
        if len(found) < len(page):
            lost = next(id_ for id_ in page if id_ not in found)
            raise StoreError(f"the index has lost {lost!r}: build it again with --rebuild")
        yield np.stack(list(found.values()))


def sweep_pictures(folder: Path, catalogue: Catalogue) -> None:
    """Remove the pictures from inside a table that no item shows any more."""
    used = {picture for item in catalogue.items.values() for picture in item.pictures}
    with disk(folder):
        for path in folder.iterdir():
            if path not in used:
                path.unlink()


def _sweep_before(folder: Path) -> None:
    """Remove what a killed run has left, so that there is room for the next one."""
    try:
        sweep(folder, read_manifest(folder).generation)
    except IndexMissingError:
        sweep(folder, "")
    except IndexMismatchError:  # it cannot be told which generation is the finished one
        return
