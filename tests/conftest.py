"""What several tests share: one home folder with the real models, one built agent.

The models are taken from where a user has them (MAGPIE_HOME, else the default cache folder) and
fetched there when they are missing; indexes and conversations go to a folder of the test run.
With `-n 2 --dist loadgroup` one process runs all tests that load real weights, so that none of them
is in memory twice, and the other one the rest.
"""

import os
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # before torch is imported, here and in what tests start
    os.environ["OMP_NUM_THREADS"] = "1"  # processes whose threads share cores wait for one another

from assistant.build import build_agent
from assistant.settings import load_settings

SHARED = ("models", "quantised", "converted")  # folders that cost minutes to make


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests that load real weights in one process, before xdist reads the groups."""
    for item in items:
        if item.get_closest_marker("models"):
            item.add_marker(pytest.mark.xdist_group("models"))


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Return a home folder whose models are the user's own."""
    real, home = load_settings().home, tmp_path_factory.mktemp("home")
    for name in SHARED:
        (real / name).mkdir(parents=True, exist_ok=True)
        (home / name).symlink_to(real / name)
    return home


@pytest.fixture(scope="session")
def agent(home):
    """Return the agent a first-time user gets: the demo catalogue, the default models."""
    agent = build_agent(load_settings(home=home, catalogue="demo"), lambda step: None)
    yield agent
    agent.memory.close()
    agent.index.store.close()


@pytest.fixture(scope="session")
def data():
    """Return the folder of real test data beside the checkout, or skip where there is none."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data are not beside this checkout (a user has none)")
    return folder
