"""Models so small that tests make them, and one core to train them on."""

import pytest
import torch


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    from tests.tiny_clip import make_words

    return make_words(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="module")
def model(tmp_path_factory, words):
    from tests.tiny_clip import make_model

    return make_model(tmp_path_factory.mktemp("models") / "tiny", words)


@pytest.fixture(scope="module")
def one_core():
    """So small a network trains fastest on one core, above all where others work beside it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
