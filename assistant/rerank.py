"""Put candidates in a better order by asking the language model whether each one fits.

Knows titles, attributes and descriptions; knows nothing of vectors, Chroma or the screen. Never
adds or loses a candidate. Each is judged alone (yes or no, from the logits), so its place in the
list cannot matter.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import price_text
from assistant.language_model import LanguageModel
from assistant.prompt import load_prompt
from retrieval.items import Candidate, Item

_DESCRIPTION = 160  # characters of the description that the model reads
_WEIGHT = 0.5  # of the model's z-score beside retrieval's


def rerank(request: str, candidates: Sequence[Candidate], model: LanguageModel) -> list[Candidate]:
    """Return the same candidates, ordered by retrieval score and fit together.

    Raises:
        LanguageModelError: the model failed; the caller keeps the order it has.
    """
    if len(candidates) < 2 or not request:
        return list(candidates)
    prompt = load_prompt("rerank", expects=frozenset({"request", "product"}))
    chats = [prompt.fill(request=request[:300], product=short_record(c.item)) for c in candidates]
    scores = model.score(chats, ("Yes", "No"))
    fit = (scores[:, 0] - scores[:, 1]).astype(np.float64)
    retrieval = np.array([candidate.score for candidate in candidates])
    joined = (1 - _WEIGHT) * _standardised(retrieval) + _WEIGHT * _standardised(fit)
    return [candidates[place] for place in np.argsort(-joined, kind="stable")]


def short_record(item: Item) -> str:
    """Return what the model reads of a record, short because prompts are the cost of a turn."""
    facts = ", ".join(f"{name} {value}" for name, value in item.attributes.items() if value)
    said = " ".join(item.transcripts)
    parts = (item.title, item.category, price_text(item.price, item.currency), facts,
             item.description[:_DESCRIPTION], said[:_DESCRIPTION])  # fmt: skip
    return "; ".join(part for part in parts if part)


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
