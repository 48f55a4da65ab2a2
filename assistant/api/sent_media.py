"""Photos and recordings that are sent as base64 → private files.

Knows how much may be sent, of which types; opens no file: whoever decodes it has limits of its own
(`retrieval/media`). A file is named by its content, so what is sent again is kept once, and a
conversation that goes on still finds it. Nothing is fetched: an address is refused.
"""

import base64
import binascii
import re
import threading
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.errors import MessageError
from retrieval.files import disk

LARGEST_FILE = 20 * 2**20  # bytes, decoded
MOST_PHOTOS = 4  # of one message
PHOTO_TYPES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/avif": ".avif",
}
RECORDING_TYPES = {"wav": ".wav", "mp3": ".mp3", "ogg": ".ogg", "flac": ".flac"}

_KEPT = 2**30  # bytes of all files; then the oldest leave
_DATA_ADDRESS = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,")


class SentMedia:
    """A folder that only this account can read, which ends with the server."""

    def __init__(self, most: int = _KEPT) -> None:
        """Begin with an empty folder, which holds at most so many bytes."""
        self._most = most
        self._folder = TemporaryDirectory(prefix="magpie-api-")
        self._place = re.compile(re.escape(self._folder.name) + r"/[0-9a-f]+\.\w+")
        self._sizes: OrderedDict[Path, int] = OrderedDict()
        self._changing = threading.Lock()

    def photo_of_address(self, address: str) -> Path:
        """Keep a photo that an address holds; raises as `photo` does, and for any other address."""
        held = _DATA_ADDRESS.match(address[:100])
        if held is None:
            raise MessageError(
                "image_url: send the picture itself as data:image/jpeg;base64,…; "
                "Magpie fetches no address"
            )
        return self.photo(held[1], address[held.end() :])

    def photo(self, content_type: str, data: str) -> Path:
        """Keep a photo, and return its file.

        Raises: MessageError for another type, for what is no base64, and for too much of it.
        """
        return self._keep(data, _suffix(content_type.lower(), PHOTO_TYPES, "picture"))

    def recording(self, kind: str, data: str) -> Path:
        """Keep a recording, and return its file; raises as `photo` does."""
        return self._keep(data, _suffix(kind.lower(), RECORDING_TYPES, "recording"))

    def unnamed(self, text: str) -> str:
        """Return text without the paths of these files, which say nothing to who sent them."""
        return self._place.sub("what was sent", text)

    def close(self) -> None:
        """Delete all files."""
        self._folder.cleanup()

    def _keep(self, data: str, suffix: str) -> Path:
        content = _decoded(data)
        place = Path(self._folder.name) / f"{sha256(content).hexdigest()}{suffix}"
        with self._changing, disk(place):
            if place not in self._sizes:
                place.write_bytes(content)
                self._sizes[place] = len(content)
            self._sizes.move_to_end(place)
            while sum(self._sizes.values()) > self._most:
                oldest, _ = self._sizes.popitem(last=False)
                oldest.unlink(missing_ok=True)
        return place


def _suffix(named: str, known: dict[str, str], what: str) -> str:
    if named not in known:
        raise MessageError(f"{what} of type {named[:40]!r}: send one of {', '.join(known)}")
    return known[named]


def _decoded(data: str) -> bytes:
    if len(data) > LARGEST_FILE * 4 / 3 + 4:
        most = LARGEST_FILE // 2**20
        raise MessageError(f"a file of {len(data) * 3 // 4:,} bytes: send at most {most} MB")
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MessageError(f"a file that is no base64 ({error}): encode it anew") from error
    if not content:
        raise MessageError("a file of 0 bytes: send its content")
    return content
