"""Write a trained fusion as a folder that `retrieval.fusion.transformer` loads.

Knows the folder's files; knows nothing of training.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import save

from retrieval.files import disk, write_whole
from retrieval.fusion.transformer import FACTS_FILE, WEIGHTS_FILE, Trained


def save_fusion(trained: Trained, folder: Path, more: Mapping[str, Any]) -> None:
    """Write the network's description with the facts in `more`, and last the weights.

    Raises: StorageError.
    """
    facts = {
        "catalogue": trained.catalogue,
        "encoders": dict(trained.encoders),
        "dimensions": trained.network.dimensions,
        "shape": asdict(trained.network.shape),
        "spread": trained.spread,
        **more,
    }
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FACTS_FILE, json.dumps(facts, indent=2).encode())
    state = {name: value.contiguous() for name, value in trained.network.state_dict().items()}
    write_whole(folder / WEIGHTS_FILE, save(state))
