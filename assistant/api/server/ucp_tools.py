"""UCP's three tools over MCP: the same answers as over REST.

◆ mcp. Knows how the SDK wants a tool; every answer is made in `ucp/`.
"""

from collections.abc import Callable
from typing import Any

import anyio.to_thread
from mcp.server import MCPServer
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field

from assistant.api.server.api_parts import ApiParts
from assistant.api.ucp.envelope import UcpRefusedError, check_agent
from assistant.api.ucp.ucp_lookup import look_up, product_detail
from assistant.api.ucp.ucp_requests import UcpLookupRequest, UcpProductRequest, UcpSearchRequest
from assistant.api.ucp.ucp_search import search_products
from retrieval.errors import InputError

INVALID_PARAMETERS, NOT_NEGOTIATED = -32602, -32001
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)


class UcpToolAgent(BaseModel):
    """The asking program."""

    profile: str = Field(max_length=500, examples=["https://agent.example/profile.json"])


class UcpToolMeta(BaseModel):
    """What the protocol sends with each call."""

    model_config = ConfigDict(extra="allow")
    agent: UcpToolAgent = Field(alias="ucp-agent")


def add_ucp_tools(server: MCPServer[Any], parts: ApiParts) -> None:
    """Add search_catalog, lookup_catalog and get_product to a server."""

    @server.tool(annotations=_READS, structured_output=False)
    async def search_catalog(meta: UcpToolMeta, catalog: UcpSearchRequest) -> CallToolResult:
        """Find products by words, photos (`like`) and filters; prices in minor units (UCP)."""

        def search() -> BaseModel:
            with parts.agent.lend() as agent:
                return search_products(catalog, agent, parts.media, parts.address)

        return await _answered(parts, meta, search)

    @server.tool(annotations=_READS, structured_output=False)
    async def lookup_catalog(meta: UcpToolMeta, catalog: UcpLookupRequest) -> CallToolResult:
        """Return products by ids of products or variants, or by codes (UCP)."""
        return await _answered(
            parts, meta, lambda: look_up(catalog, parts.agent.catalogue, parts.address)
        )

    @server.tool(annotations=_READS, structured_output=False)
    async def get_product(meta: UcpToolMeta, catalog: UcpProductRequest) -> CallToolResult:
        """Return one product, with what can be chosen of it (UCP)."""
        return await _answered(
            parts, meta, lambda: product_detail(catalog, parts.agent.catalogue, parts.address)
        )


async def _answered(
    parts: ApiParts, meta: UcpToolMeta, answer: Callable[[], BaseModel]
) -> CallToolResult:
    try:
        check_agent(f'profile="{meta.agent.profile}"')
        found = await anyio.to_thread.run_sync(answer)
    except UcpRefusedError as error:
        unknown = error.code in ("invalid_profile_url", "version_unsupported")
        number = NOT_NEGOTIATED if unknown else INVALID_PARAMETERS
        raise MCPError(number, f"{error.code}: {error}") from error
    except InputError as error:
        why = parts.media.unnamed(str(error))
        raise MCPError(INVALID_PARAMETERS, f"invalid_request: {why}") from error
    told = found.model_dump(mode="json", exclude_none=True)
    text = TextContent(type="text", text=found.model_dump_json(exclude_none=True))
    return CallToolResult(content=[text], structured_content=told)
