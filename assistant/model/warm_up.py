"""Cache the language model's instructions while the user types the first message.

Knows the prompts that most first answers need; knows no product and no catalogue. On a CPU that
does not multiply bfloat16, these prompts would delay the first answer by seconds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from assistant.model.prompt import instructions
from assistant.model.protocol import LanguageModel
from retrieval.errors import LanguageModelError

AHEAD = ("polarity", "converse")  # names of prompts


@contextmanager
def reading_ahead(model: LanguageModel | None) -> Iterator[None]:
    """Cache the instructions in a thread during the `with` block; then close the model.

    If the model fails here, the first turn reports it.
    """
    over = threading.Event()

    def read() -> None:
        with suppress(LanguageModelError):
            for _ in model.prepare([*map(instructions, AHEAD)]) if model else ():
                if over.is_set():
                    return

    reader = threading.Thread(target=read, name="reading ahead")
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()
        if model:
            model.close()
