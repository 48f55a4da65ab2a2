"""Where uploads lie: in a folder that only this account can read, deleted when the page ends.

Knows the variable from which Gradio takes its folder; knows no page.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.page.markup.troubles import RefusedError

UPLOADS_KEPT = (600, 7200)  # seconds: how often to look, and how old an upload may become

_FOLDER = "GRADIO_TEMP_DIR"


@contextmanager
def private_uploads() -> Iterator[None]:
    """Let Gradio keep uploads for this account alone, at most until the end of the block."""
    before = os.environ.get(_FOLDER)
    with TemporaryDirectory(prefix="magpie-") as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            os.environ.pop(_FOLDER)
            os.environ |= {_FOLDER: before} if before is not None else {}


def uploaded(told: str) -> Path:
    """Return the upload that a page names by its path.

    Raises: RefusedError when it names anything else on this machine, or nothing.
    """
    folder = Path(os.environ.get(_FOLDER, "")).resolve()
    try:
        path = Path(told).resolve()
        arrived = bool(told) and path.is_relative_to(folder) and path.is_file()
    except (OSError, ValueError):  # too long, or no path at all
        arrived = False
    if not arrived:
        raise RefusedError("not_arrived")
    return path
