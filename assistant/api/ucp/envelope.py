"""UCP's own part of each answer: versions, capabilities, errors; and who may ask.

Knows the protocol's rules for the `UCP-Agent` header. A profile that it names is checked in its
form and never fetched: Magpie asks no other machine, and needs nothing that a profile says.
"""

import re
from typing import Any

from assistant.api.answer_items import PublicAddress
from assistant.api.ucp.ucp_records import UcpEnvelope, UcpMessage, UcpRefusal
from retrieval.errors import MessageError

VERSION = "2026-08-25"
SEARCH, LOOKUP = "dev.ucp.shopping.catalog.search", "dev.ucp.shopping.catalog.lookup"

_SPECIFICATION = f"https://ucp.dev/{VERSION}"
_PROFILE = re.compile(r'(?:^|[\s;,])profile="(https://[^\s"<>\\]{1,500})"')
_VERSION = re.compile(r'(?:^|[\s;,])version="([^"]{1,40})"')


class UcpRefusedError(MessageError):
    """A request that UCP refuses before anything is searched."""

    def __init__(self, status: int, code: str, content: str) -> None:
        super().__init__(content)
        self.status, self.code = status, code  # of HTTP; of the protocol


def envelope(capability: str, *, failed: bool = False) -> UcpEnvelope:
    """Return the protocol's part of an answer."""
    able = {capability: [{"version": VERSION}]}
    return UcpEnvelope(version=VERSION, status="error" if failed else "success", capabilities=able)


def refusal(code: str, content: str) -> UcpRefusal:
    """Return the body of an answer that is no 200."""
    told = UcpMessage(type="error", code=code, content=content, severity="unrecoverable")
    return UcpRefusal(code=code, content=content, messages=[told])


def told(code: str, content: str, path: str | None = None) -> UcpMessage:
    """Return a message that changes nothing of an answer."""
    return UcpMessage(type="info", code=code, content=content, path=path)


def check_agent(header: str | None) -> None:
    """Check the `UCP-Agent` header of a request.

    Raises: UcpRefusedError when there is none, or it names another version or no profile.
    """
    if not header or not _PROFILE.search(header):
        content = 'send the header UCP-Agent: profile="https://…", the address of your profile'
        raise UcpRefusedError(400, "invalid_profile_url", content)
    version = _VERSION.search(header)
    if version is not None and version[1] != VERSION:
        content = f"version {version[1]!r} is not spoken here; {VERSION} is"
        raise UcpRefusedError(422, "version_unsupported", content)


def discovery(address: PublicAddress) -> dict[str, Any]:
    """Return what `/.well-known/ucp` says."""
    service = {"version": VERSION, "spec": f"{_SPECIFICATION}/specification/overview"}
    schemas = f"{_SPECIFICATION}/services/shopping"
    return {
        "ucp": {
            "version": VERSION,
            "services": {
                "dev.ucp.shopping": [
                    {
                        **service,
                        "transport": "rest",
                        "schema": f"{schemas}/rest.openapi.json",
                        "endpoint": address.base,
                    },
                    {
                        **service,
                        "transport": "mcp",
                        "schema": f"{schemas}/mcp.openrpc.json",
                        "endpoint": f"{address.base}/mcp",
                    },
                ]
            },
            "capabilities": {SEARCH: [_capability("search")], LOOKUP: [_capability("lookup")]},
            "payment_handlers": {},
        }
    }


def _capability(name: str) -> dict[str, str]:
    return {
        "version": VERSION,
        "spec": f"{_SPECIFICATION}/specification/shopping/catalog/{name}",
        "schema": f"{_SPECIFICATION}/schemas/shopping/catalog_{name}.json",
    }
