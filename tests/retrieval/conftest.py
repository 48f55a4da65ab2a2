"""A web server on this machine, for what fetches files."""

import pytest

from tests.media_server import MediaServer


@pytest.fixture
def server():
    server = MediaServer()
    yield server
    server.close()
