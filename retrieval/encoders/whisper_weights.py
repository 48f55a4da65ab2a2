"""Convert CTranslate2's Whisper weights for openai-whisper, the reference implementation.

◆ torch. Knows both layouts; knows nothing of sound. CTranslate2 fuses layers that openai-whisper
keeps separate: query, key and value of self-attention in `self_attention/linear_0`, key and value
of cross-attention in `attention/linear_1`. The key has no bias: its part of the fused bias is zero.
"""

import os
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from torch import Tensor

from retrieval.errors import ModelCorruptError

_SIDES = ("encoder", "decoder")
_VERSION, _SPEC = 6, "WhisperSpec"
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def convert(binary: Path, checkpoint: Path) -> None:
    """Write an openai-whisper checkpoint from CTranslate2's `model.bin`, atomically.

    Raises:
        ModelCorruptError: the file is not a Whisper model in a known layout.

    """
    try:
        variables = read_variables(binary)
        content = {"dims": _dimensions(variables), "model_state_dict": _state(variables)}
    except (KeyError, struct.error, UnicodeDecodeError, ValueError) as error:
        raise ModelCorruptError(f"{binary} is no Whisper model of CTranslate2: {error}") from error
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    fresh = checkpoint.with_name(f"{checkpoint.name}.{os.getpid()}.new")
    try:
        torch.save(content, fresh)
        fresh.replace(checkpoint)
    finally:
        fresh.unlink(missing_ok=True)


def read_variables(binary: Path) -> dict[str, Tensor]:
    """Return every variable of a CTranslate2 model by name."""
    with binary.open("rb") as file:
        version, spec = _number(file, "I"), _text(file)
        if (version, spec) != (_VERSION, _SPEC):
            raise ValueError(f"version {version}, {spec!r}")
        _number(file, "I")  # revision of the spec
        return dict(_variable(file) for _ in range(_number(file, "I")))


def _variable(file: BinaryIO) -> tuple[str, Tensor]:
    name = _text(file)
    shape = [_number(file, "I") for _ in range(_number(file, "B"))]
    kind = _TYPES[_number(file, "B")]
    values = np.frombuffer(bytearray(file.read(_number(file, "I"))), kind)
    return name, torch.from_numpy(values.reshape(shape))


def _number(file: BinaryIO, kind: str) -> int:
    (number,) = struct.unpack(f"<{kind}", file.read(struct.calcsize(kind)))
    return int(number)


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, "H")).rstrip(b"\0").decode()


def _dimensions(variables: Mapping[str, Tensor]) -> dict[str, int]:
    audio, text = (variables[f"{side}/position_encodings/encodings"] for side in _SIDES)
    return {
        "n_mels": variables["encoder/conv1/weight"].shape[1],
        "n_vocab": variables["decoder/embeddings/weight"].shape[0],
        "n_audio_ctx": audio.shape[0],
        "n_audio_state": audio.shape[1],
        "n_audio_head": int(variables["encoder/num_heads"]),
        "n_audio_layer": _layers(variables, "encoder"),
        "n_text_ctx": text.shape[0],
        "n_text_state": text.shape[1],
        "n_text_head": int(variables["decoder/num_heads"]),
        "n_text_layer": _layers(variables, "decoder"),
    }


def _layers(variables: Mapping[str, Tensor], side: str) -> int:
    return sum(bool(re.fullmatch(rf"{side}/layer_\d+/ffn/linear_0/bias", n)) for n in variables)


def _state(variables: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return openai-whisper's state dict; shares memory with the variables."""
    state = {
        "decoder.token_embedding.weight": variables["decoder/embeddings/weight"],
        "encoder.positional_embedding": variables["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": variables["decoder/position_encodings/encodings"],
    }
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            state[f"encoder.{conv}.{part}"] = variables[f"encoder/{conv}/{part}"]
    _norm(state, "encoder.ln_post", variables, "encoder/layer_norm")
    _norm(state, "decoder.ln", variables, "decoder/layer_norm")
    for side in _SIDES:
        for index in range(_layers(variables, side)):
            ours, theirs = f"{side}.blocks.{index}", f"{side}/layer_{index}"
            _attention(state, f"{ours}.attn", variables, f"{theirs}/self_attention")
            if side == "decoder":
                _attention(state, f"{ours}.cross_attn", variables, f"{theirs}/attention")
            _norm(state, f"{ours}.mlp_ln", variables, f"{theirs}/ffn/layer_norm")
            for number, place in (("0", "linear_0"), ("2", "linear_1")):
                for part in ("weight", "bias"):
                    state[f"{ours}.mlp.{number}.{part}"] = variables[f"{theirs}/ffn/{place}/{part}"]
    return state


def _norm(
    state: dict[str, Tensor], ours: str, variables: Mapping[str, Tensor], theirs: str
) -> None:
    state[f"{ours}.weight"] = variables[f"{theirs}/gamma"]
    state[f"{ours}.bias"] = variables[f"{theirs}/beta"]


def _attention(
    state: dict[str, Tensor], ours: str, variables: Mapping[str, Tensor], theirs: str
) -> None:
    """Split one fused attention block into its linear layers: query, key, value and out."""
    width = variables[f"{theirs}/linear_0/weight"].shape[1]
    for part in ("weight", "bias"):
        rows = [
            row
            for place in ("linear_0", "linear_1", "linear_2")
            if f"{theirs}/{place}/{part}" in variables
            for row in torch.split(variables[f"{theirs}/{place}/{part}"], width)
        ]
        for name, row in zip(("query", "key", "value", "out"), rows, strict=True):
            if (name, part) != ("key", "bias"):
                state[f"{ours}.{name}.{part}"] = row
    _norm(state, f"{ours}_ln", variables, f"{theirs}/layer_norm")
