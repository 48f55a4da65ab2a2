"""The registry of downloadable models, and which of their files are present.

Knows the registry (`models.toml`) and the cache folder; knows neither where files come from nor
what the models do. A file counts as present when its SHA-256 has been verified and neither its
size nor its modification time has changed since, so that a start does not have to hash 1 GB.

    home/models/NAME/…               the files
    home/models/NAME/.verified.json  which files were verified
    home/models/.arriving/NAME/…     the staging folder ("desk") for files not yet verified
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from retrieval.errors import SettingsError

_MARKER = ".verified.json"


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A part of a model's file, contained in a wheel."""

    wheel: str  # "package==version"
    member: str  # the path inside the wheel
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model; concatenating its parts gives the file."""

    path: str  # inside the model's folder, with "/"
    size: int  # bytes
    sha256: str
    parts: tuple[WheelPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A released model: its role and its files with their hashes."""

    name: str
    role: str  # "language", "text", "speech", or "data" for measurements
    about: str
    licence: str
    hub: str  # the official repository, "owner/name"; "" when only wheels contain it
    revision: str
    files: tuple[ModelFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that provide the model, in words."""
        wheels = {part.wheel: None for file in self.files for part in file.parts}
        hub = (f"model hub {self.hub}",) if self.hub else ()
        return (*hub, *(f"wheel {wheel}" for wheel in wheels))


@cache
def registry() -> Mapping[str, Model]:
    """Return every registered model by name."""
    text = package_files(__package__).joinpath("models.toml").read_text("utf-8")
    models = [_model(entry) for entry in tomllib.loads(text)["model"]]
    return MappingProxyType({model.name: model for model in models})


def registered(name: str) -> Model:
    """Return the registered model of this name.

    Raises:
        SettingsError: there is none.

    """
    if name not in registry():
        raise SettingsError(f"model {name!r} is not registered; known: {', '.join(registry())}")
    return registry()[name]


def _model(entry: dict[str, Any]) -> Model:
    files = [
        ModelFile(**{**file, "parts": tuple(WheelPart(**part) for part in file["parts"])})
        for file in entry["files"]
    ]
    return Model(**{**entry, "files": tuple(files)})


def model_folder(home: Path, name: str) -> Path:
    """Return the folder that holds, or will hold, the model's files."""
    return home / "models" / name


def state(home: Path, model: Model) -> Literal["ready", "partial", "missing"]:
    """Tell whether a model is present, checking only sizes and modification times."""
    if not missing_files(home, model):
        return "ready"
    folder = model_folder(home, model.name)
    begun = [folder / file.path for file in model.files] + [desk_folder(home, model)]
    return "partial" if any(path.exists() for path in begun) else "missing"


def weights_digest(name: str) -> str:
    """Return the SHA-256 of a registered model's largest file, its weights; "" for any other."""
    model = registry().get(name)
    return max(model.files, key=lambda file: file.size).sha256 if model else ""


def desk_folder(home: Path, model: Model) -> Path:
    """Return the staging folder for the model's files."""
    return home / "models" / ".arriving" / model.name


def missing_files(home: Path, model: Model) -> list[ModelFile]:
    """Return the files that are missing or have changed since they were verified."""
    folder = model_folder(home, model.name)
    verified = _verified(folder)
    return [file for file in model.files if _print_of(folder, file) != verified.get(file.path)]


def _verified(folder: Path) -> dict[str, list[Any]]:
    try:
        found = json.loads((folder / _MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _print_of(folder: Path, file: ModelFile) -> list[Any]:
    """Return what .verified.json stores for a verified file with its current size and time."""
    try:
        stat = (folder / file.path).stat()
    except OSError:
        return []
    return [file.sha256, stat.st_size, stat.st_mtime_ns]


def mark_verified(folder: Path, file: ModelFile) -> None:
    """Record that a file in the model's folder has been verified."""
    known = {**_verified(folder), file.path: _print_of(folder, file)}
    fresh = folder / f"{_MARKER}.new"
    fresh.write_text(json.dumps(known, indent=1), "utf-8")
    fresh.replace(folder / _MARKER)


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
