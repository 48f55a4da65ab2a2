"""Load a language model by name: fetch it, quantise it once, and open its weights.

◆ multiprocessing. Knows names, folders and the order of these steps; does not know number formats,
which are in `quantise.py`. A model is given as a registered name, a .gguf file, a folder or a hub
name; its quantised weights are stored in

    home/quantised/KEY/                as transformers saves it; opens on a GPU or a CPU
    home/quantised/KEY/.made-from.json what it was made from; without it the folder is not used
    home/quantised/KEY/packed-…        the same weights, reordered for this CPU's fast kernel
"""

import gc
import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from safetensors import SafetensorError
from transformers import AutoTokenizer, PreTrainedModel

from assistant.model.origin import LAYOUT, MADE_FROM, Origin, is_made, kept_folder, origin_of
from assistant.model.quantise import be_quiet, open_quantised, quantise_folder, quantise_gguf
from retrieval.errors import (
    LanguageModelError,
    MagpieError,
    ModelCorruptError,
    ModelMissingError,
    StorageError,
)
from retrieval.models.fetch import FetchProgress, ReportFetch, fetch
from retrieval.models.registry import registry
from retrieval.models.sources import hub_answers

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_EXCEPTION = 1  # exit status of a Python process that raised an exception


def open_model(name: str, home: Path, report: ReportFetch) -> tuple[PreTrainedModel, Any]:
    """Return a model and its tokenizer, after fetching and quantising it if needed.

    Raises:
        ModelMissingError: the name is neither registered, nor a path, nor on a hub that answers.
        ModelCorruptError: the files are not a causal language model.
        LanguageModelError: there was not enough memory to quantise it.
        StorageError: the disk is full or not writable.

    """
    be_quiet()
    origin = origin_of(name, home)
    kept = kept_folder(origin, home)
    if not is_made(kept, origin):
        _provide(origin, home, report)
        with _alone(kept):
            if not is_made(kept, origin):  # else another process made it meanwhile
                _make(origin, kept, report)
    with _translated(name):
        return open_quantised(kept), AutoTokenizer.from_pretrained(kept)


# ---- made once ----------------------------------------------------------------------------------


def _provide(origin: Origin, home: Path, report: ReportFetch) -> None:
    """Make sure that the original weights are available."""
    if origin.name in registry():
        fetch(home, origin.name, report=report)
    elif origin.gguf:
        file = Path(origin.place) / origin.gguf
        with file.open("rb") as start:
            if start.read(4) != b"GGUF":
                raise ModelCorruptError(f"language model {file} is no GGUF file")
    elif not Path(origin.place).is_dir() and not hub_answers():
        raise ModelMissingError(f"the model hub does not answer, so {origin.name} cannot be had")


def _make(origin: Origin, kept: Path, report: ReportFetch) -> None:
    """Quantise into a temporary folder, and rename it when it is complete.

    Runs in a separate process, because it needs several times the memory of the result; all of it
    is freed when the process ends.
    """
    making = kept.with_name(f".making-{kept.name}")
    shutil.rmtree(making, ignore_errors=True)
    shutil.rmtree(kept, ignore_errors=True)
    _check_room(origin, kept.parent)
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_make_apart, args=(origin, making, there), daemon=True)
    child.start()
    there.close()
    try:
        while isinstance(said := here.recv(), FetchProgress):
            report(said)
        if isinstance(said, MagpieError):
            raise said
        child.join()
        making.rename(kept)
    except EOFError as error:
        child.join()
        if child.exitcode == _EXCEPTION:  # an unexpected one
            raise ModelCorruptError(f"language model {origin.name} cannot be read") from error
        raise LanguageModelError(
            f"quantising {origin.name} was stopped from outside, perhaps for want of memory (it "
            "needs four times what the weights need); close other programs or set a smaller model"
        ) from error
    finally:
        child.kill()
        child.join()
        shutil.rmtree(making, ignore_errors=True)
    report(FetchProgress(origin.name, "ready"))


def _make_apart(origin: Origin, making: Path, pipe: "Connection[object, object]") -> None:
    """Quantise in the child process; send FetchProgress, then None or the error."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stderr.fileno())  # hides progress bars that no option turns off
    be_quiet()
    try:
        with _translated(origin.name):
            making.mkdir(parents=True)
            _quantise(origin, making, pipe.send)
            gc.collect()
            open_quantised(making)
            marker = {"source": origin.source, "layout": LAYOUT}
            marker |= {name: version(name) for name in ("transformers", "bitsandbytes")}
            (making / MADE_FROM).write_text(json.dumps(marker, indent=1), "utf-8")
    except MagpieError as error:
        pipe.send(error)
    else:
        pipe.send(None)


def _quantise(origin: Origin, making: Path, report: ReportFetch) -> None:
    report(FetchProgress(origin.name, "quantising"))
    if origin.gguf:
        quantise_gguf(
            Path(origin.place) / origin.gguf,
            making,
            lambda done, layers: report(FetchProgress(origin.name, "quantising", "", done, layers)),
        )
    else:
        quantise_folder(origin.place, making)


def _check_room(origin: Origin, folder: Path) -> None:
    file = Path(origin.place) / origin.gguf
    needed = 2 * file.stat().st_size if file.is_file() else 0
    if (free := shutil.disk_usage(folder).free) < needed:
        raise StorageError(
            f"{folder}: quantising {origin.name} needs {needed / 1e6:,.0f} MB, only "
            f"{free / 1e6:,.0f} MB are free; make room, or set MAGPIE_HOME to another disk"
        )


# ---- one process at a time, and plain errors ----------------------------------------------------


@contextmanager
def _alone(kept: Path) -> Iterator[None]:
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(kept.with_name(f".{kept.name}.lock")):
            yield
    except PermissionError as error:
        raise StorageError(
            f"{kept.parent} is not writable; set MAGPIE_HOME to a folder that is"
        ) from error


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, SafetensorError) as error:
        full = "No space left" in str(error)
        if full or isinstance(error, PermissionError):
            raise StorageError(
                f"language model {name} cannot be kept: {error}; make room, or set MAGPIE_HOME "
                "to a folder on another disk"
            ) from error
        raise ModelCorruptError(f"language model {name} cannot be read: {_line(error)}") from error
    except (RuntimeError, ValueError, LookupError, ImportError) as error:
        raise ModelCorruptError(
            f"language model {name} cannot be opened: {_line(error)}"
        ) from error


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
