"""Tokens → callers: who asks, and how often they may.

Knows one file in Magpie's home, which holds a name and a digest for each token, never a token.
A token has 256 random bits, so that its SHA-256 cannot be searched for; no slow hash is needed.
"""

import hmac
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic

from retrieval.errors import MessageError, SettingsError, StorageError
from retrieval.files import disk, write_whole

LOCAL = "local"  # who asks on this machine without a token
ANSWERED_A_MINUTE = (
    240  # requests of one caller with a token; a page of items is one, a picture another
)
REFUSED_A_MINUTE = 20  # wrong tokens of one address

_FILE = "api.tokens"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_END_USER = re.compile(r"[^\W_][\w.@-]{0,63}")
_REMEMBERED = 10_000  # addresses and callers whose rate is known


def end_user(caller: str, named: str = "") -> str:
    """Return under which user the memory knows a caller's end user; no page has such a one.

    Raises: MessageError when the name has other signs than a name or an address has.
    """
    if named and not _END_USER.fullmatch(named):
        raise MessageError("user: give 1 to 64 letters, digits, or any of . @ _ -")
    return f"api:{caller}:{named}" if named else f"api:{caller}"


class Tokens:
    """The tokens of one home, by the names of their callers."""

    def __init__(self, home: Path) -> None:
        """Read none yet."""
        self._place = home / _FILE

    def issue(self, name: str) -> str:
        """Make a token for a caller, and return it: it is shown this once.

        Raises:
            SettingsError: the name is taken, or cannot be one.
            StorageError: the file cannot be written.
        """
        kept = self._kept()
        if not _NAME.fullmatch(name) or name == LOCAL:
            rule = "give 1 to 40 small letters, digits and dashes"
            raise SettingsError(f"{name!r} cannot name a token's caller: {rule}, not {LOCAL!r}")
        if name in kept:
            raise SettingsError(f"there is a token for {name!r}: remove it first")
        token = f"magpie-{secrets.token_urlsafe(32)}"
        self._write({**kept, name: _digest(token)})
        return token

    def remove(self, name: str) -> None:
        """Let a token no longer be accepted.

        Raises: SettingsError when there is none of that name.
        """
        kept = self._kept()
        if name not in kept:
            there = ", ".join(kept) or "none"
            raise SettingsError(f"there is no token for {name!r} (there are: {there})")
        self._write({one: digest for one, digest in kept.items() if one != name})

    def names(self) -> tuple[str, ...]:
        """Return for whom there are tokens."""
        return tuple(self._kept())

    def caller(self, token: str) -> str:
        """Return whose token it is, "" if it is nobody's."""
        given, found = _digest(token), ""
        for name, digest in self._kept().items():
            if hmac.compare_digest(digest, given):
                found = name
        return found

    def _kept(self) -> dict[str, str]:
        with disk(self._place):
            if not self._place.exists():
                return {}
            lines = self._place.read_text("utf-8", errors="replace").splitlines()
        found = dict(line.split(" ", 1) for line in lines if " " in line)
        if len(found) < len(lines) or not all(len(one) == 64 for one in found.values()):
            raise StorageError(f"{self._place} is damaged: delete it and make the tokens anew")
        return found

    def _write(self, kept: dict[str, str]) -> None:
        with disk(self._place):
            self._place.parent.mkdir(parents=True, exist_ok=True)
            lines = "".join(f"{name} {digest}\n" for name, digest in kept.items())
            write_whole(self._place, lines.encode(), private=True)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float  # seconds


class Rate:
    """How many requests a minute each of many may make; what is not used does not add up."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        """Begin with nobody."""
        self._most, self._second, self._clock = float(a_minute), a_minute / 60, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._changing = threading.Lock()

    def allows(self, who: str) -> bool:
        """Tell whether a request may be answered now, and count it if so."""
        with self._changing:
            now = self._clock()
            bucket = self._buckets.pop(who, None) or _Bucket(self._most, now)
            bucket.left = min(self._most, bucket.left + (now - bucket.at) * self._second)
            bucket.at = now
            self._buckets[who] = bucket
            while len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
            if bucket.left < 1:
                return False
            bucket.left -= 1
            return True


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
