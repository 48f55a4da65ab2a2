"""Load a language model by name: fetch it, quantise it once, and open its weights.

◆ multiprocessing. Knows names, folders and the order of these steps; does not know number formats,
which are in `int4_model.py` and `quantise.py`. A model is given as a registered name, a .gguf
file, a folder or a hub name; its quantised weights are stored in

    home/quantised/KEY/                its tokenizer, configuration, and weights in one file
    home/quantised/KEY/.made-from.json what it was made from, and for; else the folder is not used
    home/quantised/KEY/packed-…        NF4 weights, reordered for bitsandbytes' kernel for CPUs
    home/quantised/.making-KEY/        one that is being made; the next attempt goes on with it
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

from assistant.model.convert import Form, convert_folder, convert_gguf
from assistant.model.int4_model import Int4Form, open_int4
from assistant.model.origin import LAYOUT, MADE_FROM, Origin, is_made, kept_folder, origin_of
from assistant.model.quantise import NF4Form, be_quiet, open_nf4, quantise_folder
from retrieval.encoders.batching import best_device, multiplies_bfloat16
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
    kept, purpose = kept_folder(origin, home), _form().purpose
    if not is_made(kept, origin, purpose):
        _provide(origin, home, report)
        with _alone(kept):
            if not is_made(kept, origin, purpose):  # else another process made it meanwhile
                _make(origin, kept, report)
    with _translated(name):
        return _opened(kept), AutoTokenizer.from_pretrained(kept)


def _form() -> Form:
    """Return the form of weights that this machine computes with."""
    return NF4Form() if multiplies_bfloat16(best_device()) else Int4Form()


def _opened(kept: Path) -> PreTrainedModel:
    return open_nf4(kept) if multiplies_bfloat16(best_device()) else open_int4(kept)


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

    Runs in a separate process, whose memory is freed when it ends. If it is killed, or Magpie is
    stopped, what it has written stays for the next attempt.
    """
    making = kept.with_name(f".making-{kept.name}")
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
            shutil.rmtree(making, ignore_errors=True)
            raise said
        child.join()
        making.rename(kept)
    except EOFError as error:
        child.join()
        if child.exitcode == _EXCEPTION:  # an unexpected one
            shutil.rmtree(making, ignore_errors=True)
            raise ModelCorruptError(f"language model {origin.name} cannot be read") from error
        raise LanguageModelError(
            f"quantising {origin.name} was stopped from outside, perhaps for want of memory; close "
            "other programs, and it goes on where it was, or set a smaller model"
        ) from error
    finally:
        child.kill()
        child.join()
    report(FetchProgress(origin.name, "ready"))


def _make_apart(origin: Origin, making: Path, pipe: "Connection[object, object]") -> None:
    """Quantise in the child process; send FetchProgress, then None or the error."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stderr.fileno())  # hides progress bars that no option turns off
    be_quiet()
    try:
        with _translated(origin.name):
            making.mkdir(parents=True, exist_ok=True)
            _quantise(origin, making, pipe.send)
            gc.collect()
            _opened(making)
            marker = {"source": origin.source, "layout": LAYOUT, "purpose": _form().purpose}
            marker |= {name: version(name) for name in ("transformers", "bitsandbytes")}
            (making / MADE_FROM).write_text(json.dumps(marker, indent=1), "utf-8")
    except MagpieError as error:
        pipe.send(error)
    else:
        pipe.send(None)


def _quantise(origin: Origin, making: Path, report: ReportFetch) -> None:
    report(FetchProgress(origin.name, "quantising"))

    def count(done: int, layers: int) -> None:
        report(FetchProgress(origin.name, "quantising", "", done, layers))

    if origin.gguf:
        convert_gguf(Path(origin.place) / origin.gguf, making, _form(), count)
    elif isinstance(form := _form(), NF4Form):
        quantise_folder(origin.place, making)
    else:
        convert_folder(origin.place, making, form, count)


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
