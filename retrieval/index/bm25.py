"""Score items by the words they share with a query: BM25, and the one file that imports bm25s.

Knows words; knows nothing of vectors. Exact names and rare words are what vectors blur.
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
    """The words of a fixed list of documents."""

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
        """Return how much of what `words` say each document says, 0 to 1, in order.

        A rare word says more than a common one, and a word that no document has says most.
        """
        asked = list(dict.fromkeys(tokens(words)))
        known = [token for token in asked if token in self._weight]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        whole = sum(self._weight.get(token, _inverse(0, self._count)) for token in asked)
        return np.asarray(self._index.get_scores(known) / whole, dtype=np.float32)


def tokens(text: str) -> list[str]:
    """Return the words that carry meaning, folded, plurals as singulars."""
    return [_stem(word) for word in _WORD.findall(normal(text)) if word not in _STOP]


def _stem(word: str) -> str:
    """Cut an English plural's ending off, the same for documents and queries.

    Cruder than `retrieval.english.singular`, after Harman's S-stemmer (1991, "How effective is
    suffixing?"): the channels' weights were learned with it, and another one wants them anew.
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]


def _inverse(frequency: int, count: int) -> float:
    """Return the weight of a word that `frequency` of `count` documents have, as bm25s does."""
    return float(np.log1p((count - frequency + 0.5) / (frequency + 0.5)))
