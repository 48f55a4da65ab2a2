"""Serve the items' pictures to the page, small and large, and nothing else from the disk.

Knows pictures and HTTP responses; knows no page. A URL contains a catalogue and an item id, never a
file path, so only pictures of the catalogue can be requested.
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
from retrieval.media.pictures import LONGEST_EDGE, read_picture

EDGE = 480  # pixels; a card is at most 300 CSS pixels wide, often two screen pixels each
LARGE = LONGEST_EDGE  # pixels, of one that is looked at alone: as large as it is read
_KEPT = 512  # pictures in memory, about 12 kB each, large ones 150 kB
_BLANK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3H0z" '
    'fill="#8a939b" opacity=".15"/></svg>'
)


def picture_route(find: Callable[[str, str], Item | None]) -> Route:
    """Return the route `/pictures/<catalogue>/<item id>?picture=2&large=yes`.

    Items are looked up by `find`, which is given both names.
    """

    def answer(request: Request) -> Response:
        item = find(request.path_params["catalogue"], request.path_params["id"])
        asked = request.query_params
        there = dict(enumerate(item.pictures if item else (), start=1))
        number = asked.get("picture", "1")
        picture = there.get(int(number)) if number.isdecimal() else None
        if picture is None:
            return Response("no such picture", status_code=404)
        try:
            edge = LARGE if "large" in asked else EDGE
            shown = _fitted(picture, _changed(picture), edge)
        except PictureError:
            return Response(_BLANK, media_type="image/svg+xml")
        return Response(shown, media_type="image/webp", headers={"Cache-Control": "no-cache"})

    return Route("/pictures/{catalogue}/{id:path}", answer)


def small_picture(picture: Path | bytes) -> str:
    """Return a small copy of a picture as an address that holds it, "" if it cannot be read."""
    try:
        small = _fitted(picture, _changed(picture), EDGE)
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
def _fitted(picture: Path | bytes, _version: int, edge: int) -> bytes:
    """Encode a picture as WebP, at most so many pixels long and wide."""
    shown = read_picture(picture)
    shown.thumbnail((edge, edge))
    encoded = BytesIO()
    shown.save(encoded, "WEBP", quality=82)
    return encoded.getvalue()
