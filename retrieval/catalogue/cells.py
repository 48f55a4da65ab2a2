"""What one cell holds: text, files, or facts inside of facts.

Knows values as formats give them; knows no column's meaning.
"""

import glob
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from retrieval.catalogue.formats.markup import plain_text
from retrieval.catalogue.formats.table import plain_name
from retrieval.catalogue.web.address import RemoteFile

Complaints = list[tuple[str, ...]]  # field, problem, value, cure: as in Problem
NamedFile = Path | bytes | RemoteFile

_NOT_THERE = ("is not there", "check the path, which starts at the catalogue's folder")
_NO_WEB = ("is neither http nor https, nor a file", "name a file, or an http or https address")
_OUTSIDE = (
    "lies outside the catalogue's folder and is not read",
    "put it, or a link to it, beside the catalogue",
)
# Control characters, halves of characters, and marks that turn the direction of what follows.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_UNSEEN = frozenset(("Cf", "Mn", "Me", "Zl", "Zp", "Zs"))  # categories of Unicode
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"  # letters and a symbol by category, empty on paper
_WEB = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_INSIDE = ("bytes", "path", "url", "contentUrl", "src")  # where an object holds its file
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")
_NEXT_ADDRESS = re.compile(r"(?:[,;]\s*|\s+)(?=https?://)", re.IGNORECASE)
_FETCHED = re.compile(r"(?:https?:)?//(?=[^/])", re.IGNORECASE)


def printable(text: str) -> str:
    """Return a text without control characters and direction marks, outer space removed.

    A text of which nothing can be seen, such as one zero-width space, is empty.
    """
    kept = _UNPRINTABLE.sub("", text).strip()
    return kept if any(map(_is_seen, kept)) else ""


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and character not in _BLANK


def cell_text(value: object) -> str:
    """Return a cell as printable text: numbers without a needless ".0", lists with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return "" if value != value else f"{value:.15g}"
        case list() | tuple():
            return ", ".join(text for part in value if (text := cell_text(part)))
        case bytes():
            return ""
        case _:
            return printable(str(value))


def prose(value: object) -> str:
    """Return a cell as text without markup."""
    return plain_text(cell_text(value)).strip()


def last_step(value: object, *, several: bool = False) -> str:
    """Return the last part of a category path; of `several` with commas between, the first's."""
    text = prose(value)
    if several:
        text = _UNESCAPED_COMMA.split(text)[0].replace("\\,", ",")
    return text.rpartition(">")[2].strip() if ">" in text else text


def flattened(field: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield a cell's facts by name; what is nested gets its names joined."""
    if isinstance(value, Mapping):
        for inner, part in value.items():
            name = plain_name(cell_text(inner))
            yield from flattened(name if field == "attributes" else f"{field} {name}", part)
    else:
        yield field, prose(value)


def cell_files(value: object, field: str, folder: Path) -> tuple[list[NamedFile], Complaints]:
    """Return the files and encoded pictures that a cell names or holds."""
    found: list[NamedFile] = []
    complaints = Complaints()
    for part in _parts(value):
        if isinstance(part, bytes):
            found.append(part)
            continue
        files: list[NamedFile] = [] if _WEB.match(part) else [*_matches(part, folder)]
        if not files and (web := _FETCHED.match(part)):
            files = [RemoteFile(f"https:{part}" if web[0] == "//" else part)]
        if not files:
            complaints.append((field, *_why_none(part, folder)))
        found.extend(files)
    if field != "pictures" and any(isinstance(part, bytes) for part in found):
        complaints.append((field, "inside a table are not read", "", "name files"))
    return list(dict.fromkeys(found)), complaints


def _parts(value: object) -> Iterator[str | bytes]:
    """Yield the paths and the bytes in a cell: text parted by |, bytes, {bytes, path …}, lists."""
    match value:
        case bytes():
            yield value
        case Mapping():
            names = (name for name in _INSIDE if value.get(name))
            yield from _parts(value.get(next(names, "path")))
        case list() | tuple():
            for part in value:
                yield from _parts(part)
        case _:
            text = cell_text(value)
            pieces = (one for part in text.split("|") for one in _NEXT_ADDRESS.split(part))
            yield from (piece.strip() for piece in pieces if piece.strip())


def _why_none(written: str, folder: Path) -> tuple[str, str, str]:
    """Return why a part of a cell names no file: the reason, the part, the cure."""
    if _WEB.match(written):
        reason, cure = _NO_WEB
    else:
        reason, cure = _NOT_THERE if _is_beside(written, folder) else _OUTSIDE
    return reason, written, cure


def _matches(written: str, folder: Path) -> list[NamedFile]:
    """Return the files beside the catalogue that a path or a glob means, in order."""
    if not _is_beside(written, folder):
        return []
    path = folder / written
    try:
        if path.is_file():
            return [path.absolute()]
        pattern = os.path.relpath(path, folder)
        found = glob.glob(pattern, root_dir=folder) if glob.has_magic(written) else []
        matches = [folder / match for match in sorted(found)]
        return [match.absolute() for match in matches if match.is_file()]
    except (OSError, ValueError):  # no path at all: too long, or a zero byte in it
        return []


def _is_beside(written: str, folder: Path) -> bool:
    """Tell whether a path stays in the catalogue's folder; links that its owner put there may not.

    A catalogue comes from elsewhere: it may not name any file of this machine.
    """
    top = os.path.abspath(folder)
    return Path(os.path.abspath(folder / written)).is_relative_to(top)
