"""A picture encoder so small that tests make it, train it and save it."""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from retrieval.encoders.picture import untrained_model
from retrieval.encoders.picture_folder import CONFIG_FILE
from retrieval.training.pictures.saving import save_model

TINY_WORDS = (
    "[PAD] [UNK] [CLS] [SEP] red blue green yellow mug lamp scarf box a photo of the warm".split()
)
TOWER = "sentence-transformers/all-MiniLM-L6-v2"
CONFIG = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {
            "timm_model_name": "test_resnet",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "linear",
            "image_size": 32,
        },
        "text_cfg": {
            "hf_model_name": TOWER,
            "hf_tokenizer_name": TOWER,
            "hf_proj_type": "mlp",
            "hf_pooler_type": "mean_pooler",
            "context_length": 16,
        },
    },
    "preprocess_cfg": {
        "size": 32,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.25, 0.25, 0.25],
        "interpolation": "bilinear",
        "resize_mode": "squash",
    },
}


def make_words(folder: Path) -> Path:
    """Make a text transformer of a few words, laid out as all-MiniLM-L6-v2 is."""
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=len(TINY_WORDS), intermediate_size=32, pad_token_id=0, **shape)
    BertModel(config).save_pretrained(folder)
    known = {word: at for at, word in enumerate(TINY_WORDS)}
    tokenizer = Tokenizer(models.WordPiece(known, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(folder)
    return folder


def make_model(folder: Path, words: Path) -> Path:
    """Make a model folder such as the shipped one: two projections, no transformer."""
    folder.mkdir()
    (folder / CONFIG_FILE).write_text(json.dumps(CONFIG))
    save_model(untrained_model(folder, words=words, seed=1), folder)
    return folder
