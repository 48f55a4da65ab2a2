"""Read the weights of a GGUF file one by one, under the names that transformers gives them.

◆ gguf, transformers. Knows llama.cpp's blocks of numbers; knows no layer of ours. A matrix that is
stored in four bits already, as most of a Q4_K_M file are, is handed over as it is: rounding it once
more would lose twice.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from gguf import (
    GGML_QUANT_SIZES,
    MODEL_ARCH_NAMES,
    GGMLQuantizationType,
    GGUFReader,
    dequantize,
    get_tensor_name_map,
)
from gguf.gguf_reader import ReaderTensor
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedModel
from transformers.modeling_gguf_pytorch_utils import TENSOR_PROCESSORS, TensorProcessor

from assistant.model.int4_linear import GROUP, LEVELS, FourBits

# Where the codes of a block begin, in bytes; they reach to its end.
_CODES_FROM = {
    GGMLQuantizationType.Q4_0: 2,
    GGMLQuantizationType.Q4_1: 4,
    GGMLQuantizationType.Q4_K: 16,
}


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor of a GGUF file, which stays on disk until it is asked for."""

    _stored: ReaderTensor
    _processor: TensorProcessor  # undoes what llama.cpp changed in the order of rows

    def values(self) -> Tensor:
        """Return its numbers in float32."""
        return torch.from_numpy(np.array(self._processed(self._stored.data)))

    def rows(self, which: slice) -> Tensor:
        """Return some rows in float32, in the order of the file, which is that of token ids."""
        return torch.from_numpy(np.array(dequantize(self._stored.data[which], self._kind)))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._stored.data)

    @property
    def rounded(self) -> bool:
        """Tell whether its numbers were rounded to few bits when the file was made."""
        return GGML_QUANT_SIZES[self._kind][0] > 1

    def four_bits(self) -> FourBits | None:
        """Return its codes, exactly as stored, or None if it is not stored in four bits."""
        start = _CODES_FROM.get(self._kind)
        if start is None:
            return None
        lowest = self._processed(self._with_codes(start, 0x00))[:, ::GROUP]
        highest = self._processed(self._with_codes(start, 0xFF))[:, ::GROUP]
        low, scales = torch.from_numpy(lowest.copy()), torch.from_numpy((highest - lowest) / LEVELS)
        groups = self.values().view(*low.shape, GROUP) - low[..., None]
        codes = (groups / torch.where(scales == 0, 1, scales)[..., None]).round()
        return FourBits(codes.to(torch.uint8).flatten(1), scales, low)

    @property
    def _kind(self) -> GGMLQuantizationType:
        return self._stored.tensor_type

    def _with_codes(self, start: int, byte: int) -> NDArray[np.uint8]:
        """Return the stored blocks with each code replaced: what is left are scales and zeros."""
        blocks = self._stored.data.reshape(-1, GGML_QUANT_SIZES[self._kind][1]).copy()
        blocks[:, start:] = byte
        return blocks.reshape(self._stored.data.shape)

    def _processed(self, data: NDArray[np.uint8]) -> NDArray[np.float32]:
        numbers = dequantize(data, self._kind)
        found: NDArray[np.float32] = self._processor.process(numbers, self._stored.name).weights
        return found


def stored_tensors(file: Path, model: PreTrainedModel) -> dict[str, StoredTensor]:
    """Return the tensors of a GGUF file for its model, in the order of the file."""
    reader = GGUFReader(file)
    kind = reader.fields["general.architecture"].contents()
    processor = TENSOR_PROCESSORS.get(kind, TensorProcessor)(config=model.config.to_dict())
    architecture = next(key for key, name in MODEL_ARCH_NAMES.items() if name == kind)
    known = get_tensor_name_map(architecture, model.config.num_hidden_layers)
    names = {}
    for name in model.state_dict():
        stem, _, suffix = name.rpartition(".")
        names[f"{known.get_name(stem)}.{suffix}"] = name
    tensors = (tensor for tensor in reader.tensors if tensor.name in names)
    return {names[tensor.name]: StoredTensor(tensor, processor) for tensor in tensors}
