"""What fetching may cost: bytes, seconds, attempts, requests at once.

Knows numbers; knows no address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["picture", "recording", "feed"]  # a video counts as a recording; a feed is a table


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one file may cost."""

    most_bytes: int
    seconds: float  # of one run, with all attempts; what was begun is continued by the next run


def _allowances() -> dict[Kind, Allowance]:
    return {
        "picture": Allowance(20 << 20, 60.0),
        "recording": Allowance(200 << 20, 600.0),
        "feed": Allowance(512 << 20, 1800.0),
    }


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What fetching the files of a catalogue may cost, and whom it may ask."""

    allowances: Mapping[Kind, Allowance] = field(default_factory=_allowances)
    silence: float = 15.0  # seconds to connect, and between two parts of an answer
    attempts: int = 3  # for what may pass: 429, 5xx, a lost connection
    first_wait: float = 0.5  # seconds before the second attempt; doubled before each further one
    longest_wait: float = 30.0  # seconds; a host that asks for more is left for the next run
    redirects: int = 5
    at_once: int = 8
    per_host: int = 4
    silent_addresses: int = 3  # of one host in a row, after which it is left for the next run
    silent_hosts: int = 3  # in a row, after which this machine counts as offline
    private: bool = False  # whether machines inside this network may be asked
