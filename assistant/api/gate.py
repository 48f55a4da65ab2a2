"""Which requests the doors answer: their host, their origin, their caller and their size.

Knows HTTP as Starlette has it; knows no route but those that anybody may open. Every site in a
browser of this machine can send requests to a local port: so a request is answered only if it names
this server (else DNS rebinding reads answers) and comes from no page of another origin. Whose
request it is says a token; on this machine alone none is needed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.answer_items import PublicAddress
from assistant.api.callers import ANSWERED_A_MINUTE, LOCAL, REFUSED_A_MINUTE, Rate, Tokens

LARGEST_BODY = 32 * 2**20  # bytes
LOOPBACK = ("127.0.0.1", "localhost")

# What holds nothing of a catalogue or a user: pages, their scripts, and what the server can do.
OPEN_PATHS = re.compile(
    r"/(\.well-known/ucp|health|ready|openapi\.json|docs|widget|widget\.js|example|static/[\w.]+)"
)
_EMBEDDED = ("/widget", "/widget.js")  # what pages of other origins may ask for
_HOST = re.compile(r"(\[[0-9a-f:]+\]|[^:\[\]]+)(:\d+)?", re.IGNORECASE)
_BEARER = re.compile(r"Bearer +(\S+) *", re.IGNORECASE)
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """Who may ask."""

    hosts: tuple[str, ...] = LOOPBACK  # names under which the server is asked
    origins: tuple[str, ...] = ()  # pages that may embed the widget: "https://shop.example"
    needs_token: bool = False
    address: PublicAddress = PublicAddress()


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    message: str
    headers: Mapping[str, str] | None = None


class ApiGate:
    """Refuses what may not ask, and tells the routes whose request it is."""

    def __init__(self, app: ASGIApp, policy: GatePolicy, tokens: Tokens) -> None:
        """Stand before an application."""
        self._app, self._policy, self._tokens = app, policy, tokens
        self._answered, self._wrong = Rate(ANSWERED_A_MINUTE), Rate(REFUSED_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it pass with its caller in the state."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no door has web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, body = Headers(scope=scope), _Body(receive)
        sending = self._with_headers(scope["path"], send)
        refused = self._foreign(scope, headers) or _too_large(headers)
        found = refused or self._caller(scope, headers)
        if isinstance(found, _Refusal):
            await _answer(found, scope, receive, sending)
            return
        scope.setdefault("state", {})["caller"] = found
        await self._app(scope, body.receive, sending)

    def _foreign(self, scope: Scope, headers: Headers) -> _Refusal | None:
        """Refuse a request to another name, or one that another origin's page sends."""
        host = headers.get("host", "")
        named = _HOST.fullmatch(host)
        if named is None or named[1].lower() not in self._policy.hosts:
            return _Refusal(400, "this server is not asked by that name: see --allow-host")
        if scope["path"] in _EMBEDDED:
            return None
        own = {f"{scope['scheme']}://{host}", self._policy.address.base}
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        followed = scope["method"] == "GET" and headers.get("sec-fetch-dest") == "document"
        if origin is None and (site in ("same-origin", "none") or followed):
            return None
        if origin in own:
            return None
        return _Refusal(403, "a page of another origin asks: embed the widget instead")

    def _caller(self, scope: Scope, headers: Headers) -> str | _Refusal:
        """Return whose request it is, or why it is refused."""
        if OPEN_PATHS.fullmatch(scope["path"]):
            return ""
        from_where = str((scope.get("client") or ("",))[0])
        given = _BEARER.fullmatch(headers.get("authorization", ""))
        caller = self._tokens.caller(given[1]) if given is not None else ""
        passed_on = "x-forwarded-for" in headers or "forwarded" in headers  # a proxy lets others in
        if not caller and (self._policy.needs_token or passed_on):
            if not self._wrong.allows(from_where):  # whose token is right is never held up by it
                return _Refusal(429, "too many wrong tokens: wait a minute", {"Retry-After": "60"})
            cure = "send Authorization: Bearer TOKEN; `magpie token add NAME` makes one"
            return _Refusal(401, cure, {"WWW-Authenticate": "Bearer"})
        if caller and not self._answered.allows(caller):
            wait = {"Retry-After": "15"}
            return _Refusal(429, f"more than {ANSWERED_A_MINUTE} requests a minute", wait)
        return caller or LOCAL

    def _with_headers(self, path: str, send: Send) -> Send:
        """Return a `send` that tells browsers what an answer may be used for."""
        ancestors = " ".join(("'self'", *self._policy.origins)) if path == "/widget" else "'self'"
        policy = f"{_PAGE_POLICY}; frame-ancestors {ancestors}"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                shared = "cross-origin" if path in _EMBEDDED else "same-origin"
                headers["Cross-Origin-Resource-Policy"] = shared
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return sending


class _Body:
    """Ends a body that is longer than it may be, whatever its header says."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._length = receive, 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._length += len(message.get("body", b""))
            if self._length > LARGEST_BODY:
                return {"type": "http.disconnect"}
        return message


def _too_large(headers: Headers) -> _Refusal | None:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) <= LARGEST_BODY:
        return None
    return _Refusal(413, f"send at most {LARGEST_BODY // 2**20} MB in one request")


async def _answer(refused: _Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    told = {"message": refused.message, "type": "invalid_request_error", "code": None}
    answer = JSONResponse({"error": told}, refused.status, refused.headers)
    await answer(scope, receive, send)
