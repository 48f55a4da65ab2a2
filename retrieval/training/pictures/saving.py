"""Write a trained model as a folder that open_clip and `picture_encoder` load.

Knows the folder's two files; knows nothing of training. Weights are stored in half precision; a
text transformer that is loaded from another folder is left out.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save

from retrieval.encoders.picture import OpenClip, settings_of
from retrieval.encoders.picture_folder import CONFIG_FILE, TRANSFORMER, WEIGHTS_FILE
from retrieval.errors import StorageError


def save_model(opened: OpenClip, folder: Path) -> None:
    """Write the configuration, and last the weights: a folder without them is not a model.

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
        settings = json.dumps(settings_of(opened), indent=2)
        (folder / CONFIG_FILE).write_text(f"{settings}\n", "utf-8")
        draft.write_bytes(save(_unshared(weights)))  # save_file limits it to the owner
        draft.replace(folder / WEIGHTS_FILE)
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written ({error}): check space and rights"
        ) from error


def _unshared(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Copy tensors that share memory, because safetensors does not accept them."""
    seen: set[int] = set()
    for name, value in weights.items():
        if value.data_ptr() in seen:
            weights[name] = value.clone()
        seen.add(value.data_ptr())
    return weights
