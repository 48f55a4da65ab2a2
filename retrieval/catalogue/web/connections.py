"""Requests to machines that were checked.

◆ httpcore. Knows sockets and answers; knows no file. A host's name is resolved here, every IP
address of it is checked, and the connection is made to one of these, so that no second look-up can
lead elsewhere; the certificate and the Host header are still those of the name. No proxy is used,
since a proxy would resolve the name itself.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Lock, local
from time import monotonic
from typing import Any

import httpcore

from retrieval.catalogue.web.address import Target, is_machine, may_answer
from retrieval.catalogue.web.limits import FetchLimits
from retrieval.errors import MediaError, PassingMediaError, UnreachableError

Resolve = Callable[[str, int], Sequence[str]]  # host and port → all its IP addresses

_AGENT = "magpie-assistant"
_TRIED = 4  # machines of one host, where the first do not answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answers; the body is read while it is asked for."""

    status: int
    headers: Mapping[str, str]  # by lower-case name
    body: Iterator[bytes]


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return all IP addresses of a host, as this machine resolves it; raise OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Web:
    """Connections that are kept for as long as a run lasts; used by several threads at once."""

    def __init__(self, limits: FetchLimits, resolve: Resolve = resolve_host) -> None:
        self._limits = limits
        self._checked = _CheckedNetwork(limits, resolve)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpcore.default_ssl_context(),  # else each connection reads it anew
            max_connections=4 * limits.at_once,
            max_keepalive_connections=limits.at_once,
            keepalive_expiry=20.0,
            network_backend=self._checked,
        )

    @property
    def stopped(self) -> bool:
        """Whether nothing is to be fetched any more."""
        return self._checked.ended.is_set()

    def stop(self) -> None:
        """End what is being read, from another thread."""
        self._checked.hang_up()

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.close()

    def pause(self, seconds: float) -> None:
        """Wait, unless everything is stopped."""
        self._checked.ended.wait(seconds)

    @contextmanager
    def get(self, target: Target, headers: Mapping[str, str], until: float) -> Iterator[Answer]:
        """Ask for a target and give its answer; nothing is followed, nothing is decoded.

        `until` is the moment (of `monotonic`) at which reading ends, however little has come.

        Raises:
            UnreachableError: there is no connection.
            PassingMediaError: the connection was lost, also while the body is read.
            MediaError: the machine may not be asked, or its certificate is not good.
        """
        self._checked.until(until)
        limit = dict.fromkeys(("connect", "read", "write", "pool"), self._limits.silence)
        sent: dict[bytes | str, bytes | str] = {
            "Host": target.authority,
            "User-Agent": _AGENT,
            "Accept-Encoding": "identity",
        }
        sent.update(headers)
        address = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        try:
            with self._pool.stream(
                "GET", address, headers=sent, extensions={"timeout": limit}
            ) as response:
                said = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                yield Answer(response.status, said, response.iter_stream())
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise _unconnected(target.host, error) from error
        except httpcore.TimeoutException as error:
            if monotonic() >= until:
                raise PassingMediaError("takes too long: the next run goes on with it") from error
            raise PassingMediaError(f"stays silent for {self._limits.silence:g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise PassingMediaError(f"is cut off ({_reason(error)})") from error


class _CheckedNetwork(httpcore.NetworkBackend):
    """Connects to machines that may answer, and to no other."""

    def __init__(self, limits: FetchLimits, resolve: Resolve) -> None:
        self._limits, self._resolve = limits, resolve
        self._sockets = httpcore.SyncBackend()
        self.ended = Event()
        self._lock = Lock()
        self._open: set[_Stream] = set()
        self._of_thread = local()

    def until(self, moment: float) -> None:
        """Set when this thread's reading ends."""
        self._of_thread.until = moment

    def left(self, timeout: float | None) -> float:
        """Return for how many seconds this thread may still wait."""
        if self.ended.is_set():
            raise httpcore.ReadError("stopped")
        left: float = self._of_thread.until - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("no time is left")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,  # noqa: ANN401 - as httpcore has it
    ) -> httpcore.NetworkStream:
        """Connect to the first machine of a host that can be reached."""
        failed: Exception = UnreachableError(f"cannot be reached: {host} has no address")
        for machine in self._machines(host, port)[:_TRIED]:
            try:
                stream = self._sockets.connect_tcp(
                    machine, port, self.left(timeout), local_address, socket_options
                )
                return self.held(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def held(self, stream: httpcore.NetworkStream) -> "_Stream":
        """Remember a stream until it is closed."""
        held = _Stream(stream, self)
        with self._lock:
            self._open.add(held)
        return held

    def released(self, stream: "_Stream") -> None:
        """Forget a stream."""
        with self._lock:
            self._open.discard(stream)

    def hang_up(self) -> None:
        """Let every thread that reads see the end of its stream."""
        self.ended.set()
        with self._lock:
            for stream in self._open:
                with suppress(OSError):  # it was closed by its host meanwhile
                    stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _machines(self, host: str, port: int) -> Sequence[str]:
        """Return a host's IP addresses; raise MediaError when one of them may not be asked."""
        try:
            machines = [host] if is_machine(host) else self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreachableError(f"cannot be reached: {host} is not found ({reason})") from error
        for machine in machines:
            if not may_answer(machine, private=self._limits.private):
                named = "" if machine == host else f"{host}, which is "
                raise MediaError(
                    f"leads to {named}{machine}, inside this machine or its network: "
                    "give a public address, or a file"
                )
        return machines


class _Stream(httpcore.NetworkStream):
    """A connection that ends with its thread's time."""

    def __init__(self, stream: httpcore.NetworkStream, network: _CheckedNetwork) -> None:
        self._stream, self._network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._network.released(self)
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        self._network.released(self)
        stream = self._stream.start_tls(ssl_context, server_hostname, self._network.left(timeout))
        return self._network.held(stream)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        return self._stream.get_extra_info(info)


def _unconnected(host: str, error: Exception) -> MediaError:
    """Return what it means that there is no connection."""
    if isinstance(error.__context__, ssl.SSLError):  # the pool forgets the cause
        return MediaError(f"is not safe: {host} shows no good certificate ({_reason(error)})")
    return UnreachableError(f"cannot be reached: {host} does not answer ({_reason(error)})")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
