"""A catalogue file and its index."""

import pytest

from tests.written_shop import Shop


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)
