"""Other catalogues beside the one that a process began with: they share its models and its memory.

Knows how another index is opened over the same models; decides nothing of a turn. What joins the
first agent later, the language model, joins the others with their next turn.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from assistant.build import build_beside
from retrieval.errors import StoreError
from retrieval.index.summary import indexed

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.events import Event
    from assistant.living_agent import LivingAgent
    from assistant.memory.store import Memory
    from assistant.settings import Settings
    from assistant.turn.request import Request
    from assistant.understanding.catalogue_values import Vocabulary
    from retrieval.items import Catalogue

Lend = Callable[[], AbstractContextManager["Agent"]]


class NeighbourAgent:
    """Answers in another catalogue, with what the first agent has."""

    def __init__(self, living: "LivingAgent", lend: Lend) -> None:
        """Answer from an index; `lend` lends the first agent, and waits until there is one."""
        self._living, self._lend = living, lend

    @property
    def memory(self) -> "Memory":
        """The stored conversations and opinions of all users."""
        return self._living.memory

    @property
    def catalogue(self) -> "Catalogue":
        """The items of the newest index that a turn has used."""
        return self._living.catalogue

    @property
    def vocabulary(self) -> "Vocabulary":
        """The values that these items use."""
        return self._living.vocabulary

    def reply(self, request: "Request", session: str) -> Iterator["Event"]:
        """Answer one request; raises as `Agent.reply` does."""
        with self._lend() as first:
            self._living.follow(first)
        yield from self._living.reply(request, session)


class Neighbours:
    """Opens other catalogues, and closes them at the end."""

    def __init__(self, settings: "Settings", lend: Lend) -> None:
        """Begin with none."""
        self._settings, self._lend = settings, lend
        self._open: list[LivingAgent] = []

    def open(self, name: str) -> NeighbourAgent:
        """Open the finished index of a name.

        Raises: StoreError when there is none, or it cannot be opened with these models.
        """
        if name not in dict(indexed(self._settings.indexes_folder)):
            raise StoreError(f"there is no index {name[:60]!r}: magpie index PATH --name NAME")
        settings = self._settings.model_copy(update={"catalogue": name})
        with self._lend() as first:
            living = build_beside(first, settings)
        self._open.append(living)
        return NeighbourAgent(living, self._lend)

    def close(self) -> None:
        """Close the indexes; the memory and the models are the first agent's."""
        for living in self._open:
            living.close_index()
