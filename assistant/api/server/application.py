"""One application for all doors: the routes, what is said of errors, and one gate before them.

◆ FastAPI. Knows how a refusal is worded for each protocol; decides nothing of an answer.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from mcp.server.transport_security import TransportSecuritySettings
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.callers import Tokens
from assistant.api.gate import LARGEST_BODY, ApiGate, GatePolicy
from assistant.api.sent_media import SentMedia
from assistant.api.server.api_parts import ApiParts
from assistant.api.server.catalogue_api import catalogue_routes
from assistant.api.server.chat_api import chat_routes
from assistant.api.server.mcp_tools import mcp_server
from assistant.api.server.open_files import PAGES, served_file
from assistant.api.server.watching import watching_routes
from assistant.api.ucp.envelope import UcpRefusedError, refusal
from retrieval.errors import InputError, MagpieError

_ABOUT = (
    "The same agent for other programs: the catalogue as UCP asks for it, chat completions as "
    "OpenAI's clients ask for them, and MCP at `/mcp`. Everything runs on this machine."
)


def application(parts: ApiParts, policy: GatePolicy, tokens: Tokens) -> FastAPI:
    """Return the application around an agent's parts."""
    server = mcp_server(parts)
    over_http = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=LARGEST_BODY,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )  # what the SDK would check is checked by the gate

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    app = FastAPI(
        title="Magpie",
        description=_ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        lifespan=living,
        middleware=[
            Middleware(ApiGate, policy=policy, tokens=tokens),
            Middleware(_AcceptsAll),
        ],
    )
    app.include_router(catalogue_routes(parts))
    app.include_router(chat_routes(parts))
    app.include_router(watching_routes(parts))
    app.router.routes.extend(over_http.routes)
    for path in PAGES:
        app.add_api_route(path, _served(path), include_in_schema=False, response_class=Response)
    app.add_exception_handler(
        MagpieError, lambda request, error: _refused(request, error, parts.media)
    )
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    return app


class _AcceptsAll:
    """Takes a request that does not say which types it accepts as one that accepts all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and all(name != b"accept" for name, _ in scope["headers"]):
            scope = {**scope, "headers": [*scope["headers"], (b"accept", b"*/*")]}
        await self._app(scope, receive, send)


def _served(path: str) -> Callable[[], Response]:
    def serve() -> Response:
        content, kind = served_file(path)
        return Response(content, headers={"Content-Type": kind, "Cache-Control": "no-cache"})

    return serve


def _refused(request: Request, error: Exception, media: SentMedia) -> Response:
    why = media.unnamed(str(error))
    if isinstance(error, UcpRefusedError):
        return _told(request, error.status, error.code, why)
    if isinstance(error, InputError):
        return _told(request, 400, "invalid_request", why)
    answer = _told(request, 503, "unavailable", why)
    answer.headers["Retry-After"] = "10"
    return answer


def _invalid(request: Request, error: Exception) -> Response:
    """Say which field is wrong and why; what was sent is not repeated."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    places = (".".join(map(str, one["loc"][1:])) or "the body" for one in faults[:5])
    why = "; ".join(f"{place}: {one['msg']}" for place, one in zip(places, faults, strict=False))
    return _told(request, 400, "invalid_request", why or "the body cannot be read")


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _told(request, status, "invalid_request", getattr(error, "detail", "") or "refused")


def _told(request: Request, status: int, code: str, message: str) -> Response:
    """Word a refusal as the protocol of the route does."""
    if request.url.path.startswith("/catalog/"):
        return JSONResponse(refusal(code, message).model_dump(exclude_none=True), status)
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return JSONResponse({"error": error}, status)
