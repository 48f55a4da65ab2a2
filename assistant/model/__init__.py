"""The language model: its protocol, its prompts, and how it is quantised and run here.

Knows chats, tokens and weights; knows no item and no conversation.

    protocol         the interface of a language model
    prompt           loads prompts from prompts/ and checks their placeholders
    model_queue      whose turn it is at the model, and who was stopped
    warm_up          computes the instructions' key-value cache while the user types
    chat_template    chat → token ids; user text never becomes a control token
    prefix_cache     the key-value cache of prompt prefixes
    tensor_file      a safetensors file, written tensor by tensor, resumable
    int4_linear      4-bit and 8-bit layers for CPUs without bitsandbytes' kernel
    gguf_weights     ◆ gguf: the tensors of a GGUF file, four bits as they are stored
    convert          a model's tensors → one file, in the form that a machine computes with
    int4_model       ◆ transformers: writes and opens 4-bit models for torch's kernel
    nf4_prefill      ◆ bitsandbytes: long prompts through 4-bit weights
    quantise         ◆ bitsandbytes, transformers: writes and opens models in NF4
    origin           a model's name → where it comes from, and whether it is kept here
    deferred_model   a language model that is opened when a turn first needs it
    model_store      a model's name → its weights, quantised once
    repetition       detects a reply that repeats itself
    quantised_model  ◆ transformers: stream, score
"""

__all__ = [
    "deferred_model",
    "int4_linear",
    "model_queue",
    "nf4_prefill",
    "origin",
    "prompt",
    "protocol",
    "quantise",
    "quantised_model",
    "warm_up",
]
