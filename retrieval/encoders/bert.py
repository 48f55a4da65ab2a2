"""Read texts with a BERT checkpoint (arXiv 1810.04805) on torch alone.

Knows a folder as sentence-transformers lays it out, when it is plain: BERT, then the mean over the
tokens or the first token. Such are most small text encoders, all-MiniLM-L6-v2 among them.
transformers and sentence-transformers compute the same, but importing them takes longer than
everything else that one search needs: 5 s of 8 s on one core.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from retrieval.errors import ModelCorruptError, ModelMissingError

Pooling = Literal["mean", "first"]

_MODULES = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
_POOLINGS: Mapping[str, Pooling] = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "first",
}
_ATTENTION = ("query", "key", "value")
_PARTS = {  # a layer's parameters by their names in a checkpoint
    "self_attn.out_proj": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "linear1": "intermediate.dense",
    "linear2": "output.dense",
    "norm2": "output.LayerNorm",
}


class Bert(nn.Module):
    """The encoder: token ids → one vector per token."""

    def __init__(self, shape: Mapping[str, Any]) -> None:
        """Build it from a checkpoint's config.json, with parameters that have no value yet."""
        super().__init__()
        width, close = shape["hidden_size"], shape["layer_norm_eps"]
        self.words = _table(shape["vocab_size"], width)
        self.places = _table(shape["max_position_embeddings"], width)
        self.kinds = _table(shape["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, eps=close)
        layer = nn.TransformerEncoderLayer(
            width,
            shape["num_attention_heads"],
            shape["intermediate_size"],
            activation="gelu",
            layer_norm_eps=close,
            batch_first=True,
        )
        self.layers = nn.TransformerEncoder(
            layer, shape["num_hidden_layers"], enable_nested_tensor=False
        )

    def forward(self, ids: Tensor, padded: Tensor) -> Tensor:
        """Map token ids (n, length) to (n, length, width); `padded` marks what is no token."""
        read: Tensor = self.layers(self._given(ids), src_key_padding_mask=padded)
        return read

    def lower(self, ids: Tensor, padded: Tensor, layers: int) -> Tensor:
        """Return what the first `layers` make of token ids, shaped as by `forward`."""
        states = self._given(ids)
        for layer in list(self.layers.layers)[:layers]:
            states = layer(states, src_key_padding_mask=padded)
        return states

    def _given(self, ids: Tensor) -> Tensor:
        summed = self.words(ids) + self.places.weight[: ids.shape[1]] + self.kinds.weight[0]
        given: Tensor = self.norm(summed)
        return given


@dataclass(frozen=True, slots=True)
class TextReader:
    """A BERT model with its tokenizer: texts → one pooled vector each, not of unit length."""

    model: Bert
    tokenizer: Tokenizer
    pooling: Pooling
    device: torch.device

    def read(self, texts: Sequence[str]) -> Tensor:
        """Return (len(texts), width)."""
        found = self.tokenizer.encode_batch(list(texts))
        ids = torch.tensor([one.ids for one in found], device=self.device)
        kept = torch.tensor([one.attention_mask for one in found], device=self.device)
        tokens: Tensor = self.model(ids, kept == 0)
        if self.pooling == "first":
            return tokens[:, 0]
        weights = kept.unsqueeze(-1).to(tokens.dtype)
        pooled: Tensor = (tokens * weights).sum(1) / weights.sum(1)
        return pooled


def plain_pooling(folder: Path) -> Pooling | None:
    """Return how a folder's model pools its tokens, or None when it is not plain BERT."""
    try:
        shape, modules = _json(folder / "config.json"), _json(folder / "modules.json")
        pooling = _json(folder / "1_Pooling" / "config.json")
        reading = _json(folder / "sentence_bert_config.json")
    except (OSError, ValueError):
        return None
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    modes = [name for name, on in pooling.items() if name.startswith("pooling_mode") and on is True]
    plain = (
        shape.get("model_type") == "bert"
        and shape.get("hidden_act") == "gelu"
        and shape.get("position_embedding_type", "absolute") == "absolute"
        and not reading.get("do_lower_case")
        and (folder / "tokenizer.json").is_file()
        and (folder / "model.safetensors").is_file()
    )
    if not plain or kinds not in _MODULES or len(modes) != 1:
        return None
    return _POOLINGS.get(modes[0])


def longest_text(folder: Path) -> int:
    """Return how many tokens of a text a plain folder's model reads."""
    return int(_json(folder / "sentence_bert_config.json")["max_seq_length"])


def open_reader(
    folder: Path, *, longest: int, pooling: Pooling, device: torch.device
) -> TextReader:
    """Load a BERT model and its tokenizer; texts are cut after `longest` tokens.

    Raises: ModelMissingError, ModelCorruptError.
    """
    file = folder / "model.safetensors"
    try:
        shape, stored = _json(folder / "config.json"), load_file(file)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except (OSError, SafetensorError) as error:
        raise ModelMissingError(f"{file} cannot be read: magpie models fetch") from error
    try:
        with torch.device("meta"):  # random values would be overwritten
            model = Bert(shape)
        model.load_state_dict(_renamed(stored, shape["num_hidden_layers"]), assign=True)
    except (KeyError, RuntimeError) as error:
        raise ModelCorruptError(f"{file} is another model's: magpie models fetch") from error
    padding = int(shape.get("pad_token_id") or 0)
    tokenizer.enable_truncation(longest)
    tokenizer.enable_padding(pad_id=padding, pad_token=tokenizer.id_to_token(padding))
    return TextReader(model.eval().requires_grad_(False).to(device), tokenizer, pooling, device)


def _table(rows: int, width: int) -> nn.Embedding:
    """Return a table without values: to draw some on the "meta" device imports torch._dynamo."""
    return nn.Embedding(rows, width, _weight=torch.empty(rows, width))


def _renamed(stored: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return a checkpoint's parameters under the names that `Bert` gives them."""
    given = {name.removeprefix("bert."): value for name, value in stored.items()}
    named = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "kinds.weight": given["embeddings.token_type_embeddings.weight"],
    }
    for part in ("weight", "bias"):
        named[f"norm.{part}"] = given[f"embeddings.LayerNorm.{part}"]
        for at in range(layers):
            ours, theirs = f"layers.layers.{at}", f"encoder.layer.{at}"
            three = [given[f"{theirs}.attention.self.{one}.{part}"] for one in _ATTENTION]
            named[f"{ours}.self_attn.in_proj_{part}"] = torch.cat(three)
            for own, name in _PARTS.items():
                named[f"{ours}.{own}.{part}"] = given[f"{theirs}.{name}.{part}"]
    return named


def _json(file: Path) -> Any:  # noqa: ANN401 -- whatever the file holds
    return json.loads(file.read_text("utf-8"))
