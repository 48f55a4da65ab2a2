"""Settings → agent: load each model once and connect the parts in the order data flows.

This file, `models.py` and `commands/` import the ◆ files (those that need a heavy library) inside
their functions, so that `--help` and `models list` load no heavy library.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.models import (
    ReportStep,
    Step,
    load_encoders,
    load_language_model,
    load_message_reader,
    load_transcriber_later,
    reorders,
)
from demo import SHOP_DEMO, catalogue_path, demo_files, demo_names, transcripts_path
from retrieval.errors import IndexMismatchError, StoreError
from retrieval.models.registry import weights_digest

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.living_agent import LivingAgent
    from assistant.settings import Settings
    from retrieval.catalogue.reader import ReadingOptions
    from retrieval.catalogue.remote_media import RemoteMedia
    from retrieval.embed import Encoders
    from retrieval.fusion.protocol import Family
    from retrieval.index.building import IndexReport
    from retrieval.index.encoding import EncodeBatches
    from retrieval.index.index import Index
    from retrieval.index.placement import Placement
    from retrieval.items import Catalogue
    from retrieval.protocols import Transcriber

DEMO = SHOP_DEMO


def build_agent(settings: "Settings", report: ReportStep) -> "Agent":
    """Load everything that a conversation needs.

    Raises:
        MagpieError: a model, the index or the database cannot be used; the message says what to do.
    """
    from assistant.agent import Agent
    from assistant.memory.store import Memory
    from assistant.understanding.catalogue_values import Vocabulary

    encoders = load_encoders(settings, report)
    index = open_catalogue(settings, encoders, report)
    model = load_language_model(settings, report)
    agent = Agent(
        index=index,
        encoders=encoders,
        model=model,
        memory=Memory(settings.database, remembers=settings.remember),
        vocabulary=Vocabulary(index.catalogue, reader=load_message_reader(settings, report)),
        shown=settings.shown,
        explained=settings.explained,
        reranks=reorders(settings, model, report),
        links=settings.link,
    )
    label = f"The catalogue has {len(index.catalogue.items):,} items, told in {agent.language}"
    report(Step(label, doing="opened", about=settings.catalogue))
    return agent


def build_living_agent(settings: "Settings", report: ReportStep) -> "LivingAgent":
    """Load everything that a conversation needs, and follow the index; raises as `build_agent`."""
    return _follow_index(build_agent(settings, report), settings)


def build_beside(first: "Agent", settings: "Settings") -> "LivingAgent":
    """Open the index that the settings name for the models and the memory of an agent.

    Raises: StoreError or SettingsError, as `open_catalogue` does.
    """
    index = open_catalogue(settings, first.encoders, lambda step: None)
    vocabulary = first.vocabulary.over(index.catalogue)
    return _follow_index(replace(first, index=index, vocabulary=vocabulary), settings)


def _follow_index(agent: "Agent", settings: "Settings") -> "LivingAgent":
    """Let an agent follow the index that the settings name, which it has open."""
    from assistant.living_agent import LivingAgent
    from retrieval.index.bm25 import BM25Index
    from retrieval.index.index import open_index
    from retrieval.index.manifest import index_folder
    from retrieval.index.newer import IndexWatch

    folder, family = index_folder(settings.indexes_folder, settings.catalogue), agent.index.family
    placement = store_placement(settings)
    watch = IndexWatch(
        folder,
        agent.index.generation,
        lambda: open_index(folder, agent.encoders, placement.open, BM25Index, family),
    )
    return LivingAgent(agent, watch)


def open_catalogue(settings: "Settings", encoders: "Encoders", report: ReportStep) -> "Index":
    """Open the chosen index; a demo catalogue is indexed when it is not there yet.

    Raises:
        StoreError: the index is missing, unfinished or was built by other encoders.
        SettingsError: there is no such fusion.
    """
    from retrieval.index.bm25 import BM25Index
    from retrieval.index.index import open_index
    from retrieval.index.manifest import index_folder

    folder, name = index_folder(settings.indexes_folder, settings.catalogue), settings.catalogue
    if is_demo(name, folder):
        _index_demo(folder, settings, encoders, report)
    family = fusion_family(settings.fusion, name, encoders)
    return open_index(folder, encoders, store_placement(settings).open, BM25Index, family)


def store_placement(settings: "Settings") -> "Placement":
    """Return where the settings want vectors to be kept."""
    from retrieval.index.placement import Placement

    servers = tuple(settings.store.replace(",", " ").split())
    return Placement(servers, settings.shards, settings.store_token.get_secret_value())


def is_demo(name: str, folder: Path) -> bool:
    """Tell whether a name is a demo's, and no index of the user's own has it already."""
    from retrieval.catalogue.formats.opening import source_name
    from retrieval.index.manifest import read_manifest

    if name not in demo_names():
        return False
    try:
        source, own = read_manifest(folder).source, source_name(catalogue_path(name))
    except StoreError:  # none yet, or one that is built again
        return True
    return source == own or _was_elsewhere(Path(source), Path(own))


def _was_elsewhere(source: Path, own: Path) -> bool:
    """Tell whether an index is of this demo where an earlier installation had it, now gone."""
    return source.parts[-2:] == own.parts[-2:] and not source.exists()


def fusion_family(fusion: str, catalogue: str, encoders: "Encoders") -> "Family":
    """Return the fusion with a given name, or the trained one in a folder, for a catalogue.

    Raises: SettingsError when there is none.
    """
    from retrieval.fusion.registry import FAMILIES, family

    if fusion in FAMILIES or not Path(fusion).is_dir():
        return family(fusion)
    from retrieval.fusion.transformer import load
    from retrieval.index.manifest import encoder_names

    made_by = encoder_names(encoders)
    return lambda populations, dimensions: load(
        Path(fusion), populations, dimensions, made_by, catalogue
    )


def read_records(settings: "Settings") -> "Catalogue":
    """Read the chosen catalogue's records; no model is loaded.

    Raises:
        StoreError: the index is missing or cannot be read.
    """
    from retrieval.catalogue.reader import read_catalogue
    from retrieval.catalogue.rows import Row
    from retrieval.domains.admission import Admission
    from retrieval.index.index import read_items
    from retrieval.index.manifest import index_folder
    from retrieval.items import Catalogue

    name = settings.catalogue
    folder = index_folder(settings.indexes_folder, name)
    if not is_demo(name, folder):
        return read_items(folder, store_placement(settings).open)
    source, admission = catalogue_path(name), Admission()
    found = admission.admitted(source, read_catalogue(source))
    items = {row.item.id: row.item for row in found if isinstance(row, Row)}
    return Catalogue(name, items, domain=admission.domain)


def _index_demo(
    folder: Path, settings: "Settings", encoders: "Encoders", report: ReportStep
) -> None:
    """Build the demo's index, unless it is up to date with the demo's files and the encoders."""
    from retrieval.catalogue.formats.opening import source_name
    from retrieval.index.manifest import check_manifest, read_manifest

    rebuild = False
    try:
        manifest = read_manifest(folder)
        check_manifest(folder, manifest, encoders)
        here = manifest.source == source_name(catalogue_path(settings.catalogue))
        newest = max(path.stat().st_mtime for path in demo_files(settings.catalogue))
        if manifest.finished and here and newest < (folder / "manifest.json").stat().st_mtime:
            return
    except IndexMismatchError:
        rebuild = True
    except StoreError:
        label = f"The catalogue {settings.catalogue!r} is indexed once"
        report(Step(label, doing="indexing_once", about=settings.catalogue))
    encoders = replace(encoders, transcriber=_demo_transcriber(settings, report))
    index_source(catalogue_path(settings.catalogue), settings, encoders, report, rebuild=rebuild)


def _demo_transcriber(settings: "Settings", report: ReportStep) -> "Transcriber":
    """Return a transcriber that knows what the default speech model hears in the demo."""
    from retrieval.encoders.known_transcripts import KnownTranscripts, read_transcripts

    transcriber = load_transcriber_later(settings, report)
    weights = weights_digest(settings.speech_model)
    known = read_transcripts(transcripts_path(settings.catalogue), transcriber.name, weights)
    return KnownTranscripts(transcriber, known)


def index_source(  # noqa: PLR0913 - the last four have defaults
    source: Path | str,
    settings: "Settings",
    encoders: "Encoders",
    report: ReportStep,
    *,
    options: "ReadingOptions | None" = None,
    rebuild: bool = False,
    refetch: bool = False,
    encode: "EncodeBatches | None" = None,
) -> "IndexReport":
    """Build or update the index that the settings name, from a file, folder or database."""
    from retrieval.catalogue.formats.opening import source_name
    from retrieval.catalogue.reader import NO_OPTIONS
    from retrieval.index.index import index_catalogue
    from retrieval.index.manifest import index_folder

    name = Path(source_name(source)).name
    step = partial(Step, f"Indexing {name}", unit="items", doing="indexing", about=name)
    folder = index_folder(settings.indexes_folder, settings.catalogue)
    placement = store_placement(settings)
    with remote_media(settings, report, refetch=refetch) as media:
        done = index_catalogue(
            source,
            folder,
            encoders,
            placement.open,
            options=options or NO_OPTIONS,
            rebuild=rebuild,
            report=lambda rows: report(step(rows)),
            fetch=media.fetched,
            encode=encode,
        )
    placement.prune(folder)
    return done


def worker_encoders(settings: "Settings") -> "Encoders":
    """Open the encoders in a worker, which has nobody to report to."""
    return load_encoders(settings, lambda step: None)


def remote_media(
    settings: "Settings", report: ReportStep, *, refetch: bool = False
) -> "RemoteMedia":
    """Return what fetches the pictures and recordings that a catalogue names on the web."""
    from retrieval.catalogue.remote_media import RemoteMedia
    from retrieval.catalogue.web.limits import FetchLimits

    label = "Fetching pictures and recordings"
    step = partial(Step, label, unit="items", doing="fetching_media")
    return RemoteMedia(
        settings.media_folder,
        FetchLimits(private=settings.private_media),
        refetch=refetch,
        report=lambda done, met: report(step(done, met)),
    )
