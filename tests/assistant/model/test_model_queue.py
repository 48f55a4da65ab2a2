"""Who is served first by the language model, and that a stop really stops it."""

import threading

import pytest

from assistant.model.model_queue import ModelQueue, Ticket, heed_stop, holding
from retrieval.errors import StoppedError
from tests.tiny_language_model import Tiny, chat

PATIENCE = 30  # seconds; a bound for a stuck queue


def test_callers_are_served_in_the_order_in_which_they_came():
    queue, served, tickets = ModelQueue(), [], [Ticket(), Ticket(), Ticket()]
    came = threading.Event()

    def call(number):
        with holding(tickets[number]), queue.turn():
            served.append(number)

    with queue.turn():
        threads = []
        for number in range(3):
            threads.append(threading.Thread(target=call, args=(number,)))
            threads[-1].start()
            while tickets[number].ahead != number + 1:
                came.wait(0.01)
        assert [one.ahead for one in tickets] == [1, 2, 3]
    for thread in threads:
        thread.join(PATIENCE)
    assert served == [0, 1, 2]
    assert [one.ahead for one in tickets] == [0, 0, 0]


def test_who_is_stopped_while_waiting_leaves_the_line():
    queue, ticket, left = ModelQueue(), Ticket(), []

    def call():
        with holding(ticket), pytest.raises(StoppedError), queue.turn():
            left.append("computed")
        left.append("left")

    with queue.turn():
        waiting = threading.Thread(target=call)
        waiting.start()
        while not ticket.ahead:
            pass
        ticket.stop()
        waiting.join(PATIENCE)
        assert left == ["left"]
    with queue.turn():  # nobody is in the way
        heed_stop()


@pytest.mark.parametrize("way", ["stream", "score"])
def test_a_stop_ends_what_the_model_is_computing(way):
    tiny, ticket, passes = Tiny(), Ticket(), []

    def count(module, arguments):
        passes.append(1)
        if len(passes) == 2:
            ticket.stop()

    ways = {
        "stream": lambda: list(tiny.model.stream(chat("tea"), max_tokens=400)),
        "score": lambda: tiny.model.score([chat(f"{n}" * 60) for n in range(90)], ["yes", "no"]),
    }
    tiny.weights.register_forward_pre_hook(count)
    with holding(ticket), pytest.raises(StoppedError):
        ways[way]()
    assert len(passes) == 2
    assert list(tiny.model.stream(chat("tea"), max_tokens=2))  # the next one is served at once


def test_a_long_prompt_is_read_in_pieces_between_which_a_stop_is_heeded():
    tiny, ticket = Tiny(), Ticket()
    tiny.weights.register_forward_pre_hook(lambda module, arguments: ticket.stop())
    with holding(ticket), pytest.raises(StoppedError):
        list(tiny.model.stream(chat("tea " * 400), max_tokens=1))
    assert tiny.read <= 512
