"""Let the language model tell whether a shopper wants what a message names: "Logitech let me down".

It answers yes or no from the logits, and can only take a filter away: what it takes for refused
becomes unclear, and is said to be. Asked only of what the rules took as wanted.
"""

from collections.abc import Sequence

import numpy as np

from assistant.model.prompt import load_prompt
from assistant.model.protocol import LanguageModel

_MODEL_READS = 300  # characters of a message
# The probability of a no from which on a value is in doubt. Of 34 denials of development data that
# the rules take for wishes or leave open it is reached by 21, of 60 wishes by 3.
_REFUSED = 0.5


def refused(message: str, named: Sequence[str], model: LanguageModel) -> list[str]:
    """Return which of the words that a message names it does not seem to want.

    Raises:
        LanguageModelError: the model failed.
    """
    if not named:
        return []
    prompt = load_prompt("polarity", expects=frozenset({"message", "words"}))
    chats = [prompt.fill(message=message[:_MODEL_READS], words=words) for words in named]
    no = np.exp(model.score(chats, ("Yes", "No")))[:, 1]
    return [words for words, share in zip(named, no, strict=True) if share > _REFUSED]
