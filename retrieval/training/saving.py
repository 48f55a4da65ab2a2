"""Write a trained model as a folder that open_clip and `picture_encoder` load.

Knows the folder's two files; knows nothing of training. Weights are stored in half precision, and
a text transformer that stands elsewhere is left out.
"""

import json
import shutil
from pathlib import Path

import open_clip
import torch
from safetensors.torch import save_file

from retrieval.errors import StorageError
from retrieval.picture_encoder import CONFIG_FILE, TRANSFORMER, WEIGHTS_FILE, OpenClip


def save_model(opened: OpenClip, folder: Path) -> None:
    """Write the configuration and the weights; the weights last, they make the folder a model.

    Raises: StorageError.
    """
    weights = {
        name: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for name, value in opened.model.state_dict().items()
        if not (opened.borrows and name.startswith(TRANSFORMER))
    }
    draft = folder / f"{WEIGHTS_FILE}.draft"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_config(opened, folder / CONFIG_FILE)
        save_file(_unshared(weights), draft)
        draft.replace(folder / WEIGHTS_FILE)
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written ({error}): check space and rights"
        ) from error


def _write_config(opened: OpenClip, file: Path) -> None:
    if opened.folder is not None:
        if opened.folder / CONFIG_FILE != file:
            shutil.copyfile(opened.folder / CONFIG_FILE, file)
        return
    name = opened.name if opened.name.startswith("hf-hub:") else opened.name.partition("/")[0]
    settings = {
        "model_cfg": open_clip.get_model_config(name),
        "preprocess_cfg": opened.model.visual.preprocess_cfg,
    }
    file.write_text(json.dumps(settings, indent=2), "utf-8")


def _unshared(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Copy tensors that share memory, which safetensors refuses."""
    seen: set[int] = set()
    for name, value in weights.items():
        if value.data_ptr() in seen:
            weights[name] = value.clone()
        seen.add(value.data_ptr())
    return weights
