"""What watches over a server asks: does it live, can it answer, how does it do?

◆ FastAPI. Knows the routes of probes and of Prometheus; decides nothing.
"""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from assistant.api.server.api_parts import ApiParts
from assistant.api.turn_metrics import METRICS_TYPE


def watching_routes(parts: ApiParts) -> APIRouter:
    """Return the routes around an agent's parts."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/health")
    def health() -> JSONResponse:
        """Tell that the server lives."""
        return JSONResponse({"status": "ok"})

    @routes.get("/ready")
    def ready() -> JSONResponse:
        """Tell whether a request is answered at once."""
        able = parts.agent.ready
        return JSONResponse({"ready": able}, 200 if able else 503)

    @routes.get("/metrics")
    def metrics() -> Response:
        """Tell what Prometheus collects; only who may ask for anything may ask for this."""
        return Response(parts.runner.metrics.text(), media_type=METRICS_TYPE)

    return routes
