"""Write files atomically: completely or not at all; read only what is a file, and not too large.

Knows the disk; knows nothing of what is written.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident

from retrieval.errors import StorageError


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file atomically: a reader sees the old content or the new, never a part of it.

    A private one can be read and written by its owner alone.

    Raises: StorageError when the disk is full or not writable; no partial file is left.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        with disk(path):
            half.touch(mode=0o600 if private else 0o666)
            half.write_bytes(content)
            half.replace(path)
    finally:
        with suppress(OSError):
            half.unlink()


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turn an OSError into a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        cure = "make room there, or use another folder"
        raise StorageError(f"{path} cannot be written ({reason}): {cure}") from error


def size_of_file(path: Path, *, most: int = 1 << 62) -> int:
    """Return a regular file's size in bytes, without opening it.

    A pipe or a device may never end, and what the kernel shows as a file has no size: such are
    opened by nobody who has asked this.

    Raises: OSError when there is no file, it is no regular one, or it is larger than `most`.
    """
    seen = path.stat()
    if not stat.S_ISREG(seen.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    if seen.st_size > most:
        raise OSError(errno.EFBIG, f"{seen.st_size:,} bytes, at most {most:,} are read", str(path))
    return seen.st_size
