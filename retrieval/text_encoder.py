"""Encode texts with sentence-transformers: the one file that imports it.

Knows weights and batches; knows nothing of items or queries.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from retrieval.errors import ModelMissingError
from retrieval.precision import precision
from retrieval.protocols import Vectors

_MOST_CHARACTERS = 4000  # of one text; models of this kind read a few hundred words
_BATCH = 64


class SentenceTextEncoder:
    """A sentence-transformers model from a local folder, or by its hub name."""

    def __init__(self, source: Path | str, *, name: str = "", device: str | None = None) -> None:
        """Load the weights; `name` is what an index remembers, the folder's name by default.

        Raises: ModelMissingError when there is no such model.
        """
        try:
            self._model = SentenceTransformer(str(source), device=device)
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise ModelMissingError(f"no text encoder at {source} ({reason}): check it") from error
        self.name = name or Path(source).name
        self.dimension = 0
        self.dimension = self.encode(["width"]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (len(texts), dimension) unit vectors, in order."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with torch.inference_mode(), precision(self._model.device, len(texts)):
            found = self._model.encode(
                [text[:_MOST_CHARACTERS] for text in texts],
                batch_size=_BATCH,
                convert_to_tensor=True,
                show_progress_bar=False,
            )
        vectors = found.float().cpu().numpy()
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
