"""An agent that follows its catalogue: each turn answers from the newest index that is finished.

Knows how an index is watched and how an agent is put over another one; decides nothing of a turn. A
turn sees one index from its beginning to its end, and an index is closed when it is neither the
newest nor used by a turn.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from assistant.agent import Agent
from assistant.events import Done, Event
from assistant.memory.store import Memory
from assistant.model.protocol import LanguageModel
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.embed import Encoders
from retrieval.errors import StoreError
from retrieval.index.newer import IndexWatch
from retrieval.items import Catalogue

BEHIND = (
    "The catalogue was indexed anew, and that cannot be opened here ({}). "
    "I answer from what it was before, until Magpie is started again."
)


@dataclass
class _Lent:
    """An agent over one index, and how many turns are using it."""

    agent: Agent
    turns: int = 0


class LivingAgent:
    """Answers requests about one catalogue, as an agent does, from its newest index."""

    def __init__(self, agent: Agent, watch: IndexWatch) -> None:
        """Begin with the index that the agent has open."""
        self._watch, self._newest, self._behind = watch, _Lent(agent), ""
        self._looking, self._counting = threading.Lock(), threading.Lock()

    @property
    def model(self) -> LanguageModel | None:
        """The language model, if one takes part."""
        return self._newest.agent.model

    @property
    def encoders(self) -> Encoders:
        """The models that turn requests into vectors."""
        return self._newest.agent.encoders

    @property
    def memory(self) -> Memory:
        """The stored conversations and opinions of all users."""
        return self._newest.agent.memory

    @property
    def catalogue(self) -> Catalogue:
        """The items of the newest index that a turn has used."""
        return self._newest.agent.catalogue

    @property
    def vocabulary(self) -> Vocabulary:
        """The values that these items use."""
        return self._newest.agent.vocabulary

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Answer one request from the newest index; raises as `Agent.reply` does."""
        with self.lend() as agent:
            for event in agent.reply(request, session):
                if isinstance(event, Done) and self._behind:
                    event = replace(event, notice=f"{event.notice} {self._behind}".strip())
                yield event

    @contextmanager
    def lend(self) -> Iterator[Agent]:
        """Lend the agent over the newest index; that stays open for as long as it is used."""
        self._look()
        with self._counting:
            lent = self._newest
            lent.turns += 1
        try:
            yield lent.agent
        finally:
            with self._counting:
                lent.turns -= 1
                if lent is not self._newest and not lent.turns:
                    lent.agent.index.close()

    def expect_model(self) -> None:
        """Say in each turn, until `take`, that a language model is still joining."""
        with self._looking:
            self._newest.agent = replace(self._newest.agent, joining=True)

    def take(self, model: LanguageModel | None, *, reranks: bool) -> None:
        """Let a language model take part from the next turn on."""
        with self._looking:
            newest = replace(self._newest.agent, model=model, reranks=reranks, joining=False)
            _ = newest.language  # found out now, and not during a turn
            self._newest.agent = newest

    def follow(self, other: Agent) -> None:
        """Take the language model as another agent has it now."""
        with self._looking:
            now = self._newest.agent
            if (now.model, now.joining) != (other.model, other.joining):
                self._newest.agent = replace(
                    now, model=other.model, reranks=other.reranks, joining=other.joining
                )

    def close(self) -> None:
        """Close the memory and the index."""
        self._newest.agent.memory.close()
        self.close_index()

    def close_index(self) -> None:
        """Close the index; the memory is somebody else's."""
        self._newest.agent.index.close()

    def _look(self) -> None:
        """Take a newer index, if there is one; other turns go on with theirs meanwhile."""
        with self._looking:
            try:
                index = self._watch.newer()
            except StoreError as error:
                self._behind = BEHIND.format(error)
                return
            if index is None:
                return
            agent = self._newest.agent
            newest = replace(agent, index=index, vocabulary=agent.vocabulary.over(index.catalogue))
            with self._counting:
                former, self._newest, self._behind = self._newest, _Lent(newest), ""
                if not former.turns:
                    former.agent.index.close()
