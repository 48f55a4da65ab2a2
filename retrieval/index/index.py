"""Build an index from a catalogue, update it, and open it for searching.

Knows the contents of a generation's folder: the store with the records, the populations (mean and
covariance of each modality), the profile. A run writes a generation of its own, which the manifest
names at its end; until then the former is read. Knows no library: what opens stores is passed in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import monotonic

import numpy as np

from retrieval.catalogue.reader import NO_OPTIONS, ReadingOptions
from retrieval.catalogue.remote_files import FetchFiles, leave_on_the_web
from retrieval.domains.links import kept_links
from retrieval.embed import Encoders
from retrieval.errors import StoreError
from retrieval.fusion.concatenation import Dimensions, Populations, aim, places, taken_apart
from retrieval.fusion.protocol import Family, Fusion
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.index.building import IndexReport, begin, sum_up, sweep_pictures
from retrieval.index.encoding import EncodeBatches, EncodingHere
from retrieval.index.generations import (
    STORE,
    held_generation,
    new_generation,
    remove_generation,
    sweep,
)
from retrieval.index.ingest import Intake
from retrieval.index.manifest import (
    Manifest,
    check_manifest,
    cure,
    generation_folder,
    new_manifest,
    read_populations,
    write_manifest,
    writing,
)
from retrieval.index.problem_report import ProblemReport
from retrieval.index.profile_file import kept_domain, read_profile
from retrieval.index.records import read_record
from retrieval.items import Catalogue, Item, item_text
from retrieval.protocols import LexicalIndex, Vector, VectorStore
from retrieval.recommendation.graph import LinkGraph

OpenStore = Callable[[Path], VectorStore]
OpenLexicalIndex = Callable[[Sequence[str]], LexicalIndex]

PROBLEMS = "report.csv"  # what could not be used in the last run
_PICTURES = "pictures"
_PAGE = 2000  # vectors in memory at once
_SAMPLED = 200  # items whose nearest other picture is looked up
_NEAR = 8  # items among which the one with the nearest picture is
_SAME = 0.97  # cosine from which two pictures are one


@dataclass(frozen=True)
class Index:
    """An index opened for searching."""

    catalogue: Catalogue
    dimensions: Dimensions
    populations: Populations
    store: VectorStore
    lexical: LexicalIndex  # its documents are the catalogue's items, in order
    family: Family = FAMILIES[DEFAULT_FUSION]  # creates the fusion that scores the items
    generation: str = ""  # which of the index's states this is
    opened: ExitStack = field(default_factory=ExitStack)  # what `close` closes

    def close(self) -> None:
        """Close the store, and let the generation be removed when it is an old one."""
        self.opened.close()

    @cached_property
    def fusion(self) -> Fusion:
        """The fusion over this index's vectors."""
        return self.family(self.populations, self.dimensions)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each item's position in the catalogue, by id."""
        return {id_: place for place, id_ in enumerate(self.catalogue.items)}

    @cached_property
    def own_likeness(self) -> Vector:
        """The cosine of each of some pictured items with the nearest picture of another, rising."""
        ids = list(self.places)
        some = self.store.vectors(ids[:: max(1, len(ids) // _SAMPLED)])
        nearest = (
            nearest_picture(parts["picture"], self, apart_from=id_, below=_SAME)
            for id_, vector in some.items()
            if "picture" in (parts := taken_apart(vector, self.dimensions))
        )
        return np.sort(np.array([one for one in nearest if one is not None], np.float32))

    @cached_property
    def graph(self) -> LinkGraph:
        """Who is linked with whom."""
        return LinkGraph(self.catalogue.links)

    @cached_property
    def has_sounds(self) -> bool:
        """Whether any item has a recording without speech."""
        _, flag = places(self.dimensions)["sound"]
        ids = [item.id for item in self.catalogue.items.values() if item.recordings or item.videos]
        pages = (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
        return any(
            vector[flag] > 0 for page in pages for vector in self.store.vectors(page).values()
        )


def nearest_picture(
    photo: Vector, index: Index, *, apart_from: str = "", below: float = 2.0
) -> float | None:
    """Return the cosine of the nearest catalogue picture with a photo, None where there is none.

    Pictures as near as `below` are passed over: variants of one thing may share theirs.
    """
    aimed = aim({"picture": photo}, {"picture": 1.0}, index.populations, index.dimensions)
    near = [id_ for id_ in index.store.nearest(aimed, limit=_NEAR) if id_ != apart_from]
    parts = (taken_apart(one, index.dimensions) for one in index.store.vectors(near).values())
    cosines = (float(one["picture"] @ photo) for one in parts if "picture" in one)
    return max((one for one in cosines if one < below), default=None)


def index_catalogue(  # noqa: PLR0913 - the last five have defaults
    source: Path | str,
    folder: Path,
    encoders: Encoders,
    open_store: OpenStore,
    *,
    options: ReadingOptions = NO_OPTIONS,
    rebuild: bool = False,
    report: Callable[[int], None] = lambda rows: None,
    fetch: FetchFiles = leave_on_the_web,
    encode: EncodeBatches | None = None,
) -> IndexReport:
    """Build or update an index; `report` is called with the number of rows read so far.

    `source` is a file, a folder of pictures, or a database's URL; `fetch` brings the files on the
    web that it names; `encode` is where rows are encoded, in this process by default.

    Raises:
        CatalogueError: nothing can be read from `source`.
        IndexMismatchError: other encoders built it, and `rebuild` is False.
        IndexBusyError: another process is writing to it.
        StorageError: the disk is full or not writable; what was encoded is kept for the next run.

    """
    started = monotonic()
    with writing(folder):
        base, journal = begin(source, folder, encoders, rebuild=rebuild)
        manifest = new_manifest(encoders, source)
        journal.begin(manifest, afresh=base is None)
        with ExitStack() as undo:
            undo.callback(journal.close)
            problems = ProblemReport(folder / PROBLEMS)
            undo.callback(problems.close)
            generation = new_generation(folder)
            undo.callback(remove_generation, folder, generation)
            place = folder / generation
            if base:
                with closing(open_store(base.place / STORE)) as store:
                    store.copy_to(place / STORE)
            with closing(open_store(place / STORE)) as store:
                pictures = folder / _PICTURES
                coded = encode or EncodingHere(encoders)
                intake = Intake(store, journal, encoders, pictures, report, problems, fetch, coded)
                intake.run(source, options)
                catalogue = sum_up(intake, place, base, source)
            if base and not intake.changed and base.whole_with(catalogue, place):
                generation = base.generation
            else:
                undo.pop_all()
            problems.close()
            items = len(intake.seen)
            manifest = replace(manifest, items=items, finished=True, generation=generation)
            write_manifest(folder, replace(manifest, read_as=intake.read_as))
        journal.discard()
        if sweep(folder, generation):
            sweep_pictures(folder / _PICTURES, catalogue)
    return IndexReport(
        name=folder.name,
        items=items,
        added=intake.added,
        updated=intake.updated,
        unchanged=items - intake.added - intake.updated,
        removed=intake.removed,
        problems=tuple(sorted(problems.first, key=lambda problem: problem.row)),
        seconds=round(monotonic() - started, 2),
        read_as=intake.read_as,
        domain=catalogue.domain.name,
        refused=intake.admission.refused,
        drafts=intake.drafts,
        currencies=catalogue.currencies,
        problem_count=problems.count,
        problem_kinds=tuple(sorted(problems.kinds.values(), key=lambda kind: -kind.rows)),
        problems_file=problems.file,
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
    with ExitStack() as opened:
        manifest = opened.enter_context(held_generation(folder))
        check_manifest(folder, manifest, encoders)
        populations = read_populations(folder, manifest)
        place = generation_folder(folder, manifest.generation)
        store = opened.enter_context(closing(open_store(place / STORE)))
        items = [read_record(entry.document) for entry in store.entries()]
        if manifest.finished and len(items) != manifest.items:
            problem = f"the index {folder.name!r} has {len(items)} of its {manifest.items} items"
            raise StoreError(f"{problem}: {cure(folder, manifest.source)}")
        words = [" ".join((item_text(item), *item.transcripts)) for item in items]
        return Index(
            catalogue=catalogue_of(folder.name, items, place),
            dimensions=encoders.dimensions,
            populations=populations,
            store=store,
            lexical=open_lexical(words),
            family=family,
            generation=manifest.generation,
            opened=opened.pop_all(),
        )


def read_items(folder: Path, open_store: OpenStore) -> Catalogue:
    """Read an index's items, without loading the encoders that built it; raises as `held_items`."""
    with held_items(folder, open_store) as (_, catalogue, _store):
        return catalogue


@contextmanager
def held_items(
    folder: Path, open_store: OpenStore
) -> Iterator[tuple[Manifest, Catalogue, VectorStore]]:
    """Hold an index's newest generation: its manifest, its items, and the store of its vectors.

    Raises:
        IndexMissingError: there is no index.
        StoreError: the store fails.
    """
    with held_generation(folder) as manifest:
        place = generation_folder(folder, manifest.generation)
        with closing(open_store(place / STORE)) as store:
            items = [read_record(entry.document) for entry in store.entries()]
            yield manifest, catalogue_of(folder.name, items, place), store


def catalogue_of(name: str, items: Sequence[Item], place: Path) -> Catalogue:
    """Return items with what is kept beside them in a generation's folder."""
    profile, known = read_profile(place), {item.id: item for item in items}
    return Catalogue(name, known, profile, kept_domain(place, profile), kept_links(place))


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
