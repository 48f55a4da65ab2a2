"""A zip of a table with its pictures and recordings → a folder that a catalogue is read from.

Knows zip files; knows no row. A zip is untrusted: nothing is written outside the folder, no link is
followed, only files of the kinds that a catalogue has are taken, and not more than fit the limits,
whatever the zip says of its own sizes.
"""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from retrieval.catalogue.formats.opening import TABLE_SUFFIXES
from retrieval.catalogue.reader import PICTURE_SUFFIXES
from retrieval.errors import CatalogueError
from retrieval.files import disk

MOST_FILES = 20_000
MOST_BYTES = 4 << 30  # of all files together, unpacked

_OTHERS = frozenset(".wav .mp3 .m4a .ogg .opus .flac .mp4 .webm .mov".split())
_TAKEN = TABLE_SUFFIXES | frozenset(PICTURE_SUFFIXES) | _OTHERS
_PIECE = 1 << 20  # bytes copied at once


def unpack_parcel(parcel: Path, into: Path, *, most: int = MOST_BYTES) -> Path:
    """Unpack a zip, and return its table, or the folder where it has only pictures.

    Raises:
        CatalogueError: it is no zip, is encrypted or too large, or has no table or several.
        StorageError: the disk is full or not writable.
    """
    try:
        with zipfile.ZipFile(parcel) as archive:
            taken = list(_taken(archive, parcel.name))
            left = most
            for member, place in taken:
                with archive.open(member) as content:
                    left = _written(content, into / place, left, parcel.name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise CatalogueError(f"{parcel.name} cannot be unpacked ({error}): zip it again") from error
    return _source([place for _, place in taken], into, parcel.name)


def _taken(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Yield what is unpacked, with its place in the folder."""
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise CatalogueError(f"{name} has {len(members):,} files: at most {MOST_FILES:,} are taken")
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16):
            continue
        if member.flag_bits & 1:
            raise CatalogueError(f"{name} is encrypted: zip it without a password")
        hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
        if not (hidden or place.is_absolute() or place.suffix.lower() not in _TAKEN):
            yield member, place


def _written(content: IO[bytes], place: Path, left: int, name: str) -> int:
    """Write a file, and return how many bytes may still be written."""
    with disk(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            while piece := content.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise CatalogueError(f"{name} is too large when unpacked: make it smaller")
                file.write(piece)
    return left


def _source(places: list[PurePosixPath], into: Path, name: str) -> Path:
    tables = [place for place in places if place.suffix.lower() in TABLE_SUFFIXES]
    if len(tables) > 1:
        told = ", ".join(map(str, tables[:3]))
        raise CatalogueError(f"{name} has {len(tables)} tables ({told}): leave one in it")
    if not places:
        raise CatalogueError(f"{name} has neither a table nor pictures: put them into it")
    return into / tables[0] if tables else into
