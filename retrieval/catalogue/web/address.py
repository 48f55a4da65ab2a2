"""What a cell says → a target that may be asked; and which machines may answer for it.

Knows how addresses are written, and which IP addresses belong to whom; asks nobody. Messages say
the reason and the cure; the address itself is put before them by whoever knows the row.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

from retrieval.errors import MediaError

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")  # of which old parsers make an address: 0x7f.1
_LONGEST = 4096  # characters of an address
_KEPT = "/%:@!$&'()*+,;=~-._?"  # characters of a path and query that are sent as they are

_NAT64 = ip_network("64:ff9b::/96")
_INSIDE = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
            "::1/128", "fc00::/7",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that a cell names by its address, exactly as the cell writes it."""

    address: str


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart and checked; nothing else of it is sent."""

    scheme: str  # http or https
    host: str  # lower-case ASCII: a name, or an IP address without brackets
    port: int
    path: str  # with its query, percent-encoded; without a fragment

    @property
    def authority(self) -> str:
        """Return host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """Return it as one address."""
        return f"{self.scheme}://{self.authority}{self.path}"


def read_target(address: str) -> Target:
    """Return the target of an address.

    Raises: MediaError when it is not http or https, holds a password, or has no proper host.
    """
    if len(address) > _LONGEST:
        raise MediaError(f"is longer than {_LONGEST} characters: give a shorter address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise MediaError(f"is no address ({error}): correct it") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise MediaError("is neither http nor https: give such an address, or a file")
    if "@" in parts.netloc:
        raise MediaError("holds a user's name or password: give a public address, or a file")
    if port == 0:
        raise MediaError("names port 0: correct it")
    path = quote(parts.path or "/", safe=_KEPT, errors="replace")
    query = f"?{quote(parts.query, safe=_KEPT, errors='replace')}" if parts.query else ""
    return Target(scheme, _host(parts.hostname or ""), port or _PORTS[scheme], path + query)


def redirected(target: Target, location: str) -> Target:
    """Return where a redirect leads; raise MediaError as `read_target` does."""
    try:
        address = urljoin(target.address, location)
        return read_target(address)
    except (MediaError, ValueError) as error:
        raise MediaError(f"is redirected to {location[:200]!r}, which {error}") from error


def may_answer(machine: str, *, private: bool = False) -> bool:
    """Tell whether a machine of this IP address may be asked.

    With `private`, those of the own network may, but never what is link-local (where clouds keep
    their keys), multicast, reserved or unspecified.
    """
    try:
        address = ip_address(machine.partition("%")[0])
    except ValueError:
        return False
    return all(_allowed(one, private) for one in _meant(address))


def is_machine(host: str) -> bool:
    """Tell whether a target's host is an IP address itself."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host(written: str) -> str:
    """Return a host in ASCII; raise MediaError when it is none, or a number in disguise."""
    if ":" in written:
        if is_machine(written) and "%" not in written:
            return written.lower()
        raise MediaError("names no proper host: correct it")
    try:
        host = written.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise MediaError(f"names no proper host ({error}): correct it") from error
    if not _HOST.fullmatch(host):
        raise MediaError("names no proper host: correct it")
    if _NUMBER.fullmatch(host.rpartition(".")[2]) and not is_machine(host):
        raise MediaError(f"names its host by a number, {host}: write the host's name")
    return host


def _meant(address: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    """Return the addresses that are reached by one: those inside of an IPv6 address too."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address, address.sixtofour) if address.sixtofour else (address,)


def _allowed(address: IPv4Address | IPv6Address, private: bool) -> bool:
    if private and any(address in network for network in _INSIDE):
        return True
    site = isinstance(address, IPv6Address) and address.is_site_local
    refused = (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_link_local
        or site
    )
    return address.is_global and not refused
