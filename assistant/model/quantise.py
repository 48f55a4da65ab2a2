"""Keep a language model in NF4 for bitsandbytes' kernels, and open it again.

◆ transformers, bitsandbytes. Knows the numbers that bitsandbytes keeps; knows no prompt, and not
where models are stored. NF4 is QLoRA's 4-bit format, arXiv 2305.14314.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
)
from transformers.utils import logging as transformers_logging

from assistant.model.convert import OriginalTensor
from assistant.model.tensor_file import TensorFile

_NF4 = BitsAndBytesConfig(
    load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
)


def be_quiet() -> None:
    """Hide the libraries' progress bars and hints from the user.

    bitsandbytes prints hints when it is imported, so it must be imported only after this call.
    """
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)


def quantise_folder(place: str, into: Path) -> None:
    """Quantise the weights of a folder or hub name with transformers, while loading them."""
    model = AutoModelForCausalLM.from_pretrained(
        place, quantization_config=_NF4, dtype=torch.bfloat16, device_map="auto"
    )
    model.save_pretrained(into)
    AutoTokenizer.from_pretrained(place).save_pretrained(into)


class NF4Form:
    """The form of a file for bitsandbytes' kernels, as transformers saves and opens it."""

    purpose = "nf4"
    numbers = torch.bfloat16
    settings: Mapping[str, Any] = MappingProxyType({"quantization_config": _NF4.to_dict()})

    def matrix(self, stem: str, weights: OriginalTensor) -> Mapping[str, Tensor]:
        """Return a layer's weights in NF4, with what bitsandbytes needs to read them."""
        values = weights.values().bfloat16()
        layer = nn.Linear(values.shape[1], values.shape[0], bias=False, device="meta")
        layer.weight = nn.Parameter(values, requires_grad=False)
        made: dict[str, Tensor] = nf4_layer(layer).state_dict(prefix=f"{stem}.")
        return made

    def embedding(self, stem: str, parts: Iterator[Tensor]) -> Mapping[str, Tensor]:
        """Return an embedding in bfloat16: it is large, often tied, and only some rows are used."""
        return {f"{stem}.weight": torch.cat([part.bfloat16() for part in parts])}


def nf4_layer(layer: nn.Linear) -> nn.Module:
    """Return a linear layer with its weights in NF4."""
    from bitsandbytes.nn.modules import Linear4bit, Params4bit

    made = Linear4bit(
        layer.in_features,
        layer.out_features,
        bias=layer.bias is not None,
        compute_dtype=torch.bfloat16,
        quant_type="nf4",
        device="meta",
    )
    made.weight = Params4bit(
        layer.weight.data, quant_type="nf4", compress_statistics=False, module=made
    )
    made.bias = layer.bias
    return made.to("cpu")  # this is what quantises


def open_nf4(kept: Path) -> PreTrainedModel:
    """Open a model from a folder whose file has this form, or that transformers has written."""
    device = "auto" if torch.cuda.is_available() else "cpu"
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        kept, device_map=device, dtype=torch.bfloat16
    )
    model.eval().requires_grad_(False)
    if model.device.type == "cpu":
        from assistant.model.nf4_prefill import wrap

        _pack(model, kept)
        wrap(model)
    return model


def _pack(model: PreTrainedModel, kept: Path) -> None:
    """Reorder the weights for bitsandbytes' fast CPU kernel; cached in a file.

    bitsandbytes does this itself in the first forward pass, which takes seconds at every start;
    with the file it is done once for each version of bitsandbytes.
    """
    from bitsandbytes.nn.modules import Linear4bit

    layers: dict[str, Any] = {
        name: one for name, one in model.named_modules() if isinstance(one, Linear4bit)
    }
    file = kept / f"packed-{version('bitsandbytes')}.safetensors"
    if file.exists():
        with safe_open(file, "pt") as tensors:
            for name, layer in layers.items():
                state = layer.weight.quant_state
                layer.weight.data = tensors.get_tensor(f"{name}.weight")
                state.absmax = tensors.get_tensor(f"{name}.absmax")
                state.dtype, state.packing_format_for_cpu = torch.bfloat16, True
        return
    with torch.inference_mode():
        for layer in layers.values():
            layer(torch.zeros(1, 1, layer.in_features, dtype=torch.bfloat16))
    states = [layer.weight.quant_state for layer in layers.values()]
    if not all(getattr(state, "packing_format_for_cpu", False) for state in states):
        return
    packed = {f"{name}.weight": layer.weight.data for name, layer in layers.items()}
    packed |= {f"{name}.absmax": layer.weight.quant_state.absmax for name, layer in layers.items()}
    with TensorFile(fresh := file.with_name(f"{file.name}.{os.getpid()}.new"), "") as written:
        written.add("", packed)
        written.finish()
    fresh.replace(file)
