"""The manifest: a record of how an index was built, and the files of the index's folder.

Knows names, versions and encoders; knows no item and no store. An index that was built with other
encoders, another fusion or another schema is refused, with the command that rebuilds it.
"""

import io
import json
import re
import shlex
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from retrieval.catalogue.formats.opening import source_name
from retrieval.embed import Encoders
from retrieval.errors import (
    BAD_VALUE,
    IndexBusyError,
    IndexMismatchError,
    IndexMissingError,
    SettingsError,
    StoreError,
)
from retrieval.files import disk, write_whole
from retrieval.fusion.concatenation import Population, Populations
from retrieval.items import MODALITIES, Modality

SCHEMA = 4  # increment it when the format of records, vectors or the folder changes
FUSION = "concatenation"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
POPULATIONS, UNFINISHED = "populations.npz", "unfinished"
_MANIFEST, _LOCK = "manifest.json", "writing.lock"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built with."""

    schema: int
    fusion: str
    encoders: Mapping[str, str]  # "text", "picture" and "sound" → "name, dimension"
    source: str  # the catalogue's file, folder, or database URL without its password
    items: int = 0  # at the end of the last finished run
    finished: bool = False  # False only for what an interrupted run has left
    read_as: str = ""  # how the catalogue was read then, in one line
    generation: str = ""  # the folder inside the index's that is read: see generations.py


def index_folder(indexes: Path, name: str) -> Path:
    """Return the folder of a named index; raise SettingsError for a name that cannot be one."""
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} cannot name an index: use up to 60 letters, digits, - and _")
    return indexes / name


def new_manifest(encoders: Encoders, source: Path | str) -> Manifest:
    """Return the manifest for a new index with these encoders."""
    return Manifest(SCHEMA, FUSION, encoder_names(encoders), source_name(source))


def encoder_names(encoders: Encoders) -> dict[str, str]:
    """Return the encoders' names and dimensions as stored in a manifest."""
    text, picture, sound = encoders.text, encoders.picture, encoders.sound
    return {
        "text": f"{text.name}, {text.dimension}",
        "picture": f"{picture.name}, {picture.dimension}",
        "sound": f"{sound.name}, {sound.dimension}",
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; raise StorageError when the disk is full or not writable."""
    write_whole(folder / _MANIFEST, json.dumps(asdict(manifest), indent=2).encode())


def read_manifest(folder: Path) -> Manifest:
    """Return an index's manifest.

    Raises: IndexMissingError when there is none, IndexMismatchError when it cannot be read.
    """
    path = folder / _MANIFEST
    try:
        return TypeAdapter(Manifest).validate_json(path.read_bytes(), strict=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        if not (folder / UNFINISHED).is_dir():
            problem = f"there is no index {folder.name!r}: {cure(folder)}"
            raise IndexMissingError(problem) from error
        begun = read_manifest(folder / UNFINISHED)
        problem = f"the index {folder.name!r} is being built, or that was interrupted; to go on"
        raise IndexMissingError(f"{problem}: {cure(folder, begun.source)}") from error
    except (OSError, ValueError) as error:
        problem = f"{path} cannot be read ({' '.join(str(error).split())})"
        raise IndexMismatchError(f"{problem}: {cure(folder, rebuild=True)}") from error


def check_manifest(folder: Path, manifest: Manifest, encoders: Encoders) -> None:
    """Raise IndexMismatchError when an index was built with another schema, fusion or encoders."""
    now = new_manifest(encoders, manifest.source)
    for what in ("schema", "fusion", "encoders"):
        built, wanted = getattr(manifest, what), getattr(now, what)
        if built != wanted:
            raise IndexMismatchError(
                f"the index {folder.name!r} was built with {what} {_shown(built)}, "
                f"but {_shown(wanted)} is in use: {cure(folder, manifest.source, rebuild=True)}"
            )


def manifest_stamp(folder: Path) -> tuple[int, int, int]:
    """Return what changes whenever the manifest is replaced, without reading it."""
    try:
        seen = (folder / _MANIFEST).stat()
    except OSError:
        return (0, 0, 0)
    return (seen.st_mtime_ns, seen.st_ino, seen.st_size)


def generation_folder(folder: Path, generation: str) -> Path:
    """Return where a generation lies; "" is that of an earlier version: the index's own folder."""
    return folder / generation if generation else folder


def write_populations(place: Path, populations: Populations) -> None:
    """Write each modality's mean and covariance; raise StorageError when that fails."""
    arrays = {f"{name}_mean": populations[name].mean for name in MODALITIES}
    arrays |= {f"{name}_covariance": populations[name].covariance for name in MODALITIES}
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]
    write_whole(place / POPULATIONS, content.getvalue())


def read_populations(folder: Path, manifest: Manifest) -> dict[Modality, Population]:
    """Return each modality's mean and covariance; raise StoreError for an unfinished index."""
    path = generation_folder(folder, manifest.generation) / POPULATIONS
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return {
                name: Population(arrays[f"{name}_mean"], arrays[f"{name}_covariance"])
                for name in MODALITIES
            }
    except FileNotFoundError as error:
        problem = f"the index {folder.name!r} is being built, or that was interrupted; to go on"
        raise StoreError(f"{problem}: {cure(folder, manifest.source)}") from error
    except (zipfile.BadZipFile, *BAD_VALUE) as error:
        problem = f"{path} cannot be read ({error})"
        raise StoreError(f"{problem}: {cure(folder, manifest.source, rebuild=True)}") from error


def cure(folder: Path, source: str = "CATALOGUE", *, rebuild: bool = False) -> str:
    """Return the command that repairs an index."""
    again = " --rebuild" if rebuild else ""
    return f"magpie index {shlex.quote(source)} --name {folder.name}{again}"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold an index's lock, so that only this process writes to it.

    Raises: IndexBusyError when another process holds it, StorageError when the disk is not usable.
    """
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            problem = f"another process is writing to the index {folder.name!r}"
            raise IndexBusyError(f"{problem}: wait for it to end, or stop it") from error
    try:
        yield
    finally:
        lock.release()


def _shown(value: object) -> str:
    return "; ".join(value.values()) if isinstance(value, dict) else str(value)
