"""Let the language model read its instructions while the user still types, and end in peace.

Knows the prompts that most first answers need; knows no product and no catalogue. On a processor
without a 4-bit kernel these take the first answer ten seconds and more.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from assistant.model.prompt import instructions
from assistant.model.protocol import LanguageModel
from retrieval.errors import LanguageModelError

AHEAD = ("explain", "understand")  # every answer is written by the first


@contextmanager
def reading_ahead(model: LanguageModel | None) -> Iterator[None]:
    """Read the instructions beside what is done here; when that ends, the model computes no more.

    A model that fails at reading them will say so in the first turn.
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
