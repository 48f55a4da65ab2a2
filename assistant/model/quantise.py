"""Quantise a language model to NF4, and load quantised models.

◆ transformers, bitsandbytes. Knows model files and number formats; knows no prompt, and not where
models are stored. NF4 is QLoRA's 4-bit format, arXiv 2305.14314.

GGUF files that were exported from a model with tied embeddings contain the embedding twice, at two
precisions; the two are tied again, and the more precise one is kept.
"""

import logging
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    GgufConfig,
    PreTrainedModel,
)
from transformers.quantizers.auto import AutoHfQuantizer
from transformers.utils import logging as transformers_logging

_FILL = "fill"  # metadata of a file that only make its header longer
_SAME_MATRIX = 0.97  # median row cosine above which two matrices are one, at two precisions
_NF4 = BitsAndBytesConfig(
    load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
)

LayerCount = Callable[[int, int], None]  # layers quantised, layers in all


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


def quantise_gguf(file: Path, into: Path, count: LayerCount) -> None:
    """Read a GGUF file, tie its embeddings again, and quantise layer after layer."""
    where = {"pretrained_model_name_or_path": str(file.parent), "gguf_file": file.name}
    AutoTokenizer.from_pretrained(**where).save_pretrained(into)
    model = AutoModelForCausalLM.from_pretrained(
        **where, quantization_config=GgufConfig(dequantize=True), dtype=torch.bfloat16
    )
    tie_again(model)
    layers = [
        (parent, name, layer)
        for parent in model.modules()
        for name, layer in parent.named_children()
        if isinstance(layer, nn.Linear) and layer is not model.get_output_embeddings()
    ]
    for done, (parent, name, layer) in enumerate(layers):
        count(done, len(layers))
        setattr(parent, name, nf4_layer(layer))
    model.config.quantization_config = _NF4.to_dict()
    model.hf_quantizer = AutoHfQuantizer.from_config(_NF4)
    model.save_pretrained(into)


def tie_again(model: PreTrainedModel) -> None:
    """Tie the embeddings again if they are one matrix, stored twice at two precisions."""
    words: Any = model.get_input_embeddings()
    head: Any = model.get_output_embeddings()
    if words.weight is head.weight or words.weight.shape != head.weight.shape:
        return
    one, other = words.weight[::97].float(), head.weight[::97].float()
    if nn.functional.cosine_similarity(one, other).median() < _SAME_MATRIX:
        return
    finer = max((words.weight, head.weight), key=lambda w: w[:64].unique().numel())
    words.weight = head.weight = finer
    model.config.tie_word_embeddings = True


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


def open_quantised(kept: Path) -> PreTrainedModel:
    """Load a model from a folder that one of the functions above has written."""
    device = "auto" if torch.cuda.is_available() else "cpu"
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        kept, device_map=device, dtype=torch.bfloat16
    )
    model.eval().requires_grad_(False)
    if model.device.type == "cpu":
        from assistant.model import int8_linear  # imports bitsandbytes
        from assistant.model.nf4_prefill import wrap

        if int8_linear.needed():
            _widen(model, kept)
        else:
            _pack(model, kept)
            wrap(model)
    return model


def _widen(model: PreTrainedModel, kept: Path) -> None:
    """Convert to 8-bit layers, for CPUs without bitsandbytes' kernel; cached in a file.

    Converting all layers would take seconds at every start; with the file it is done once.
    """
    from assistant.model.int8_linear import four_bit_layers, rounded, widen

    file = kept / "eight-bits-aligned.safetensors"
    if not file.exists():
        (kept / "eight-bits.safetensors").unlink(missing_ok=True)  # an earlier version's
        made = {name: rounded(layer) for name, layer in four_bit_layers(model).items()}
        keep_tensors({f"{n}.{part}": one for n, both in made.items()
               for part, one in zip(("weight", "scales"), both, strict=True)}, file)  # fmt: skip
    with safe_open(file, "pt") as tensors:
        known = {
            name: (tensors.get_tensor(f"{name}.weight"), tensors.get_tensor(f"{name}.scales"))
            for name in four_bit_layers(model)
        }
    widen(model, model.get_input_embeddings(), model.get_output_embeddings(), known)


def _pack(model: PreTrainedModel, kept: Path) -> None:
    """Reorder the weights for bitsandbytes' fast CPU kernel; cached in a file.

    bitsandbytes does this itself in the first forward pass, which takes seconds at every start;
    with the file it is done once for each version of bitsandbytes.
    """
    from assistant.model.int8_linear import four_bit_layers

    layers: dict[str, Any] = dict(four_bit_layers(model))
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
    keep_tensors(packed, file)


def keep_tensors(tensors: dict[str, Tensor], file: Path) -> None:
    """Write a file atomically, as several processes may write it at once.

    Its numbers begin at a multiple of `ALIGNMENT`, so that they are used where the file is mapped
    and need not be copied.
    """
    from assistant.model.int8_linear import ALIGNMENT

    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        save_file(tensors, fresh, {_FILL: ""})
        with fresh.open("rb") as begun:
            start = 8 + int.from_bytes(begun.read(8), "little")
        if lacking := -start % ALIGNMENT:
            save_file(tensors, fresh, {_FILL: " " * lacking})
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
