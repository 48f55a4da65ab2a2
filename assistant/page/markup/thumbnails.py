"""Serve thumbnails of the items' pictures to the page, and nothing else from the disk.

Knows pictures and HTTP responses; knows no page. A URL contains an item id, never a file path, so
only pictures of the catalogue can be requested.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from retrieval.errors import PictureError
from retrieval.items import Item
from retrieval.media.pictures import read_picture

EDGE = 480  # pixels; a card is at most 300 CSS pixels wide, often two screen pixels each
_KEPT = 512  # thumbnails in memory, about 12 kB each
_BLANK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3H0z" '
    'fill="#8a939b" opacity=".15"/></svg>'
)


def picture_route(find: Callable[[str], Item | None]) -> Route:
    """Return the route `/pictures/<item id>`, which looks items up with `find`."""

    def answer(request: Request) -> Response:
        item = find(request.path_params["id"])
        if item is None or not item.pictures:
            return Response("no such picture", status_code=404)
        try:
            small = _thumbnail(item.pictures[0], _changed(item.pictures[0]))
        except PictureError:
            return Response(_BLANK, media_type="image/svg+xml")
        return Response(small, media_type="image/webp", headers={"Cache-Control": "no-cache"})

    return Route("/pictures/{id:path}", answer)


def small_picture(picture: Path | bytes) -> str:
    """Return a small copy of a picture as an address that holds it, "" if it cannot be read."""
    try:
        small = _thumbnail(picture, _changed(picture))
    except PictureError:
        return ""
    return f"data:image/webp;base64,{b64encode(small).decode()}"


def _changed(picture: Path | bytes) -> int:
    """Return a file's modification time, so that a replaced picture leaves the cache."""
    try:
        return picture.stat().st_mtime_ns if isinstance(picture, Path) else 0
    except OSError:
        return 0


@lru_cache(maxsize=_KEPT)
def _thumbnail(picture: Path | bytes, _version: int) -> bytes:
    """Encode a picture as WebP, at most EDGE pixels long and wide."""
    shown = read_picture(picture)
    shown.thumbnail((EDGE, EDGE))
    encoded = BytesIO()
    shown.save(encoded, "WEBP", quality=82)
    return encoded.getvalue()
