"""Encode texts with a sentence-transformers model; the one file that imports that library.

Knows weights and batches; knows nothing of items or queries. A plain BERT model is read without the
library, which takes seconds to be imported: see `bert.py`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from retrieval.encoders.batching import Cores, best_device
from retrieval.encoders.bert import longest_text, open_reader, plain_pooling
from retrieval.errors import ModelMissingError
from retrieval.protocols import Vectors

Read = Callable[[Sequence[str]], Tensor]  # texts → (texts, dimension)

_MOST_CHARACTERS = 4000  # per text; such models read only a few hundred words
_BATCH = 32


class SentenceTextEncoder:
    """A sentence-transformers model from a local folder, or by its hub name."""

    def __init__(self, source: Path | str, *, name: str = "", device: str | None = None) -> None:
        """Load the weights; `name` goes into an index's manifest, by default the folder's name.

        Raises: ModelMissingError or ModelCorruptError when there is no such model.
        """
        chosen = torch.device(device) if device else best_device()
        folder = Path(source)
        self._read = _open_plain(folder, chosen) or _open_any(source, chosen)
        self._cores = Cores(chosen)
        self.name = name or folder.name
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
        rows = np.concatenate(self._cores.encode(self._rows, batches))
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        vectors = np.empty_like(rows)
        vectors[order] = rows
        return vectors

    def _rows(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._read(texts).float().cpu().numpy())


def _open_plain(folder: Path, device: torch.device) -> Read | None:
    """Load a plain BERT model without the library; None when it is another."""
    if pooling := plain_pooling(folder):
        longest = longest_text(folder)
        return open_reader(folder, longest=longest, pooling=pooling, device=device).read
    return None


def _open_any(source: Path | str, device: torch.device) -> Read:
    """Load a model of any layout with the library."""
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(str(source), device=str(device))
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ModelMissingError(f"no text encoder at {source} ({reason}): check it") from error

    def read(texts: Sequence[str]) -> Tensor:
        return model.encode(list(texts), convert_to_tensor=True, show_progress_bar=False)

    return read
