"""The doors themselves: one application that answers programs, and what asks it.

Knows FastAPI, uvicorn and the MCP SDK; decides nothing of an answer.

    api_parts       what the routes share
    open_files      pages, scripts and pictures that are served
    catalogue_api   ◆ fastapi: UCP over REST
    chat_api        ◆ fastapi: OpenAI-compatible chat completions
    watching        ◆ fastapi: health, readiness, metrics
    ucp_tools       ◆ mcp: UCP's three tools
    mcp_tools       ◆ mcp: search, lookup, ask, explain
    application     ◆ fastapi: all routes, their errors, one gate before them
    api_server      ◆ uvicorn: a port
    client          the server as a typed Python object
"""

__all__ = ["api_server", "client", "mcp_tools", "application", "api_parts"]
