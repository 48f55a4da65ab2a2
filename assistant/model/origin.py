"""Where a language model comes from, and whether its quantised weights are kept here.

Knows names, folders and the marker that says what they were made from; opens no model and imports
no library, so a wrong name is refused at once, before anything is loaded.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import ModelMissingError
from retrieval.models.registry import model_folder, registered, registry

MADE_FROM = ".made-from.json"
LAYOUT = 2  # version of the stored folders; older ones are rebuilt


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a language model's weights come from."""

    name: str  # as the user gave it
    key: str  # names the folder that keeps the quantised weights
    source: str  # identifies the original weights, as in .made-from.json
    place: str  # a folder or a hub name
    gguf: str = ""  # the file in that folder, when it is a GGUF file


def origin_of(name: str, home: Path) -> Origin:
    """Return where a model of this name comes from.

    Raises: ModelMissingError when it is neither a registered name nor a path nor a hub name.
    """
    if name in registry():
        file = registered(name).files[0]
        return Origin(name, name, file.sha256, str(model_folder(home, name)), file.path)
    path = Path(name).expanduser()
    if path.is_file():
        stat = path.stat()
        source = f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
        return Origin(name, _key(path.stem, source), source, str(path.parent), path.name)
    if path.is_dir():
        stats = [f.stat() for f in sorted(path.glob("*.safetensors"))]
        source = f"{path.resolve()} {[(s.st_size, s.st_mtime_ns) for s in stats]}"
        return Origin(name, _key(path.name, source), source, str(path))
    if name.count("/") != 1 or name.startswith((".", "/", "~")):
        raise ModelMissingError(
            f"language model {name!r} is neither a registered name ({', '.join(registry())}) "
            "nor a file or folder nor a hub name (owner/name)"
        )
    return Origin(name, _key(name.replace("/", "--"), name), name, name)


def _key(readable: str, source: str) -> str:
    return f"{readable}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"


def quantised_name(name: str) -> str:
    """Return what a model is called when it has been quantised."""
    return f"{name}, 4 bits"


def kept_folder(origin: Origin, home: Path) -> Path:
    """Return the folder that keeps a model's quantised weights."""
    return home / "quantised" / origin.key


def is_made(kept: Path, origin: Origin, purpose: str = "") -> bool:
    """Tell whether a folder holds the quantised weights of a model, whole, for this purpose."""
    try:
        marker = json.loads((kept / MADE_FROM).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    same = marker.get("source") == origin.source and marker.get("layout") == LAYOUT
    return bool(same and purpose in ("", marker.get("purpose")))
