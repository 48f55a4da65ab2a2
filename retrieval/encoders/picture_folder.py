"""A folder with an OpenCLIP model: its files, its settings and its name.

Knows no library. The folders that Magpie makes hold the picture tower and the projections. Their
text transformer is all-MiniLM-L6-v2, which the text encoder uses too; it is not stored twice.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from retrieval.errors import ModelCorruptError, ModelMissingError

EMBEDDED = Path(__file__).parent / "weights" / "picture_encoder"
CONFIG_FILE = "open_clip_config.json"
WEIGHTS_FILE = "open_clip_model.safetensors"

TRANSFORMER = "text.transformer."  # parameters that our own model folders omit


def folder_settings(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a folder's settings, and of them those of the text tower.

    Raises: ModelMissingError, ModelCorruptError.
    """
    try:
        settings = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
        return settings, dict(settings["model_cfg"]["text_cfg"])
    except FileNotFoundError as error:
        raise ModelMissingError(f"{folder} has no {CONFIG_FILE}: give a model folder") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelCorruptError(
            f"{folder / CONFIG_FILE} cannot be read: put it there anew"
        ) from error


def folder_weights(folder: Path) -> Path:
    """Return the file of a folder's weights; raise ModelMissingError when it is not there."""
    weights = folder / WEIGHTS_FILE
    if not weights.is_file():
        raise ModelMissingError(
            f"{weights} is not there: a model folder holds it and {CONFIG_FILE}"
        )
    return weights


def folder_name(folder: Path) -> str:
    """Return the name of a folder's model, which follows its weights."""
    digest = sha256(folder_weights(folder).read_bytes()).hexdigest()[:12]
    return f"{folder.resolve().name}-{digest}"


def words_folder(folder: Path, tower: str, words: Path | None) -> Path:
    """Return the folder of the text transformer that a model folder omits."""
    if words is None or not (words / "config.json").is_file():
        raise ModelMissingError(
            f"{folder} needs the text model {tower}, which is not at {words}: magpie models fetch"
        )
    return words
