"""Convert a language model to the numbers that this machine computes with, tensor after tensor.

◆ transformers. Knows which tensors are matrices of layers and which are embeddings, and writes them
into one file; a form says what becomes of each. Only one matrix is in memory at a time, and an
interrupted conversion goes on where it stopped.

GGUF files that were exported from a model with tied embeddings contain the embedding twice, at two
precisions; the two are tied again, and the more precise one is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from accelerate import init_empty_weights
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    PreTrainedModel,
)

from assistant.model.gguf_weights import stored_tensors
from assistant.model.int4_linear import FourBits
from assistant.model.tensor_file import TensorFile

WEIGHTS = "model.safetensors"
_SAME_MATRIX = 0.97  # median row cosine above which two matrices are one, at two precisions
_CHUNK = 8192  # rows of an embedding that are converted at once

LayerCount = Callable[[int, int], None]  # layers converted, layers in all


class OriginalTensor(Protocol):
    """One tensor of the original model."""

    @property
    def rounded(self) -> bool:
        """Tell whether its numbers are rounded to few bits already."""
        ...

    def values(self) -> Tensor:
        """Return its numbers in float32."""
        ...

    def rows(self, which: slice) -> Tensor:
        """Return some rows of an embedding in float32."""
        ...

    def four_bits(self) -> FourBits | None:
        """Return its codes, or None if it is not stored in four bits."""
        ...

    def __len__(self) -> int:
        """Return the number of rows."""
        ...


class Form(Protocol):
    """What becomes of a model's tensors in the file that is kept."""

    numbers: torch.dtype  # of what is not rounded
    settings: Mapping[str, Any]  # added to the model's configuration

    @property
    def purpose(self) -> str:
        """What the file is good for; one of another purpose is made anew."""
        ...

    def matrix(self, stem: str, weights: OriginalTensor) -> Mapping[str, Tensor]:
        """Return what is kept of the weights of the linear layer `stem`."""
        ...

    def embedding(self, stem: str, parts: Iterator[Tensor]) -> Mapping[str, Tensor]:
        """Return what is kept of an embedding, which comes some rows after others."""
        ...


@dataclass(frozen=True, slots=True)
class LoadedTensor:
    """One tensor of a model that transformers has opened."""

    _numbers: Tensor
    rounded: bool = False

    def values(self) -> Tensor:
        """Return its numbers in float32."""
        return self._numbers.float()

    def rows(self, which: slice) -> Tensor:
        """Return some rows in float32."""
        return self._numbers[which].float()

    def four_bits(self) -> None:
        """Return None: it is not stored in four bits."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._numbers)


def skeleton(place: Path, **where: str) -> PreTrainedModel:
    """Return a model without its weights: they are on the device `meta`."""
    config = AutoConfig.from_pretrained(place, **where)
    with init_empty_weights():
        model: PreTrainedModel = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    with suppress(OSError):  # there is none in a GGUF file
        model.generation_config = GenerationConfig.from_pretrained(place)
    model.eval().requires_grad_(False)
    return model


def convert_gguf(file: Path, into: Path, form: Form, count: LayerCount) -> None:
    """Convert a GGUF file into a folder, with its configuration and tokenizer."""
    model = skeleton(file.parent, gguf_file=file.name)
    tensors: dict[str, OriginalTensor] = dict(stored_tensors(file, model))
    words, head = (f"{stem}.weight" for stem in embedding_stems(model))
    if head in tensors and same_matrix(tensors[words], tensors[head]):
        tensors[words] = max(tensors[words], tensors.pop(head), key=_levels)
        model.config.tie_word_embeddings = True
    _convert(model, tensors, into, form, count)
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(into)


def convert_folder(place: str, into: Path, form: Form, count: LayerCount) -> None:
    """Do the same for a folder or hub name, which transformers opens."""
    model = AutoModelForCausalLM.from_pretrained(place, dtype="auto")
    tensors = {name: LoadedTensor(one) for name, one in model.named_parameters()}
    _convert(model, tensors, into, form, count)
    AutoTokenizer.from_pretrained(place).save_pretrained(into)


def _convert(
    model: PreTrainedModel,
    tensors: Mapping[str, OriginalTensor],
    into: Path,
    form: Form,
    count: LayerCount,
) -> None:
    layers = {f"{stem}.weight" for stem, _ in linear_layers(model)}
    embeddings = {f"{stem}.weight" for stem in embedding_stems(model)}
    if type(model.get_input_embeddings()) is not nn.Embedding:  # one that does more than look up
        layers, embeddings = layers - embeddings, set()
    matrices = [name for name in tensors if name in layers]
    with TensorFile(into / WEIGHTS, form.purpose) as kept:
        for name, weights in tensors.items():
            stem = name.removesuffix(".weight")
            if name in layers:
                count(matrices.index(name), len(matrices))
            if kept.holds(name):
                continue
            if name in embeddings:
                kept.add(name, form.embedding(stem, _parts(weights)))
            elif name in layers:
                kept.add(name, form.matrix(stem, weights))
            else:
                kept.add(name, {name: weights.values().to(form.numbers)})
        kept.finish()
    model.config.update(dict(form.settings))
    model.config.save_pretrained(into)
    if model.generation_config:
        model.generation_config.save_pretrained(into)


def linear_layers(model: PreTrainedModel) -> list[tuple[str, nn.Linear]]:
    """Return the linear layers of a model by name, the output embedding too."""
    return [(name, one) for name, one in model.named_modules() if isinstance(one, nn.Linear)]


def embedding_stems(model: PreTrainedModel) -> tuple[str, str]:
    """Return the names of a model's input and output embeddings."""
    names = {id(module): name for name, module in model.named_modules()}
    return names[id(model.get_input_embeddings())], names[id(model.get_output_embeddings())]


def _parts(weights: OriginalTensor) -> Iterator[Tensor]:
    for start in range(0, len(weights), _CHUNK):
        yield weights.rows(slice(start, start + _CHUNK))


def same_matrix(one: OriginalTensor, other: OriginalTensor) -> bool:
    """Tell whether two embeddings are one matrix, stored twice at two precisions."""
    some = slice(None, None, 97)
    if len(one) != len(other):
        return False
    likeness = nn.functional.cosine_similarity(one.rows(some), other.rows(some))
    return bool(likeness.median() >= _SAME_MATRIX)


def _levels(weights: OriginalTensor) -> int:
    """Return how many numbers occur in some rows: the more, the more precise they are."""
    return int(weights.rows(slice(64)).unique().numel())
