"""Encode texts with sentence-transformers: the one file that imports it.

Knows weights and batches; knows nothing of items or queries.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from retrieval.encoders.batching import Cores
from retrieval.errors import ModelMissingError
from retrieval.protocols import Vectors

_MOST_CHARACTERS = 4000  # per text; such models read only a few hundred words
_BATCH = 32


class SentenceTextEncoder:
    """A sentence-transformers model from a local folder, or by its hub name."""

    def __init__(self, source: Path | str, *, name: str = "", device: str | None = None) -> None:
        """Load the weights; `name` goes into an index's manifest, by default the folder's name.

        Raises: ModelMissingError when there is no such model.
        """
        try:
            self._model = SentenceTransformer(str(source), device=device)
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise ModelMissingError(f"no text encoder at {source} ({reason}): check it") from error
        self._cores = Cores(self._model.device)
        self.name = name or Path(source).name
        self.dimension = 0
        self.dimension = self.encode(["width"]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (len(texts), dimension) unit vectors, in order."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # by length
        batches = [
            [texts[place][:_MOST_CHARACTERS] for place in order[start : start + _BATCH]]
            for start in range(0, len(order), _BATCH)
        ]
        rows = np.concatenate(self._cores.encode(self._read, batches))
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        vectors = np.empty_like(rows)
        vectors[order] = rows
        return vectors

    def _read(self, texts: Sequence[str]) -> Vectors:
        found = self._model.encode(texts, convert_to_tensor=True, show_progress_bar=False)
        return np.asarray(found.float().cpu().numpy())
