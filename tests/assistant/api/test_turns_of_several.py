"""Turns of several callers: side by side, left, broken off, and no more of them than are kept."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from assistant.api.conversations import Conversations
from assistant.api.running import TurnRunner
from assistant.api.sent_media import SentMedia
from assistant.events import Words
from assistant.model.model_queue import ModelQueue, heed_stop
from assistant.turn.request import Request
from retrieval.errors import StoppedError, StorageError
from tests.api_server import LentAgent, ask, doors_agent, served


def client(address):
    return openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0, timeout=30)


class Busy(LentAgent):
    """An agent whose language model computes for one message until it is told to go on."""

    def __init__(self, agent):
        super().__init__(agent)
        self.queue, self.computing, self.go_on = ModelQueue(), threading.Event(), threading.Event()

    def reply(self, request: Request, session: str):
        for event in self.agent.reply(request, session):
            if isinstance(event, Words) and "lamp" in request.words:
                with self.queue.turn():
                    self.computing.set()
                    assert self.go_on.wait(20)
            yield event


def test_programs_are_answered_side_by_side_while_the_model_is_busy(tmp_path):
    agent = doors_agent(tmp_path)
    busy = Busy(agent)
    with served(busy, tmp_path) as address, ThreadPoolExecutor(10) as threads:

        def complete(words):
            with client(address) as asked:
                told = [{"role": "user", "content": words}]
                answer = asked.chat.completions.create(model="magpie", messages=told)
            return [one["id"] for one in answer.magpie["items"]]

        waiting = threads.submit(complete, "a lamp")
        assert busy.computing.wait(10)
        others = [threads.submit(complete, "a scarf under 40 dollars") for _ in range(8)]
        assert [set(one.result(20)) for one in others] == [{"s1", "s2"}] * 8
        assert ask(address, "/catalog/search", {"query": "scarf"})[0] == 200
        assert not waiting.done()
        busy.go_on.set()
        assert waiting.result(20) == ["l1"]
    agent.memory.close()


def test_who_leaves_a_stream_stops_its_turn(tmp_path):
    agent = doors_agent(tmp_path)

    class Endless(LentAgent):
        left = threading.Event()

        def reply(self, request, session):
            yield Words("a ")
            try:
                while True:  # a long computation that heeds a stop, and says nothing meanwhile
                    heed_stop()
                    time.sleep(0.005)
            except StoppedError:
                self.left.set()
                raise

    endless = Endless(agent)
    with served(endless, tmp_path) as address, client(address) as asked:
        stream = asked.chat.completions.create(
            model="magpie", messages=[{"role": "user", "content": "go on"}], stream=True
        )
        next(stream)
        stream.close()
        assert endless.left.wait(20)
    agent.memory.close()


def test_a_turn_that_breaks_off_in_a_stream_says_so(tmp_path):
    agent = doors_agent(tmp_path)

    class Failing(LentAgent):
        def reply(self, request, session):
            yield Words("Here ")
            raise StorageError("the disk is full: make room there")

    with served(Failing(agent), tmp_path) as address, client(address) as asked:
        stream = asked.chat.completions.create(
            model="magpie", messages=[{"role": "user", "content": "go on"}], stream=True
        )
        with pytest.raises(openai.APIError, match="the disk is full"):
            list(stream)
    agent.memory.close()


def test_the_oldest_conversations_end_and_are_answered_again_when_they_go_on(tmp_path):
    agent = doors_agent(tmp_path)
    media = SentMedia()
    runner = TurnRunner(LentAgent(agent), media)
    conversations = Conversations(LentAgent(agent), runner, most=2)

    async def hold(*words):
        turns = [Request(one, user="api:local") for one in words]
        session = await conversations.after(turns[:-1], "api:local")
        done = await runner.done(turns[-1], session)
        conversations.keep(turns, "api:local", done)
        return session, {one.item.id for one in done.candidates}

    async def talk():
        first, _ = await hold("a scarf")
        await hold("a mug")
        assert agent.memory.recall(first, agent.catalogue, "api:local").shown
        await hold("boots")
        assert not agent.memory.recall(first, agent.catalogue, "api:local").shown
        return (await hold("a scarf", "under 40 dollars"))[1]

    assert asyncio.run(talk()) == {"s1", "s2"}
    conversations.close()
    runner.close()
    media.close()
    agent.memory.close()
