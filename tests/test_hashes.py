"""The file of digests names the versions of constraints.txt, each with its digests."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def pins(name):
    text = (ROOT / name).read_text("utf-8")
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


def test_the_digests_are_those_of_the_constraints():
    assert pins("hashes.txt") == pins("constraints.txt")


def test_every_version_has_a_digest():
    text = (ROOT / "hashes.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=[\w-])", text.partition("\n")[2].partition("\n")[2])
    assert len(blocks) == len(pins("constraints.txt"))
    assert [one for one in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)] == []
