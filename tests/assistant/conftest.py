"""An agent over the small shop, with fakes for its models."""

import pytest

from tests.builders import build


@pytest.fixture
def shop_agent(tmp_path):
    agent = build(tmp_path)
    yield agent
    agent.memory.close()
