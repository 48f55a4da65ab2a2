"""A fake agent that keeps its turns, and computes for as long as a test wants."""

import threading
import time
from collections.abc import Iterator

from assistant.events import Done, Event, Words
from assistant.memory.store import Memory
from assistant.model.model_queue import ModelQueue, heed_stop
from assistant.turn.request import Request
from retrieval.items import Item
from tests.fakes import ShelfAgent


class KeptAgent(ShelfAgent):
    """A shelf that keeps its turns in the memory, as the real agent does, and uses a model."""

    def __init__(self, items: list[Item], memory: Memory) -> None:
        super().__init__(items, memory=memory)
        self.queue, self.computing, self.go_on = ModelQueue(), threading.Event(), threading.Event()
        self.go_on.set()

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        for event in super().reply(request, session):
            if isinstance(event, Words) and not self.go_on.is_set():
                with self.queue.turn():  # a long computation that heeds a stop
                    self.computing.set()
                    while not self.go_on.is_set():
                        heed_stop()
                        time.sleep(0.005)
            if isinstance(event, Done):
                now = self.memory.recall(session, self.catalogue, request.user)
                self.memory.keep(request.user, request.words, now, event, self.catalogue)
            yield event
