"""OpenAI-compatible chat completions, whole or streamed.

◆ FastAPI. Knows addresses, bodies and server-sent events; the turn is the agent's.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from assistant.api.chat.chat_answers import chunks, completion
from assistant.api.chat.chat_records import MODEL, ChatChunk, ChatCompletion, ChatRequest
from assistant.api.chat.chat_turns import user_turns
from assistant.api.sent_media import SentMedia
from assistant.api.server.api_parts import ApiParts
from assistant.events import Done, Event
from assistant.turn.request import Request as Turn
from retrieval.errors import MagpieError


def chat_routes(parts: ApiParts) -> APIRouter:
    """Return the routes of the chat."""
    routes = APIRouter(prefix="/v1", tags=["chat (OpenAI-compatible)"])

    @routes.get("/models", summary="The one model that answers: Magpie")
    def models() -> dict[str, Any]:
        only = {"id": MODEL, "object": "model", "created": 0, "owned_by": "magpie"}
        return {"object": "list", "data": [only]}

    @routes.post(
        "/chat/completions",
        response_model=ChatCompletion,
        response_model_exclude_none=True,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def chat_completions(asked: ChatRequest, request: Request) -> Response | ChatCompletion:
        """Answer the last message of a conversation."""
        user = parts.user(request.state.caller, asked.user)
        turns = user_turns(asked.messages, parts.media, user)
        session = await parts.conversations.after(turns[:-1], user)
        if not asked.stream:
            done = await parts.runner.done(turns[-1], session)
            parts.conversations.keep(turns, user, done)
            return completion(done, parts.address)
        events = parts.runner.events(turns[-1], session)
        first = await anext(events)  # what refuses a message does so before the answer begins
        told = chunks(_kept(first, events, turns, user, parts), parts.address)
        return StreamingResponse(_lines(told, parts.media), media_type="text/event-stream")

    return routes


async def _kept(
    first: Event, rest: AsyncIterator[Event], turns: list[Turn], user: str, parts: ApiParts
) -> AsyncIterator[Event]:
    """Yield the events of a turn, and keep what it came to."""
    event = first
    while True:
        if isinstance(event, Done):
            parts.conversations.keep(turns, user, event)
        yield event
        try:
            event = await anext(rest)
        except StopAsyncIteration:
            return


async def _lines(told: AsyncIterator[ChatChunk], media: SentMedia) -> AsyncIterator[str]:
    """Yield chunks as server-sent events; what ends a turn before its end is one, too."""
    try:
        async for chunk in told:
            yield f"data: {chunk.model_dump_json(exclude_none=True)}\n\n"
    except MagpieError as error:
        why = {"message": media.unnamed(str(error)), "type": "server_error", "code": None}
        yield f"data: {json.dumps({'error': why})}\n\n"
    yield "data: [DONE]\n\n"
