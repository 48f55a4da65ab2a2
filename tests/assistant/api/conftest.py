"""One small shop behind real doors, for all tests of a file."""

import pytest

from tests.api_server import doors_agent, served


@pytest.fixture(scope="module")
def shop_home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def doors(shop_home):
    agent = doors_agent(shop_home)
    yield agent
    agent.memory.close()


@pytest.fixture(scope="module")
def address(doors, shop_home):
    with served(doors, shop_home) as address:
        yield address
