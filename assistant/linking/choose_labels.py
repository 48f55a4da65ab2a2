"""Let the language model choose what some words of a message are called in the catalogue.

It chooses among the labels nearest in meaning, or none, from the logits of one letter: it writes
nothing, and cannot name what the catalogue does not have. Whether the thing is wanted or denied,
and every amount, stays with the rules, which read the message again with the new names.
"""

from collections.abc import Sequence
from string import ascii_uppercase

import numpy as np

from assistant.linking.value_labels import Label, ProposedLink
from assistant.model.prompt import load_prompt
from assistant.model.protocol import LanguageModel
from assistant.understanding.value_names import Link, Links

_MODEL_READS = 300  # characters of a message
_NONE = "N"
# Probabilities from which on a choice counts, and is a must. Of 118 words of development data 33
# are at least likely: 19 as their writers meant, 7 others as a person might take them.
_LIKELY, _SURE = 0.55, 0.6
_NEAR = 0.5  # … of a label that is also the nearest in meaning, this cosine at least


def choose_labels(message: str, proposals: Sequence[ProposedLink], model: LanguageModel) -> Links:
    """Return what the words surely, or likely, stand for.

    Raises:
        LanguageModelError: the model failed.
    """
    if not proposals:
        return {}
    prompt = load_prompt("link", expects=frozenset({"message", "words", "labels"}))
    chats = [
        prompt.fill(
            message=message[:_MODEL_READS],
            words=one.words,
            labels="; ".join(map(_line, ascii_uppercase, one.labels)),
        )
        for one in proposals
    ]
    most = max(len(one.labels) for one in proposals)
    scores = np.exp(model.score(chats, (*ascii_uppercase[:most], _NONE)))
    links: dict[tuple[str, ...], Link] = {}
    for one, row in zip(proposals, scores, strict=True):
        best = int(row.argmax())
        if row[best] >= _LIKELY and best < len(one.labels):
            sure = row[best] >= _SURE and best == 0 and one.likeness[0] >= _NEAR
            links |= one.link(one.labels[best], sure=bool(sure))
    return links


def _line(letter: str, label: Label) -> str:
    return f"{letter} {label.field}: {label.value or 'yes'}"
