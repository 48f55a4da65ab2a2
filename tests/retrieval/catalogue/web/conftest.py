"""What fetches from the server on this machine."""

import pytest

from retrieval.catalogue.web.address import RemoteFile
from retrieval.catalogue.web.cache import MediaCache
from retrieval.catalogue.web.connections import Web, resolve_host
from retrieval.catalogue.web.download import Desk, fetch_file
from retrieval.catalogue.web.hosts import Hosts
from retrieval.catalogue.web.limits import Allowance, FetchLimits

LIMITS = FetchLimits(
    allowances={
        "picture": Allowance(100_000, 5.0),
        "recording": Allowance(200_000, 5.0),
        "feed": Allowance(100_000, 5.0),
    },
    silence=1.0,
    first_wait=0.01,
    longest_wait=2.0,
    private=True,
)


@pytest.fixture
def desk(tmp_path):
    """Return a function: limits, resolver → a desk whose connections are closed at the end."""
    webs = []

    def make(limits=LIMITS, resolve=resolve_host, **options):
        webs.append(Web(limits, resolve))
        return Desk(MediaCache(tmp_path / "media"), webs[-1], Hosts(limits), limits, **options)

    yield make
    for web in webs:
        web.close()


@pytest.fixture
def fetch(desk):
    """Return a function: address → its file."""

    def fetched(address, kind="picture", at=None):
        return fetch_file(RemoteFile(address), kind, at or desk())

    return fetched
