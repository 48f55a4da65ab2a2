"""Encode pictures, and texts about pictures, as vectors in one shared space, with open_clip.

Knows OpenCLIP models: the one that Magpie ships, any other in a local folder, any other by its
hub name. Knows no catalogue and no index. The shipped folder borrows its text transformer, whose
folder is therefore a parameter.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import open_clip
import torch
from huggingface_hub.constants import HF_HUB_CACHE
from open_clip.tokenizer import HFTokenizer
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL.Image import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import normalize
from transformers.initialization import no_init_weights

from retrieval.encoders.batching import Cores, best_device
from retrieval.encoders.picture_folder import (
    CONFIG_FILE,
    EMBEDDED,
    TRANSFORMER,
    folder_name,
    folder_settings,
    folder_weights,
    words_folder,
)
from retrieval.errors import ModelCorruptError, ModelMissingError
from retrieval.models.sources import hub_answers
from retrieval.protocols import Vectors

_BATCH = 16  # pictures or texts at once; more is no faster on a CPU, and takes more memory

Encodable = TypeVar("Encodable")


@dataclass(frozen=True, slots=True)
class OpenClip:
    """An OpenCLIP model with its tokenizer and preprocessing."""

    model: Any  # open_clip's CLIP or CustomTextCLIP
    tokenizer: Any  # texts → (n, context length) token ids
    name: str  # identifies the weights
    folder: Path | None  # of its configuration; None for a hub model
    borrows: bool = False  # True: its text transformer is loaded from another folder

    @property
    def has_frozen_transformer(self) -> bool:
        """Tell whether the text side is a Hugging Face transformer with a projection on top."""
        text = getattr(self.model, "text", None)
        return hasattr(text, "pooler") and hasattr(text, "proj")

    def tokens(self, texts: Sequence[str]) -> Tensor:
        """Return token ids, truncated to the longest text where the model allows it."""
        ids: Tensor = self.tokenizer(list(texts))
        if not self.has_frozen_transformer:
            return ids
        padding = self.model.text.config.pad_token_id
        return ids[:, : int((ids != padding).sum(1).max())]


class OpenClipEncoder:
    """The PictureEncoder protocol over an OpenCLIP model."""

    def __init__(self, opened: OpenClip, *, device: str = "") -> None:
        """Move a model to `device`; "" means CUDA when available, else the CPU."""
        self.opened = opened  # for training
        self._device = torch.device(device) if device else best_device()
        self._cores = Cores(self._device)
        self._model = opened.model.eval().to(self._device)
        self._model.visual.to(memory_format=torch.channels_last)  # a third faster on a CPU
        self._transform = image_transform_v2(
            PreprocessCfg(**opened.model.visual.preprocess_cfg), is_train=False
        )
        self.name = opened.name
        self.dimension = 0
        self.dimension = self.encode_words(["width"]).shape[1]

    def encode(self, pictures: Sequence[Image]) -> Vectors:
        """Return (len(pictures), dimension) unit vectors, in order."""
        return self._rows(pictures, self._see)

    def encode_words(self, texts: Sequence[str]) -> Vectors:
        """Return (len(texts), dimension) unit vectors in the same space as pictures."""
        return self._rows(texts, self._read)

    def _see(self, pictures: Sequence[Image]) -> Tensor:
        pixels = torch.stack([self._transform(picture) for picture in pictures])
        pixels = pixels.to(self._device, memory_format=torch.channels_last)
        seen: Tensor = self._model.encode_image(pixels)
        return seen

    def _read(self, texts: Sequence[str]) -> Tensor:
        read: Tensor = self._model.encode_text(self.opened.tokens(texts).to(self._device))
        return read

    def _rows(
        self, things: Sequence[Encodable], encode: Callable[[Sequence[Encodable]], Tensor]
    ) -> Vectors:
        """Encode in batches of bounded size; no inputs give an array without rows."""
        if not things:
            return np.zeros((0, self.dimension), np.float32)
        batches = [things[start : start + _BATCH] for start in range(0, len(things), _BATCH)]
        parts = self._cores.encode(encode, batches)
        return normalize(torch.cat(parts).float(), dim=1).cpu().numpy()


def load_picture_encoder(
    model: str | Path = EMBEDDED, *, words: Path | None = None, device: str = ""
) -> OpenClipEncoder:
    """Load a picture encoder, see `open_clip_model`.

    Raises: ModelMissingError, ModelCorruptError.
    """
    return OpenClipEncoder(open_clip_model(model, words=words), device=device)


def open_clip_model(model: str | Path = EMBEDDED, *, words: Path | None = None) -> OpenClip:
    """Open an OpenCLIP model.

    `model` is a folder, `hf-hub:owner/name`, or a built-in architecture with its weights, as in
    `ViT-B-16-SigLIP/webli`. `words` is the folder of all-MiniLM-L6-v2, for folders without it.

    Raises: ModelMissingError, ModelCorruptError.
    """
    folder = Path(model)
    if folder.is_dir():
        return _open_folder(folder, words)
    if isinstance(model, Path):
        raise ModelMissingError(f"{model} is no folder: give one that holds {CONFIG_FILE}")
    return _open_hub(model)


def untrained_model(config: Path, *, words: Path, seed: int) -> OpenClip:
    """Make the model of a configuration with random weights and the frozen text transformer."""
    torch.manual_seed(seed)
    made = _from_config(config, words)
    _load_transformer(made.model, words)
    return replace(made, borrows=True)


def settings_of(opened: OpenClip) -> dict[str, Any]:
    """Return a model's settings as CONFIG_FILE stores them."""
    if opened.folder is not None:
        settings, _ = folder_settings(opened.folder)
        return settings
    name = opened.name if opened.name.startswith("hf-hub:") else opened.name.partition("/")[0]
    architecture = open_clip.get_model_config(name)
    return {"model_cfg": architecture, "preprocess_cfg": opened.model.visual.preprocess_cfg}


