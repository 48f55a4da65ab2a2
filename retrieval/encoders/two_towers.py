"""Open a picture encoder so that words need no more than its text tower.

Knows model folders such as the shipped one: a BERT whose tokens' mean is projected by two matrices.
Their words are read on torch alone; open_clip, which takes seconds to be imported, is needed only
when a picture is encoded. Any other model is opened by open_clip at once.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ftfy
import numpy as np
import torch
from PIL.Image import Image
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn.functional import gelu, linear, normalize

from retrieval.encoders.batching import Cores, best_device
from retrieval.encoders.bert import TextReader, open_reader
from retrieval.encoders.deferred import Deferred
from retrieval.encoders.picture_folder import (
    EMBEDDED,
    TRANSFORMER,
    folder_name,
    folder_settings,
    folder_weights,
    words_folder,
)
from retrieval.errors import ModelCorruptError
from retrieval.protocols import PictureEncoder, Vectors

_BATCH = 16
_PROJECTION = ("text.proj.0.weight", "text.proj.2.weight")
_LAYOUT = {"hf_proj_type": "mlp", "hf_pooler_type": "mean_pooler"}


@dataclass(frozen=True, slots=True)
class TextTower:
    """A text transformer and the two matrices that bring its texts to where the pictures are."""

    reader: TextReader
    inner: Tensor
    outer: Tensor

    def read(self, texts: Sequence[str]) -> Tensor:
        """Return (len(texts), dimension), not of unit length."""
        pooled = self.reader.read([_cleaned(text) for text in texts])
        return linear(gelu(linear(pooled, self.inner)), self.outer)


class TwoTowerEncoder:
    """The PictureEncoder protocol over a model folder; its picture tower is opened when needed."""

    def __init__(self, folder: Path, tower: TextTower, words: Path) -> None:
        """Keep the text tower; `words` is the folder that its transformer came from."""
        self.name = folder_name(folder)
        self.dimension = len(tower.outer)
        self._tower, self._cores = tower, Cores(tower.outer.device)
        self._pictures = Deferred(lambda: _picture_tower(folder, words))

    def encode(self, pictures: Sequence[Image]) -> Vectors:
        """Return (len(pictures), dimension) unit vectors, in order.

        Raises: ModelCorruptError when the picture tower cannot be opened.
        """
        if not pictures:
            return np.zeros((0, self.dimension), np.float32)
        return self._pictures.get().encode(pictures)

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        """Return (len(texts), dimension) unit vectors in the same space as pictures."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        parts = self._cores.encode(self._tower.read, batches)
        return normalize(torch.cat(parts).float(), dim=1).cpu().numpy()


def open_picture_encoder(
    model: str | Path = EMBEDDED, *, words: Path | None = None
) -> PictureEncoder:
    """Open a picture encoder by folder or name, no more of it than words need where that can be.

    Raises: ModelMissingError, ModelCorruptError.
    """
    folder = Path(model)
    if folder.is_dir() and (tower := _text_tower(folder, words)):
        return TwoTowerEncoder(folder, tower, words or folder)
    from retrieval.encoders.picture import load_picture_encoder

    return load_picture_encoder(model, words=words)


def _text_tower(folder: Path, words: Path | None) -> TextTower | None:
    """Return the text tower of a folder, or None when it is not laid out as the shipped one."""
    _, text = folder_settings(folder)
    tower = str(text.get("hf_model_name", ""))
    if any(text.get(name) != value for name, value in _LAYOUT.items()) or Path(tower).is_dir():
        return None
    weights = folder_weights(folder)
    try:
        with safe_open(weights, "pt") as stored:
            names = set(stored.keys())
            if any(name.startswith(TRANSFORMER) for name in names):
                return None
            inner, outer = (stored.get_tensor(name).float() for name in _PROJECTION)
    except (SafetensorError, OSError) as error:
        raise ModelCorruptError(f"{weights} cannot be read ({error}): put it there anew") from error
    device = best_device()
    reader = open_reader(
        words_folder(folder, tower, words),
        longest=text.get("context_length", 77),
        pooling="mean",
        device=device,
    )
    return TextTower(reader, inner.to(device), outer.to(device))


def _picture_tower(folder: Path, words: Path) -> PictureEncoder:
    """Open the whole model with open_clip, and let go of its text tower."""
    from retrieval.encoders.picture import load_picture_encoder

    encoder = load_picture_encoder(folder, words=words)
    encoder.opened.model.text = nn.Identity()
    return encoder


def _cleaned(text: str) -> str:
    """Mend and unescape a text as open_clip does before it cuts it into tokens."""
    return " ".join(html.unescape(html.unescape(ftfy.fix_text(text))).split())
