"""The item vectors of a fusion made by `magpie train fusion`.

Knows features and a trained network; measures nothing.
"""

from pathlib import Path

import numpy as np
import torch

from retrieval.embed import Encoders
from retrieval.evaluation.products.features import Features, stored_vectors
from retrieval.fusion.transformer import check_encoders, read_trained
from retrieval.index.manifest import new_manifest
from retrieval.items import Modality
from retrieval.protocols import Vector
from retrieval.training.fusion.measure import encode


@torch.inference_mode()
def item_vectors(folder: Path, features: Features, encoders: Encoders) -> Vector:
    """Return the network's vectors of all products, (n, dimension).

    Raises: ModelMissingError, ModelCorruptError, ModelError when other encoders made its vectors.
    """
    trained = read_trained(folder)
    names = new_manifest(encoders, folder).encoders
    check_encoders(folder, trained, encoders.dimensions, names)
    parts: dict[Modality, Vector] = {"text": features.text, "picture": features.picture}
    stored = torch.from_numpy(stored_vectors(parts, encoders.dimensions))
    flags = [flag for _, flag in trained.network.places.values()]
    found = encode(trained.network.eval(), stored, stored[:, flags] > 0)
    return np.asarray(found.numpy(), dtype=np.float32)