def _open_folder(folder: Path, words: Path | None) -> OpenClip:
    """Load a local model and check that every parameter gets a value, and only once."""
    weights = folder_weights(folder)
    with no_init_weights():  # random initialisation is slow, and would be overwritten
        made = _from_config(folder, words)
    try:
        missing, strangers = open_clip.load_checkpoint(made.model, str(weights), strict=False)
    except (SafetensorError, RuntimeError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelCorruptError(
            f"{weights} cannot be loaded ({reason}): put it there anew"
        ) from error
    absent = [name for name in missing if not name.startswith(TRANSFORMER)]
    if absent or strangers:
        seen = ", ".join([*absent, *strangers][:3])
        raise ModelCorruptError(f"{weights} does not fit {CONFIG_FILE} ({seen} …): train it anew")
    if missing:
        _load_transformer(made.model, words)
    return replace(made, name=folder_name(folder), borrows=bool(missing))


def _from_config(folder: Path, words: Path | None) -> OpenClip:
    """Build a model from a folder's configuration, without weights, with a local text tower."""
    _, text = folder_settings(folder)
    changed = {}
    if tower := text.get("hf_model_name"):
        if not Path(tower).is_dir():
            tower = str(words_folder(folder, tower, words))
        local = {"hf_model_name": tower, "hf_tokenizer_name": tower, "hf_model_pretrained": False}
        changed = {"text_cfg": {**text, **local}}
    with _quiet():
        model = open_clip.create_model(f"local-dir:{folder}", load_weights=False, **changed)
    if tower:
        tokenizer = HFTokenizer(tower, context_length=text.get("context_length", 77))
    else:
        tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    return OpenClip(model, tokenizer, "", folder)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep open_clip from configuring the root logger and from warning about intended behaviour."""
    root, nowhere, before = logging.getLogger(), logging.NullHandler(), logging.root.manager.disable
    root.addHandler(nowhere)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
        root.removeHandler(nowhere)


def _load_transformer(model: torch.nn.Module, words: Path | None) -> None:
    """Load the frozen text transformer's weights; they must match its parameters exactly."""
    file = (words or Path()) / "model.safetensors"
    try:
        weights = load_file(file)
    except (FileNotFoundError, SafetensorError) as error:
        raise ModelMissingError(f"{file} cannot be read: magpie models fetch") from error
    kept = {name: value for name, value in weights.items() if not name.startswith("pooler.")}
    kept.pop("embeddings.position_ids", None)
    try:
        model.get_submodule("text.transformer").load_state_dict(kept)
    except RuntimeError as error:
        raise ModelCorruptError(f"{file} is another model's: magpie models fetch") from error


def _open_hub(model: str) -> OpenClip:
    """Let open_clip find and load a model by name."""
    hub = model.startswith("hf-hub:")
    name, weights = (model, "") if hub else model.partition("/")[::2]
    settings = {} if hub else open_clip.get_pretrained_cfg(name, weights)
    repository = model.removeprefix("hf-hub:") if hub else settings.get("hf_hub", "").strip("/")
    try:
        if repository and not _reachable(repository):
            raise OSError(f"the model hub does not answer, and {repository} is not in its cache")
        with _quiet():
            made = open_clip.create_model(name, pretrained=weights or None, require_pretrained=True)
        return OpenClip(made, open_clip.get_tokenizer(name), model, None)
    except (OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelMissingError(
            f"picture encoder {model!r} could not be loaded ({reason}): give a folder, "
            "hf-hub:owner/name, or architecture/weights such as ViT-B-16-SigLIP/webli"
        ) from error


def _reachable(repository: str) -> bool:
    """Tell whether the hub, or its local cache, can provide a model."""
    cached = Path(HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
    return cached.is_dir() or hub_answers()
