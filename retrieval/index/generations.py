"""The generations of an index: the finished one that is read, the one being built, and old ones.

    shop/manifest.json       names the finished generation; replaced in one step
    shop/generation-7/       its store, populations and profile; never changed once it is finished
    shop/readers/            a lock for each open index, which names the generation that it reads
    shop/unfinished/         what an interrupted run has encoded: see journal.py
    shop/pictures/           pictures from inside a table, named by content, shared by all
    shop/report.csv          what could not be used in the last run

Knows folders and locks; knows no store. A reader takes its lock first and then looks whether the
manifest still names the same generation; a writer replaces the manifest first and then looks for
locks. So no generation is removed under a reader, and a killed process holds nothing. An index of
an earlier version has its only generation in the folder itself; it is read and updated like others.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout

from retrieval.domains.links import LINKS
from retrieval.files import disk
from retrieval.index.manifest import POPULATIONS, Manifest, read_manifest
from retrieval.index.profile_file import DOMAIN, PROFILE

STORE = "store"

_READERS = "readers"
_GENERATION = re.compile(r"generation-(\d+)")


@contextmanager
def held_generation(folder: Path) -> Iterator[Manifest]:
    """Keep the finished generation from being removed; yield the manifest that names it.

    Raises: IndexMissingError when there is no index, StorageError when the disk is not usable.
    """
    while True:
        manifest = read_manifest(folder)
        place = folder / _READERS / f"{manifest.generation}.{os.getpid()}-{token_hex(4)}.lock"
        lock = FileLock(place, thread_local=False)  # an index is closed by any thread
        with disk(folder):
            place.parent.mkdir(exist_ok=True)
            lock.acquire()
        try:
            if place.exists() and read_manifest(folder).generation == manifest.generation:
                yield manifest
                return
        finally:
            with suppress(OSError):  # what is left here, the next writer removes
                place.unlink()
            lock.release()


def new_generation(folder: Path) -> str:
    """Make the folder of the next generation; return its name."""
    with disk(folder):
        numbers = [int(match[1]) for one in folder.iterdir() if (match := _numbered(one))]
        name = f"generation-{max(numbers, default=0) + 1}"
        (folder / name).mkdir()
    return name


def remove_generation(folder: Path, generation: str) -> None:
    """Remove a generation's files; of an earlier version's, what is in the index's own folder."""
    with disk(folder):
        if generation:
            shutil.rmtree(folder / generation, ignore_errors=True)
            return
        shutil.rmtree(folder / STORE, ignore_errors=True)
        for name in (POPULATIONS, PROFILE, DOMAIN, LINKS):
            (folder / name).unlink(missing_ok=True)


def sweep(folder: Path, current: str) -> bool:
    """Remove the generations but the current one that nobody reads; tell whether none is left."""
    with disk(folder):
        others = {one.name for one in folder.iterdir() if _numbered(one)}
        if (folder / STORE).is_dir():
            others.add("")
        others.discard(current)
        read = {lock.name.partition(".")[0] for lock in _locks(folder) if not _abandoned(lock)}
    for name in others - read:
        remove_generation(folder, name)
    return not others & read


def _numbered(path: Path) -> re.Match[str] | None:
    return _GENERATION.fullmatch(path.name)


def _locks(folder: Path) -> list[Path]:
    place = folder / _READERS
    return list(place.iterdir()) if place.is_dir() else []


def _abandoned(path: Path) -> bool:
    """Tell whether a reader's lock is left over from a process that died; remove it if so."""
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return False
    path.unlink(missing_ok=True)
    lock.release()
    return True
