"""Pages, scripts and pictures that are served.

Knows `static/` by a list of names, and the items' own pictures by their ids; serves no other file.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO

from assistant.api.open_agent import OpenAgent
from retrieval.errors import PictureError
from retrieval.media.pictures import read_picture

EDGE_SERVED = 800  # pixels of a picture's longer side

# Address → file and type.
PAGES = {
    "/docs": ("docs.html", "text/html; charset=utf-8"),
    "/widget": ("widget.html", "text/html; charset=utf-8"),
    "/widget.js": ("widget.js", "text/javascript; charset=utf-8"),
    "/example": ("example.html", "text/html; charset=utf-8"),
    "/static/docs.js": ("docs.js", "text/javascript; charset=utf-8"),
    "/static/widget_frame.js": ("widget_frame.js", "text/javascript; charset=utf-8"),
    "/static/doors.css": ("doors.css", "text/css; charset=utf-8"),
}


@cache
def served_file(path: str) -> tuple[bytes, str]:
    """Return the content and the type of what is served at an address of `PAGES`."""
    name, kind = PAGES[path]
    return files("assistant.api").joinpath("static", name).read_bytes(), kind


def item_picture(agent: OpenAgent, id_: str, place: int) -> bytes | None:
    """Return one of an item's pictures as WebP, None where there is none that can be read."""
    item = agent.catalogue.items.get(id_)
    if item is None or not 0 <= place < len(item.pictures):
        return None
    try:
        shown = read_picture(item.pictures[place])
    except PictureError:
        return None
    shown.thumbnail((EDGE_SERVED, EDGE_SERVED))
    encoded = BytesIO()
    shown.save(encoded, "WEBP", quality=85)
    return encoded.getvalue()
