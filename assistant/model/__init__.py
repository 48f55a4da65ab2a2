"""The language model: its protocol, its prompts, and how it is quantised and run here.

Knows chats, tokens and weights; knows no item and no conversation.

    protocol         what is asked of a language model
    prompt           prompts/, held against the code that fills them
    warm_up          the model reads its instructions while the user types
    chat_template    what people write never becomes a control token
    prefix_cache     what the model has read is not read again
    grammar          ◆ xgrammar
    nf4_prefill      ◆ bitsandbytes: long prompts through 4-bit weights
    int8_linear      ◆ bitsandbytes: for processors that it has no 4-bit kernel for
    quantise         ◆ bitsandbytes, transformers
    model_store      a model's name → its weights, quantised once
    repetition       has a reply lost its thread?
    quantised_model  ◆ transformers: stream, score, fill
"""

__all__ = ["prompt", "protocol", "quantised_model", "warm_up"]
