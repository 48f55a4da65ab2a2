"""Get a model's files from a local folder or the model hub.

Knows how to read each source (wheels: `wheels.py`), and writes files to the model's staging folder
(the "desk"). No source is trusted: the caller checks the SHA-256 of every file on the desk. Does
not decide which source is tried first or what happens when none has the file.
"""

import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from retrieval.errors import ModelCorruptError, ModelMissingError
from retrieval.models.registry import Model, ModelFile

ByteCount = Callable[[str, int], None]  # a file's path, and how many of its bytes have arrived


def from_folder(
    folder: Path, files: Sequence[ModelFile], desk: Path, count: ByteCount
) -> Iterator[ModelFile]:
    """Copy files from a local folder to the desk.

    Raises:
        ModelMissingError: the folder lacks a file.

    """
    for file in files:
        origin = folder / file.path
        if not origin.is_file():
            raise ModelMissingError(f"{origin} is not there")
        if (seen := origin.stat().st_size) != file.size:
            raise ModelCorruptError(f"{origin} has {seen:,} bytes, expected are {file.size:,}")
        (desk / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, desk / file.path)
        count(file.path, file.size)
        yield file


@cache
def hub_answers(endpoint: str | None = None, *, seconds: float = 3.0) -> bool:
    """Tell whether the model hub can be reached; checked once per run.

    Without this check, an offline machine would wait half a minute for every file.
    """
    from huggingface_hub import constants

    answered = threading.Event()

    def ask() -> None:
        request = urllib.request.Request(endpoint or constants.ENDPOINT, method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=seconds).close()
        except urllib.error.HTTPError:
            pass  # an HTTP error is an answer too
        except (OSError, ValueError):
            return
        answered.set()

    if constants.HF_HUB_OFFLINE:
        return False
    # In a thread, because no timeout applies to the DNS lookup.
    threading.Thread(target=ask, daemon=True).start()
    return answered.wait(seconds)


def from_hub(
    model: Model, endpoint: str | None, files: Sequence[ModelFile], desk: Path, count: ByteCount
) -> Iterator[ModelFile]:
    """Download files from the model's official repository to the desk; resume partial files.

    Raises:
        ModelMissingError: the hub does not answer, or has no such file.

    """
    from huggingface_hub import hf_hub_download

    if not hub_answers(endpoint):
        raise ModelMissingError("it does not answer")
    for file in files:
        try:
            hf_hub_download(
                model.hub,
                file.path,
                revision=model.revision,
                local_dir=desk,
                etag_timeout=5,
                endpoint=endpoint,
                tqdm_class=_counting_bar(file.path, count),
            )
        except OSError as error:
            if error.errno is not None:
                raise  # a disk error, not a hub error
            raise ModelMissingError(f"{file.path}: {str(error).splitlines()[0]}") from error
        yield file


def _counting_bar(path: str, count: ByteCount) -> type[Any]:
    """Return a progress bar for huggingface_hub that draws nothing and counts bytes."""
    from tqdm.auto import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *arguments: object, **options: object) -> None:
            options.pop("name", None)  # huggingface_hub adds this option
            super().__init__(*arguments, **{**options, "disable": True})

        def update(self, n: float | None = 1) -> None:
            self.n += n or 0
            count(path, int(self.n))

    return Bar
