"""A catalogue file and its index in memory, for every test of indexing; a Chroma server."""

import pytest

from tests.chroma_server import ChromaServer
from tests.written_shop import Shop


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory):
    """Return a Chroma server that is running."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)
