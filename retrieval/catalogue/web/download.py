"""One address → its file: redirects, attempts, continuing where an earlier run stopped.

Knows HTTP's answers and the cache; knows no socket and no row. What a file is, its first bytes say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import count
from pathlib import Path
from time import monotonic

from retrieval.catalogue.web.address import RemoteFile, Target, read_target, redirected
from retrieval.catalogue.web.cache import Half, MediaCache
from retrieval.catalogue.web.connections import Answer, Web
from retrieval.catalogue.web.hosts import Hosts
from retrieval.catalogue.web.limits import FetchLimits, Kind
from retrieval.catalogue.web.signatures import (
    ENOUGH,
    FEED_ENOUGH,
    described,
    recognise,
    recognise_feed,
)
from retrieval.errors import MediaError, PassingMediaError, UnreachableError
from retrieval.files import disk

_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_GONE = (404, 410)
_CLOSED = (401, 402, 403, 407, 451)
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_ACCEPTED: dict[Kind, str] = {
    "picture": "image/*, */*;q=0.1",
    "recording": "audio/*, video/*, */*;q=0.1",
    "feed": "text/csv, application/json, application/xml, */*;q=0.1",
}
_LIMIT_CURE = "give a smaller one"

Arrived = Callable[[int, int], None]  # bytes of a file that are here, and all of them: 0, unknown


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to fetch one file after another."""

    cache: MediaCache
    web: Web
    hosts: Hosts
    limits: FetchLimits
    refetch: bool = False  # whether also what is here
    arrived: Arrived = lambda done, total: None  # called with each part; what it raises ends it


def fetch_file(remote: RemoteFile, kind: Kind, desk: Desk) -> Path:
    """Return the file of an address in the cache, after fetching it if it is not there.

    Raises:
        UnreachableError: its host does not answer.
        MediaError: it cannot be had, or is not what it should be; the message says why.
        StorageError: the disk is full or not writable.
    """
    target = read_target(remote.address)
    with (
        desk.cache.arriving(remote.address, patience=desk.limits.silence) as half,
        desk.hosts.turn(target.host),
    ):
        found = None if desk.refetch else desk.cache.find(remote.address, kind)
        return found or _attempted(target, kind, half, desk)


def _attempted(target: Target, kind: Kind, half: Half, desk: Desk) -> Path:
    """Ask until it is here or another attempt is no use."""
    until = monotonic() + desk.limits.allowances[kind].seconds
    for attempt in count(1):
        desk.web.pause(desk.hosts.resting(target.host))
        if desk.hosts.left(target.host) or desk.web.stopped:
            break
        try:
            return half.finish(_asked(target, kind, half, desk, until))
        except PassingMediaError as error:
            _wait_or_raise(error, attempt, target.host, desk, until)
        except MediaError:
            half.drop()
            raise
    raise UnreachableError("is left for the next run")


def _wait_or_raise(
    error: PassingMediaError, attempt: int, host: str, desk: Desk, until: float
) -> None:
    """Wait before another attempt; raise the error where another is no use."""
    limits = desk.limits
    wait = error.wait or limits.first_wait * 2 ** (attempt - 1)
    if wait > limits.longest_wait:
        asked = f"{error}, and asks to wait {wait:,.0f} s: the next run tries again"
        raise PassingMediaError(asked) from error
    if attempt >= limits.attempts or monotonic() + wait >= until:
        raise error
    if error.wait:
        desk.hosts.rest(host, error.wait)
    desk.web.pause(wait)


def _asked(target: Target, kind: Kind, half: Half, desk: Desk, until: float) -> str:
    """Let the bytes of a target arrive, and return the suffix of what they are."""
    asked = target
    for _ in range(desk.limits.redirects + 1):
        with desk.web.get(asked, _headers(kind, half), until) as answer:
            desk.hosts.answered(target.host)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                _begin(answer, half)
                return _arrive(answer, kind, half, desk)
            asked = redirected(asked, answer.headers["location"])
    raise MediaError(
        f"is redirected more than {desk.limits.redirects} times: give the last address"
    )


def _headers(kind: Kind, half: Half) -> dict[str, str]:
    """Return what is asked for: the rest, where this version of the file has been begun."""
    accepted = {"Accept": _ACCEPTED[kind]}
    if not (half.size and half.version):
        return accepted
    return {**accepted, "Range": f"bytes={half.size}-", "If-Range": half.version}


def _begin(answer: Answer, half: Half) -> None:
    """Make ready for the bytes of an answer; raise MediaError when it has none to give."""
    status, headers = answer.status, answer.headers
    if status in _PASSING:
        raise PassingMediaError(f"answers {_said(status)}", wait=_wait(headers.get("retry-after")))
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise MediaError(f"arrives packed ({headers['content-encoding'][:40]}): give the file")
    if status == HTTPStatus.OK:
        tag = headers.get("etag", "")
        strong = tag if tag.startswith('"') else ""
        half.begin(strong or headers.get("last-modified", ""))
        return
    span = _RANGE.match(headers.get("content-range", ""))
    if status == HTTPStatus.PARTIAL_CONTENT and span and int(span[1]) == half.size:
        return
    if half.size and status in (206, 416):  # what is here does not fit what is there
        half.drop()
        raise PassingMediaError(f"answers {_said(status)} with another part than was asked for")
    cure = "the next run tries again"
    cure = "correct the address" if status in _GONE else cure
    cure = "give an address that needs no password, or a file" if status in _CLOSED else cure
    raise MediaError(f"answers {_said(status)}: {cure}")


def _arrive(answer: Answer, kind: Kind, half: Half, desk: Desk) -> str:
    """Write the bytes of an answer while they are few enough and of the right kind."""
    size, most = half.size, desk.limits.allowances[kind].most_bytes
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and size + int(length) > most:
        raise MediaError(f"has {size + int(length):,} bytes, at most {most:,}: {_LIMIT_CURE}")
    total = size + int(length) if length.isdecimal() else 0
    seen = size >= ENOUGH
    for piece in answer.body:
        size += len(piece)
        if size > most:
            raise MediaError(f"has more than {most:,} bytes: {_LIMIT_CURE}")
        with disk(half.part), half.part.open("ab") as file:
            file.write(piece)
        desk.arrived(size, total)
        if not seen and size >= ENOUGH:
            seen = bool(_suffix(half, kind))
    return _suffix(half, kind)


def _suffix(half: Half, kind: Kind) -> str:
    """Return the suffix of what has arrived; raise MediaError when it is of another kind."""
    with disk(half.part), half.part.open("rb") as file:
        first = file.read(FEED_ENOUGH if kind == "feed" else ENOUGH)
    if not first:
        raise MediaError("is empty (0 bytes): give another address, or a file")
    if kind == "feed" and (table := recognise_feed(first)):
        return table
    found = recognise(first)
    if found and found[0] == kind:
        return found[1]
    what = f"a {found[0]}" if found else described(first)
    raise MediaError(f"is no {kind} but {what}: give the address of the {kind} itself")


def _wait(said: str | None) -> float:
    """Return the seconds of a Retry-After header, 0 when there is none or it is in the past."""
    if not said:
        return 0.0
    if said.strip().isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _said(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
