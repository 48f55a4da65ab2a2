"""What several tests share: one home folder with the real models, one built agent.

The models are taken from where a user has them (MAGPIE_HOME, else the default cache folder) and
fetched there when they are missing; indexes and conversations go to a folder of the test run.
With `-n 2 --dist loadfile` two processes share the files; each has a home and an agent of its own,
and the demo's index, which takes minutes, is built by the first that needs it.
"""

import os
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:  # before torch is imported, here and in what tests start
    os.environ["OMP_NUM_THREADS"] = "1"  # processes whose threads share cores wait for one another

from assistant.build import build_agent, open_catalogue
from assistant.models import load_encoders
from assistant.settings import load_settings

# What tests of any input try: 100 inputs each; in CI some 500, which takes a minute; by hand, more.
settings.register_profile("minute", max_examples=500)
settings.register_profile("quarter", max_examples=2_500)  # of an hour
settings.register_profile("hour", max_examples=50_000)

SHARED = ("models", "quantised", "converted")  # folders that cost minutes to make
NOT_QUICK = {"models", "browser", "media", "slow"}


def pytest_collection_modifyitems(items):
    """Mark as quick what needs no real model, no browser, no espeak-ng and no minute."""
    for item in items:
        if NOT_QUICK.isdisjoint(mark.name for mark in item.iter_markers()):
            item.add_marker(pytest.mark.quick)


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Return a home folder whose models are the user's own."""
    return _home(tmp_path_factory.mktemp("home"))


def _home(folder):
    real = load_settings().home
    for name in SHARED:
        (real / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(real / name)
    return folder


@pytest.fixture(scope="session")
def demo_index(home, tmp_path_factory):
    """Let `home` have the demo's index, which all processes of a run share and none changes."""
    run = tmp_path_factory.getbasetemp()
    run = run.parent if "PYTEST_XDIST_WORKER" in os.environ else run
    with FileLock(run / "demo.lock"):
        if not (built := run / "demo").exists():
            built.mkdir()
            settings = load_settings(home=_home(built), catalogue="demo")
            encoders = load_encoders(settings, lambda step: None)
            open_catalogue(settings, encoders, lambda step: None).close()
    (home / "indexes").mkdir(exist_ok=True)
    (home / "indexes" / "demo").symlink_to(built / "indexes" / "demo")


@pytest.fixture(scope="session")
def agent(home, demo_index):
    """Return the agent a first-time user gets: the demo catalogue, the default models."""
    agent = build_agent(load_settings(home=home, catalogue="demo"), lambda step: None)
    yield agent
    agent.memory.close()
    agent.index.close()


@pytest.fixture(scope="session")
def data():
    """Return the folder of real test data beside the checkout, or skip where there is none."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data are not beside this checkout (a user has none)")
    return folder
