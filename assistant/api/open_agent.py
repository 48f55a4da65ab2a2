"""What the doors ask of an agent: to answer a turn, and to lend what it searches with.

A protocol and nothing else.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from assistant.events import Event
from assistant.turn.request import Request
from retrieval.items import Catalogue

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.memory.store import Memory


class OpenAgent(Protocol):
    """The part of an agent that programs use."""

    @property
    def ready(self) -> bool:
        """Whether a request can be answered now."""
        ...

    @property
    def memory(self) -> "Memory":
        """The stored conversations of all callers."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The items that can be found; they may be others after a turn."""
        ...

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Run one turn."""
        ...

    def lend(self) -> AbstractContextManager["Agent"]:
        """Lend the agent over the newest index for a search."""
        ...
