"""A language model so small that it computes in milliseconds.

It has random weights and a tokenizer of bytes, so what it says is noise, which is what a grammar,
a cache and a batch must not depend on.
"""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from assistant.model.chat_template import ChatTokens
from assistant.model.protocol import Message
from assistant.model.quantised_model import QuantisedModel

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTEXT = 2_000


def byte_tokenizer():
    """Return a tokenizer whose tokens are bytes, with the control tokens of a chat."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", chat_template=TEMPLATE
    )
    wrapped.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    wrapped.add_tokens(["<tool_call>"])  # a control token that does not count as special
    return wrapped


def random_model():
    """Return a transformer of two layers that has learned nothing."""
    torch.manual_seed(4)
    config = LlamaConfig(
        vocab_size=288,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        initializer_range=0.4,
        eos_token_id=256,
    )
    return LlamaForCausalLM(config).eval().requires_grad_(False)


class Tiny:
    """A tiny model, with a count of the tokens it has had to read."""

    def __init__(self):
        self.weights, self.tokens = random_model(), ChatTokens(byte_tokenizer())
        self.model = QuantisedModel("tiny", self.weights, self.tokens)
        self.read = 0
        self.weights.register_forward_pre_hook(self._count, with_kwargs=True)

    def _count(self, module, arguments, options):
        self.read += arguments[0].numel()

    def logits(self, ids):
        """Return the logits after `ids`, computed in one go, without any cache."""
        return self.weights(torch.tensor([ids])).logits[0, -1]


def chat(*contents, system="You choose. " * 5):
    """Return a chat of a system's message and some of a user's."""
    return [Message("system", system), *(Message("user", content) for content in contents)]
