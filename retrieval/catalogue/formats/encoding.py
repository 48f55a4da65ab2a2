"""In which encoding a text file is written.

Knows bytes; knows no row. UTF-8 and what a file says of itself come before any guess.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from retrieval.catalogue.formats.table import Problem
from retrieval.errors import CatalogueError

_MARKS = (  # what a text file begins with when it says its own encoding
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What programs write that is not UTF-8, the likeliest first, and what a person calls it.
_OTHERS = {
    "cp1252": "Windows-1252",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "cp1251": "Windows-1251",
    "cp932": "Shift-JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "Korean (Windows-949)",
}
_CHUNK = 1 << 20  # bytes
_SAMPLE = 1 << 16  # bytes that a guess looks at
_NEAR = 0.01  # of disorder, by which the likeliest may lead
WIDEST = 1 << 24  # characters of a line, and of the lines of one row, that are read at once
_ZEROS = 0.2  # of all bytes: more are zero only in UTF-16


def text_encoding(path: Path) -> tuple[str, list[Problem]]:
    """Return the encoding of a text file, with a problem where it had to be guessed.

    Raises: CatalogueError when it is no text at all.
    """
    with path.open("rb") as raw:
        start = raw.read(_SAMPLE)
    if start and not start.strip(b"\0"):
        raise CatalogueError(f"{path} holds zero bytes: it was never written whole; write it again")
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    wide = not marked and start.count(0) > _ZEROS * len(start)
    reason = "zero bytes between its letters" if wide else _fault(path, marked or "utf-8")
    if not reason:
        return marked or "utf-8", []
    guessed = "" if marked else _guessed(path, start)
    if not guessed:
        raise CatalogueError(f"{path} is not text ({reason}): save it as UTF-8")
    problem, cure = f"is not UTF-8: read as {_OTHERS[guessed]}", "save the file as UTF-8"
    return guessed, [Problem(0, "encoding", problem, reason, cure)]


def text_lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a text file; one without end comes in pieces of WIDEST characters."""
    return iter(lambda: file.readline(WIDEST), "")


def _guessed(path: Path, start: bytes) -> str:
    """Return the likeliest encoding in which the whole file can be read, "" for none."""
    from charset_normalizer import from_bytes

    sample = start if not start.isascii() else _telling_lines(path)
    found = list(from_bytes(sample, cp_isolation=list(_OTHERS)))
    found = [match for match in found if match.encoding in _OTHERS]  # it may say UTF-8 all the same
    best = min((match.chaos for match in found), default=0.0)
    likely = [match.encoding for match in found if match.chaos <= best + _NEAR]
    likely.sort(key=lambda name: name != "cp1252")  # of what is as likely, the most usual
    if not start.count(0):  # where the guess finds nothing
        likely.append("cp1252")
    return next((one for one in likely if not _fault(path, one)), "")


def _telling_lines(path: Path) -> bytes:
    """Return lines of a file that are not ASCII, up to the size of a sample."""
    found, size = [], 0
    with path.open("rb") as raw:
        for line in raw:
            if not line.isascii():
                found.append(line)
                size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(found)[:_SAMPLE]


def _fault(path: Path, encoding: str) -> str:
    """Return what stops a file from being read in an encoding, "" when nothing does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as raw:
        while True:
            chunk = raw.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                place = raw.tell() - len(chunk) + error.start
                return f"byte {error.object[error.start]:#04x} at {place}"
            if not chunk:
                return ""
