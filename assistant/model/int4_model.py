"""Keep a language model in four bits for torch's kernels on this processor, and open it again.

◆ transformers. Knows which tensors of the kept file make which layer. What a GGUF file holds in
four bits is kept as it is, and what it holds more finely in eight, as embeddings are; the matrices
of a model that was not rounded yet are rounded to four.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from transformers import PreTrainedModel

from assistant.model.convert import (
    WEIGHTS,
    OriginalTensor,
    embedding_stems,
    linear_layers,
    skeleton,
)
from assistant.model.int4_linear import (
    Int4Linear,
    Int8Embedding,
    Int8Linear,
    packed_for,
    round_to_int4,
    round_to_int8,
    suits,
)


class Int4Form:
    """The form of a file for torch's 4-bit kernel for processors."""

    numbers = torch.float32
    settings: Mapping[str, Any] = MappingProxyType({})

    @property
    def purpose(self) -> str:
        """What the packed weights are good for."""
        return packed_for()

    def matrix(self, stem: str, weights: OriginalTensor) -> Mapping[str, Tensor]:
        """Return a layer's weights: four bits, or eight of what a file holds in five to eight.

        A matrix whose shape does not suit the kernel stays in float32.
        """
        bits = weights.four_bits()
        if bits is None and weights.rounded:
            return _eight_bits(stem, [weights.values()])
        if not suits(values := weights.values() if bits is None else bits.codes):
            return {f"{stem}.weight": weights.values()}
        layer = Int4Linear.of(bits or round_to_int4(values))
        return {f"{stem}.packed": layer.packed, f"{stem}.scales": layer.scales}

    def embedding(self, stem: str, parts: Iterator[Tensor]) -> Mapping[str, Tensor]:
        """Return an embedding in eight bits."""
        return _eight_bits(stem, parts)


def _eight_bits(stem: str, parts: Iterable[Tensor]) -> dict[str, Tensor]:
    weight, scales = zip(*map(round_to_int8, parts), strict=True)
    return {f"{stem}.weight": torch.cat(weight), f"{stem}.scales": torch.cat(scales)}


def open_int4(kept: Path) -> PreTrainedModel:
    """Open a model from a folder whose file has this form; its weights stay mapped.

    Raises:
        ValueError: the file is not one of this model.
    """
    model = skeleton(kept)
    with safe_open(kept / WEIGHTS, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 -- no dict
    layers = [stem for stem, _ in linear_layers(model) if f"{stem}.scales" in tensors]
    for stem in layers:
        model.set_submodule(stem, _layer(stem, tensors))
    words, head = embedding_stems(model)
    if rounded := f"{words}.scales" in tensors:
        matrix = tensors.pop(f"{words}.weight"), tensors.pop(f"{words}.scales")
        model.set_submodule(words, Int8Embedding(*matrix))
        if head not in layers:  # tied: both are the same numbers
            model.set_submodule(head, Int8Linear(*matrix, tensors.pop(f"{head}.bias", None)))
    model.load_state_dict(tensors, assign=True, strict=False)
    if not rounded:
        model.tie_weights()
    if any(parameter.is_meta for parameter in model.parameters()):
        raise ValueError(f"{kept / WEIGHTS} lacks weights of this model")
    return model


def _layer(stem: str, tensors: dict[str, Tensor]) -> nn.Module:
    """Take what makes a layer out of the tensors."""
    scales, bias = tensors.pop(f"{stem}.scales"), tensors.pop(f"{stem}.bias", None)
    if f"{stem}.packed" in tensors:
        return Int4Linear(tensors.pop(f"{stem}.packed"), scales, bias)
    return Int8Linear(tensors.pop(f"{stem}.weight"), scales, bias)
