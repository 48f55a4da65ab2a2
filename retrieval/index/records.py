"""Store an item as one JSON record, with a digest that changes when the item changes.

Knows items and files; knows no store and no vector.
"""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from retrieval.embed import passage
from retrieval.errors import BAD_VALUE, StoreError
from retrieval.files import write_whole
from retrieval.items import Item, Variant

_SIGNATURES = {b"\xff\xd8": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp", b"GIF8": ".gif"}


def write_record(item: Item) -> str:
    """Return an item as one line of JSON, without empty fields; pictures must be files."""
    record = asdict(item)
    record["pictures"] = [str(picture) for picture in item.pictures]
    record["recordings"] = [str(path) for path in item.recordings]
    record["videos"] = [str(path) for path in item.videos]
    for variant in record["variants"]:
        variant["picture"] = str(variant["picture"] or "")
    record["variants"] = [_filled(variant) for variant in record["variants"]]
    return json.dumps(_filled(record))


def read_record(record: str) -> Item:
    """Return the item that `write_record` wrote; raise StoreError when it is damaged."""
    try:
        cells: dict[str, Any] = json.loads(record)
        for name in ("pictures", "recordings", "videos"):
            cells[name] = tuple(map(Path, cells.get(name, ())))
        cells["variants"] = tuple(map(_variant, cells.get("variants", ())))
        cells["transcripts"] = tuple(cells.get("transcripts", ()))
        return Item(**cells)
    except BAD_VALUE as error:
        damaged = f"a record of the index is damaged ({record[:40]!r}, {error})"
        raise StoreError(f"{damaged}: build it again with --rebuild") from error


def encoded_digest(item: Item, *others: str) -> str:
    """Return a digest that shows whether what the encoders see of an item has changed.

    Covers the passage, the bytes of pictures inside a table, size and modification time of files,
    and `others`; a change of price or stock changes nothing of it.
    """
    whole = hashlib.sha256(passage(item).encode())
    marks = [*map(_mark, item.pictures), "recordings", *map(_mark, item.recordings)]
    for mark in (*marks, "videos", *map(_mark, item.videos), *others):
        whole.update(f"\n{mark}".encode(errors="surrogateescape"))
    return whole.hexdigest()


def digest(item: Item, encoded: str) -> str:
    """Return a digest that shows whether an item has changed since it was indexed.

    Covers every field, the pictures of variants, and `encoded`, the digest of what is encoded.
    """
    plain = replace(item, pictures=(), recordings=(), videos=())
    whole = hashlib.sha256(write_record(plain).encode())
    shown = [variant.picture for variant in item.variants if variant.picture]
    for mark in (*map(_mark, shown), encoded):
        whole.update(f"\n{mark}".encode(errors="surrogateescape"))
    return whole.hexdigest()


def keep_pictures(item: Item, folder: Path) -> Item:
    """Save the item's encoded pictures in `folder`, named by content; return the changed item.

    Raises: StorageError when the disk is full or not writable.
    """
    kept = (_kept(one, folder) if isinstance(one, bytes) else one for one in item.pictures)
    return replace(item, pictures=tuple(kept))


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in ("", (), [], {}, None)}


def _variant(cells: dict[str, Any]) -> Variant:
    picture = cells.get("picture")
    return Variant(**{**cells, "picture": Path(picture) if picture else None})


def _kept(picture: bytes, folder: Path) -> Path:
    suffix = next(
        (end for sign, end in _SIGNATURES.items() if picture.startswith(sign)), ".picture"
    )
    path = folder / (hashlib.sha256(picture).hexdigest()[:32] + suffix)
    if not path.exists():
        write_whole(path, picture)
    return path


def _mark(file: Path | bytes) -> str:
    """Return a string that changes when a file does, without reading the file."""
    if isinstance(file, bytes):
        return hashlib.sha256(file).hexdigest()
    try:
        seen = file.stat()
    except OSError:
        return f"{file} is gone"
    return f"{file} {seen.st_size} {seen.st_mtime_ns}"
