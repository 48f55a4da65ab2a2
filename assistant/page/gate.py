"""Who may ask the page for what: its own browser tabs, on the routes that they use.

Knows HTTP as Starlette has it; knows no layout and no agent. The page is served to this machine
alone, and every site that is open in a browser runs on this machine too: so a request is answered
only if it was sent to this machine's own name (else DNS rebinding reads memories), by this page and
no other origin, not even another port of localhost, and on a route in `_USED`. Whose request it is
says a cookie that only this machine can sign; no name that a request carries beside it counts.
"""

import re
import secrets
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from retrieval.errors import StorageError
from retrieval.files import disk, write_whole

HOSTS = ("127.0.0.1", "localhost")  # names of this machine under which the page is served
COOKIE = "magpie"

_KEY, _USER = "page.key", "user"
_KEPT = 365 * 86_400  # seconds after the last visit in which a browser is known again
_USED = re.compile(
    r"(GET|HEAD) /"
    r"|GET /(theme\.css|favicon\.ico|manifest\.json|pwa_icon|robots\.txt)"
    r"|GET /(assets|static|pictures)/.+"
    r"|GET /adding"
    r"|GET /catalogues/[\w-]+/problems\.csv"
    r"|GET /gradio_api/(startup-events|upload_progress|queue/data)"
    r"|(GET|HEAD) /gradio_api/file=/.+"
    r"|GET /gradio_api/heartbeat/\w+"
    r"|POST /gradio_api/(upload|queue/join|cancel|run/predict|reset)"
)


def gates(key: str) -> list[Middleware]:
    """Return what a request passes before the page sees it, the outermost first."""
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS)),
        Middleware(OwnPageOnly),
        Middleware(
            SessionMiddleware,
            secret_key=key,
            session_cookie=COOKIE,
            same_site="strict",
            max_age=_KEPT,
        ),
        Middleware(KnownBrowser),
    ]


def is_used(method: str, path: str) -> bool:
    """Tell whether the page itself asks for this."""
    return _USED.fullmatch(f"{method} {path}") is not None


def user_of(request: HTTPConnection) -> str:
    """Return the user whose browser sent a request that has passed the gates."""
    return str(request.session[_USER])


def signing_key(home: Path) -> str:
    """Return the key that signs this machine's cookies; it is made once, for its owner alone.

    Raises: StorageError when it can be neither read nor written.
    """
    place = home / _KEY
    with disk(place):
        home.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            write_whole(place, secrets.token_hex(32).encode(), private=True)
        key = place.read_text("utf-8", errors="replace")
    if len(key) < 64:
        raise StorageError(f"{place} is damaged ({len(key)} characters of 64): delete it")
    return key


class OwnPageOnly:
    """Refuses what another origin asks, and every route that the page does not use."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it pass."""
        if scope["type"] == "http" and _is_foreign(scope):
            refused = PlainTextResponse("another origin asks: open the page itself", 403)
            await refused(scope, receive, send)
        elif scope["type"] == "http" and not is_used(scope["method"], scope["path"]):
            await PlainTextResponse("the page does not use this", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class KnownBrowser:
    """Gives a browser that has no name yet a random one; each visit renews its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass with its user in the session."""
        if scope["type"] == "http":
            known = scope["session"].get(_USER)
            if not known or scope["path"] == "/":
                scope["session"][_USER] = known or f"web-{secrets.token_hex(16)}"
        await self._app(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    """Tell whether a browser says that a page of another origin asks; following a link is none."""
    headers = Headers(scope=scope)
    if origin := headers.get("origin"):
        return origin != f"{scope['scheme']}://{headers.get('host')}"
    followed = scope["method"] == "GET" and headers.get("sec-fetch-dest") == "document"
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not followed
