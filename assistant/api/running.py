"""A turn in a thread of its own → its events, as they come.

Knows threads and asyncio; knows no protocol. Turns of several callers run side by side; only at the
language model do they wait in line. Who leaves before the end stops the turn, and the model.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace

from assistant.api.open_agent import OpenAgent
from assistant.api.sent_media import SentMedia
from assistant.api.turn_metrics import TurnMetrics
from assistant.events import Done, Event
from assistant.model.model_queue import Ticket, holding
from assistant.turn.request import Request
from retrieval.errors import LanguageModelError

AT_ONCE = 32  # turns; most of them wait for the language model
_WAITING = 64  # turns that wait for a thread; more are refused


class TurnRunner:
    """Threads in which turns run."""

    def __init__(self, agent: OpenAgent, media: SentMedia) -> None:
        """Begin with no turn."""
        self._agent, self._media, self.metrics = agent, media, TurnMetrics()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="api-turn")
        self._tickets: set[Ticket] = set()

    async def events(self, request: Request, session: str) -> AsyncIterator[Event]:
        """Yield the events of a turn; raises as `Agent.reply` does.

        Raises:
            LanguageModelError: so many turns wait already that this one cannot.
        """
        with self.metrics.turn() as count:
            async with aclosing(self._events(request, session)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        self.metrics.answered(count, event)
                    yield event

    async def _events(self, request: Request, session: str) -> AsyncGenerator[Event, None]:
        if len(self._tickets) >= AT_ONCE + _WAITING:
            raise LanguageModelError("too many requests wait already: ask again in a minute")
        queue: asyncio.Queue[Event | Future[None]] = asyncio.Queue()
        loop, ticket = asyncio.get_running_loop(), Ticket()
        self._tickets.add(ticket)

        def told(one: Event | Future[None]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, one)

        def run() -> None:
            with holding(ticket):
                for event in self._agent.reply(request, session):
                    told(event)
                    if ticket.stopped:
                        return

        running = self._threads.submit(run)
        running.add_done_callback(told)
        try:
            while not isinstance(event := await queue.get(), Future):
                yield self._unnamed(event)
            event.result()  # raises what ended the turn
        finally:
            ticket.stop()
            running.cancel()
            self._tickets.discard(ticket)

    async def done(self, request: Request, session: str) -> Done:
        """Run a turn to its end, and return what it came to; raises as `events` does."""
        async for event in self.events(request, session):
            if isinstance(event, Done):
                return event
        raise LanguageModelError("the turn broke off: ask again")

    def _unnamed(self, event: Event) -> Event:
        """Return an event without the paths of what was sent."""
        if isinstance(event, Done):
            return replace(event, notice=self._media.unnamed(event.notice))
        return event

    def close(self) -> None:
        """Stop every turn, and wait for the threads to end."""
        for ticket in list(self._tickets):
            ticket.stop()
        self._threads.shutdown(cancel_futures=True)
