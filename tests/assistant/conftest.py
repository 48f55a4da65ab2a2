"""An agent over the small shop, with fakes for its models; databases of two kinds."""

import secrets

import pytest

from tests.builders import build
from tests.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def postgres():
    """Return a PostgreSQL that is running."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """Return the URL of a database that is not there yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'conversations.sqlite'}"
    return request.getfixturevalue("postgres").make(f"test_{secrets.token_hex(6)}")


@pytest.fixture
def shop_agent(tmp_path):
    agent = build(tmp_path)
    yield agent
    agent.memory.close()
