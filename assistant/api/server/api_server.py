"""The doors on a port, served by threads of their own.

◆ uvicorn. Knows addresses; knows no route. Beyond this machine it serves only who has a token, and
only under names that it is told.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from assistant.api.answer_items import PublicAddress
from assistant.api.callers import Tokens
from assistant.api.gate import LOOPBACK, GatePolicy
from assistant.api.open_agent import OpenAgent
from assistant.api.server.api_parts import api_parts
from assistant.api.server.application import application
from retrieval.errors import SettingsError

API_PORT = 7960
_LONGEST_START = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Where the doors are, and who may ask there."""

    host: str = LOOPBACK[0]
    port: int = API_PORT  # 0 is any free one
    names: tuple[str, ...] = ()  # under which it is asked, beside this machine's own
    origins: tuple[str, ...] = ()  # pages that may embed the widget
    public: str = ""  # the address that others see, where a proxy stands before it
    needs_token: bool = False  # also on this machine, where no proxy passes requests on


@contextmanager
def open_api(agent: OpenAgent, home: Path, settings: ApiSettings) -> Iterator[str]:
    """Serve programs, yield the address, and close it at the end.

    Raises:
        SettingsError: the port is taken, or others could ask without a token or a name.
    """
    tokens, local = Tokens(home), settings.host in LOOPBACK
    if not local and not tokens.names():
        raise SettingsError(
            f"--host {settings.host}: beyond this machine a token is needed; "
            "make one with `magpie token add NAME`"
        )
    if not local and not settings.names:
        raise SettingsError(f"--host {settings.host}: say its names with --allow-host NAME")
    listening = _listening(settings)
    port = listening.getsockname()[1]
    seen = settings.host if local else settings.names[0]
    address = PublicAddress((settings.public or f"http://{seen}:{port}").rstrip("/"))
    outside = urlsplit(settings.public).hostname or ""
    names = tuple(name.lower() for name in (*settings.names, outside) if name)
    policy = GatePolicy(
        (*LOOPBACK, *names) if local else names,
        settings.origins,
        settings.needs_token or not local or bool(settings.public),
        address,
    )
    parts = api_parts(agent, address)
    server = uvicorn.Server(
        uvicorn.Config(
            application(parts, policy, tokens),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            limit_concurrency=200,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )
    thread = threading.Thread(target=server.run, args=([listening],), name="api", daemon=True)
    thread.start()
    try:
        _wait_for(server, thread)
        yield address.base
    finally:
        server.should_exit = True
        parts.close()
        thread.join(10)
        listening.close()


def _listening(settings: ApiSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((settings.host, settings.port))
    except OSError as error:
        opened.close()
        place = f"{settings.host}:{settings.port}"
        why = error.strerror or error
        raise SettingsError(f"{place} cannot be served ({why}): choose another --port") from error
    return opened


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + _LONGEST_START
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise SettingsError("the API did not start: the terminal says why")
        time.sleep(0.01)
