"""Score items by the words they share with a query: BM25, and the one file that imports bm25s.

Knows words; knows nothing of vectors. It complements them: vectors are weak on exact names and rare
words.
Robertson and Zaragoza, "The Probabilistic Relevance Framework", doi 10.1561/1500000019.
"""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

from retrieval.items import normal

_WORD = re.compile(r"\w+")
_STOP = frozenset(STOPWORDS_EN)


class BM25Index:
    """A BM25 index over a fixed list of documents."""

    def __init__(self, documents: Sequence[str]) -> None:
        split = [tokens(document) for document in documents]
        self._count = len(split)
        self._index = bm25s.BM25(method="lucene")
        vocabulary = {token for document in split for token in document}
        if vocabulary:
            self._index.index(split, show_progress=False)
        frequency = dict.fromkeys(vocabulary, 0)
        for document in split:
            for token in set(document):
                frequency[token] += 1
        self._weight = {token: _inverse(count, self._count) for token, count in frequency.items()}

    def scores(self, words: str) -> NDArray[np.float32]:
        """Return the share of the query's words that each document has, 0 to 1, in order.

        Words are weighted by inverse document frequency: a rare word weighs more than a common one,
        and a word that is in no document weighs most.
        """
        asked = list(dict.fromkeys(tokens(words)))
        known = [token for token in asked if token in self._weight]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        whole = sum(self._weight.get(token, _inverse(0, self._count)) for token in asked)
        return np.asarray(self._index.get_scores(known) / whole, dtype=np.float32)


def tokens(text: str) -> list[str]:
    """Return a text's content words, case-folded, with plural endings removed."""
    return [_stem(word) for word in _WORD.findall(normal(text)) if word not in _STOP]


def _stem(word: str) -> str:
    """Remove an English plural ending, in the same way for documents and queries.

    Follows Harman's S-stemmer (1991, "How effective is suffixing?"), which is simpler than
    `retrieval.english.singular`. The fusion weights were learned with it: after a change of the
    stemmer they must be learned again.
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]


def _inverse(frequency: int, count: int) -> float:
    """Return the inverse document frequency of a word in `frequency` of `count` documents."""
    return float(np.log1p((count - frequency + 0.5) / (frequency + 0.5)))
