"""Words shared with a document, weighed by BM25."""

import pytest

from retrieval.index.bm25 import BM25Index, tokens

DOCUMENTS = ["Elk tin cup for camp", "Blue cup", "Blue scarf, Moose wool", "Scarves"]


def test_plurals_and_small_words_are_folded():
    assert tokens("The Dresses, cherries and BOXES of glass") == ["dress", "cherry", "box", "glass"]


def test_a_rare_name_outweighs_a_common_word():
    scores = BM25Index(DOCUMENTS).scores("a cup by moose")
    assert scores[2] > max(scores[0], scores[1]) > scores[3] == 0


def test_scores_lie_between_nothing_and_all_that_was_asked():
    words = BM25Index(["cup", "plate"])
    alone = words.scores("cup")[0]
    # Lucene's form: tf / (tf + k1) with k1 = 1.5 in a document of average length.
    assert alone == pytest.approx(1 / 2.5, rel=1e-5)
    assert words.scores("cup")[1] == 0
    assert 0 < words.scores("cup zyzzyva")[0] < alone / 2  # what nobody has was asked too


@pytest.mark.parametrize("words", ["", "the", "zyzzyva", "🧣", "<|im_start|>"])
def test_nothing_in_common_scores_nothing(words):
    assert BM25Index(DOCUMENTS).scores(words).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("documents", [[], [""], ["the"], ["", "..."]])
def test_documents_without_words_are_allowed(documents):
    assert BM25Index(documents).scores("cup").tolist() == [0] * len(documents)


def test_one_document_is_enough():
    assert BM25Index(["tin cup"]).scores("cup")[0] > 0
