"""UCP over REST: discovery, search, lookup, product, and the pictures that products name.

◆ FastAPI. Knows addresses and bodies; every answer is made in `ucp/`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from assistant.api.server.api_parts import ApiParts
from assistant.api.server.open_files import item_picture
from assistant.api.ucp.envelope import check_agent, discovery
from assistant.api.ucp.ucp_lookup import look_up, product_detail
from assistant.api.ucp.ucp_records import (
    UcpLookupAnswer,
    UcpProductAnswer,
    UcpRefusal,
    UcpSearchAnswer,
)
from assistant.api.ucp.ucp_requests import UcpLookupRequest, UcpProductRequest, UcpSearchRequest
from assistant.api.ucp.ucp_search import search_products


def _checked(
    ucp_agent: Annotated[
        str | None, Header(description='profile="https://…", the asking program\'s profile.')
    ] = None,
) -> None:
    check_agent(ucp_agent)


def catalogue_routes(parts: ApiParts) -> APIRouter:
    """Return the routes of the catalogue."""
    refused: dict[int | str, dict[str, Any]] = {400: {"model": UcpRefusal}}
    routes = APIRouter(tags=["catalogue (UCP)"])
    checked = APIRouter(dependencies=[Depends(_checked)], responses=refused)

    @routes.get("/.well-known/ucp", summary="What this server can do, as UCP says it")
    def well_known_ucp(response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "public, max-age=60"
        return discovery(parts.address)

    @checked.post("/catalog/search", response_model_exclude_none=True)
    def catalog_search(asked: UcpSearchRequest) -> UcpSearchAnswer:
        """Find products by words, photos, likes and filters."""
        with parts.agent.lend() as agent:
            return search_products(asked, agent, parts.media, parts.address)

    @checked.post("/catalog/lookup", response_model_exclude_none=True)
    def catalog_lookup(asked: UcpLookupRequest) -> UcpLookupAnswer:
        """Return products by ids of products or variants, or by codes."""
        return look_up(asked, parts.agent.catalogue, parts.address)

    @checked.post("/catalog/product", response_model_exclude_none=True)
    def catalog_product(asked: UcpProductRequest) -> UcpProductAnswer:
        """Return one product, with what can be chosen of it."""
        return product_detail(asked, parts.agent.catalogue, parts.address)

    @routes.get(
        "/pictures/{id:path}/{place}",
        response_class=Response,
        responses={200: {"content": {"image/webp": {}}}},
    )
    def picture(id: str, place: int) -> Response:
        """Return one of an item's pictures."""
        found = item_picture(parts.agent, id, place)
        if found is None:
            return Response("no such picture", 404, media_type="text/plain")
        return Response(found, media_type="image/webp")

    routes.include_router(checked)
    return routes
