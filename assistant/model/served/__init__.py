"""A language model on a server that speaks OpenAI's protocol: vLLM, llama.cpp, TGI and others.

Knows HTTP and what such servers answer; knows no prompt and no item.

    circuit         stops asking what has failed several times in a row
    model_server    ◆ httpx, tenacity: requests, retries, time-outs
    served_model    the language model's protocol over such a server
    stand_in        another model, for as long as the first one fails
"""

__all__ = ["model_server", "served_model", "stand_in"]
