"""Turns that run in threads: stopped, queued, taken back, kept, each for its own user."""

import asyncio
import time
from threading import active_count

import pytest

from assistant.events import Words
from assistant.page.markup.wording import wording
from assistant.page.session import exchange_from_message
from assistant.page.turns import Turns
from retrieval.errors import MessageError
from retrieval.items import Item
from tests.fakes import ShelfAgent
from tests.kept_agent import KeptAgent

ITEMS = [
    Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD"),
    Item("s1", "Wool scarf", "Warm.", "clothing", 39, "USD"),
]
PATIENCE = 30  # seconds; a bound for a stuck turn


@pytest.fixture
def agent(memory):
    return KeptAgent(ITEMS, memory)


@pytest.fixture
def turns(agent):
    turns = Turns(agent)
    yield turns
    agent.go_on.set()
    turns.close()


def said(words):
    return exchange_from_message({"text": words})


def until(condition):
    end = time.monotonic() + PATIENCE
    while not (seen := condition()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return seen


def idle(turns, session, user="ann"):
    until(lambda: not turns.open(session, user).busy)
    return turns.open(session, user)


def answers(now):
    return [one.reply.answer or one.reply.trouble for one in now.exchanges]


def test_a_turn_goes_on_though_nobody_looks_and_is_there_later(turns):
    session = turns.send("", "ann", said("a mug")).session
    assert answers(idle(turns, session)) == ["I found 2 for “a mug”."]


def test_a_stop_shows_at_once_and_the_next_message_is_answered(turns, agent):
    agent.go_on.clear()
    session = turns.send("", "ann", said("a mug")).session
    assert agent.computing.wait(PATIENCE)
    stopped = turns.stop(session, "ann")
    assert not stopped.busy
    assert stopped.exchanges[0].reply.trouble == "Stopped."
    assert stopped.exchanges[0].reply.candidates  # what was there stays
    with agent.queue.turn():  # the model is free though nothing let the computation end
        agent.go_on.set()
    turns.send(session, "ann", said("a scarf"))
    assert answers(idle(turns, session))[1] == "I found 2 for “a scarf”."


def test_a_second_message_waits_and_can_be_taken_back_or_answered_instead(turns, agent):
    agent.go_on.clear()
    session = turns.send("", "ann", said("a mug")).session
    assert agent.computing.wait(PATIENCE)
    turns.send(session, "ann", said("a lamp"))
    now = turns.send(session, "ann", said("a scarf"))
    assert [one.reply is None for one in now.exchanges] == [False, True, True]
    assert "Waits for the answer above" in str(now.messages()[-1])
    now = turns.press(session, "ann", "drop:1")
    assert [one.words for one in now.exchanges] == ["a mug", "a scarf"]
    turns.press(session, "ann", "drop:0")  # is being answered: nothing to take back
    now = turns.press(session, "ann", "now")
    assert now.exchanges[0].reply.trouble == "Stopped."
    agent.go_on.set()
    assert answers(idle(turns, session))[1] == "I found 2 for “a scarf”."
    assert [request.words for request, _ in agent.requests] == ["a mug", "a scarf"]


def test_two_conversations_run_at_once_and_only_the_model_queues(turns, agent):
    agent.go_on.clear()
    ann = turns.send("", "ann", said("a mug")).session
    assert agent.computing.wait(PATIENCE)
    bob = turns.send("", "bob", said("a scarf")).session
    now = until(lambda: (n := turns.open(bob, "bob")).exchanges[0].reply.candidates and n)
    assert now.exchanges[0].reply.waiting

    async def place():
        async for seen in turns.watch(bob, "bob", "window"):
            if "1 before you" in seen.exchanges[0].reply.waiting:
                return True
        return False

    assert asyncio.run(asyncio.wait_for(place(), PATIENCE))
    agent.go_on.set()
    for session, user in ((ann, "ann"), (bob, "bob")):
        assert "I found" in answers(idle(turns, session, user))[0]


def test_what_is_watched_grows_to_its_end_and_a_later_look_replaces_the_first(turns, agent):
    agent.go_on.clear()
    session = turns.send("", "ann", said("a mug")).session
    assert agent.computing.wait(PATIENCE)

    async def look():
        first = turns.watch(session, "ann", "window")
        await anext(first)
        second = turns.watch(session, "ann", "window")
        seen = [await anext(second)]
        assert [one async for one in first] == []
        agent.go_on.set()
        return [*seen, *[one async for one in second]]

    seen = asyncio.run(asyncio.wait_for(look(), PATIENCE))
    assert seen[0].busy
    assert not seen[-1].busy


def test_the_last_message_can_be_edited_or_sent_again(turns, agent, memory):
    session = turns.send("", "ann", said("a mug")).session
    idle(turns, session)
    turns.send(session, "ann", said("a scarf under 50"))
    idle(turns, session)
    assert [words for words, _ in memory.turns(session)] == ["a mug", "a scarf under 50"]
    now = turns.press(session, "ann", "edit")
    assert now.editing
    assert "replaces your last message" in str(now.messages()[-1])
    assert not turns.press(session, "ann", "keep").editing
    turns.press(session, "ann", "edit")
    turns.send(session, "ann", said("a scarf under 40"))
    now = idle(turns, session)
    assert [one.words for one in now.exchanges] == ["a mug", "a scarf under 40"]
    assert [words for words, _ in memory.turns(session)] == ["a mug", "a scarf under 40"]
    turns.press(session, "ann", "again")
    idle(turns, session)
    assert [words for words, _ in memory.turns(session)] == ["a mug", "a scarf under 40"]
    assert len(memory.history.exchanges("ann", session, "shelf")) == 2


def test_a_conversation_is_restored_after_a_restart_with_everything_shown(turns, agent, memory):
    session = turns.send("", "ann", said("a scarf under 50")).session
    before = idle(turns, session)
    later = Turns(agent)
    again = later.open(session, "ann")
    assert str(again.messages()) == str(before.messages()).replace("card moved", "card")
    later.send(session, "ann", said("a mug"))
    assert len(idle(later, session).exchanges) == 2
    later.close()


def test_what_was_cut_off_by_the_end_says_so(turns, agent, memory):
    agent.go_on.clear()
    session = turns.send("", "ann", said("a mug")).session
    assert agent.computing.wait(PATIENCE)
    later = Turns(agent)
    (one,) = later.open(session, "ann").exchanges
    assert "ended before this answer was complete" in one.reply.trouble
    assert later.open(session, "ann").can_be_changed
    later.close()


def test_another_user_gets_nothing_and_changes_nothing(turns, memory):
    session = turns.send("", "ann", said("a mug")).session
    idle(turns, session)
    for attempt in (
        lambda: turns.open(session, "bob"),
        lambda: turns.send(session, "bob", said("mine")),
        lambda: turns.stop(session, "bob"),
        lambda: turns.press(session, "bob", "again"),
        lambda: turns.forget(session, "bob"),
        lambda: memory.history.remove("bob", session),
        lambda: memory.history.rename("bob", session, "mine"),
        lambda: memory.take_back("bob", session),
    ):
        with pytest.raises(MessageError):
            attempt()
    later = Turns(turns._agent)  # nor from the memory
    assert later.open(session, "bob").exchanges == ()
    assert later.open(session, "bob").session != session
    later.close()
    assert memory.history.talks("bob", "shelf") == []
    assert [one.title for one in memory.history.talks("ann", "shelf")] == ["a mug"]


def test_conversations_are_listed_found_renamed_and_deleted(turns, memory):
    sessions = [turns.send("", "ann", said(words)).session for words in ("a mug", "a  scarf")]
    for session in sessions:
        idle(turns, session)
    turns.send(sessions[0], "ann", said("for my aunt"))
    idle(turns, sessions[0])
    first, second = memory.history.talks("ann", "shelf")
    assert (first.title, first.words) == ("a mug", "a mug for my aunt")
    assert second.title == "a scarf"
    memory.history.rename("ann", first.session, " Aunt \n May ")
    memory.history.rename("ann", second.session, "  ")
    assert [one.title for one in memory.history.talks("ann", "shelf")] == ["Aunt May", "a scarf"]
    turns.forget(first.session, "ann")
    assert [one.title for one in memory.history.talks("ann", "shelf")] == ["a scarf"]
    assert memory.turns(first.session) == []
    assert turns.open(first.session, "ann").exchanges == ()
    memory.forget("ann", conversations=True)
    assert memory.history.talks("ann", "shelf") == []
    assert memory.history.exchanges("ann", second.session, "shelf") == []


def test_what_is_deleted_in_mid_answer_stays_deleted(turns, agent, memory):
    agent.go_on.clear()
    first = turns.send("", "ann", said("a mug")).session
    assert agent.computing.wait(PATIENCE)
    turns.forget(first, "ann")
    second = turns.send("", "ann", said("a scarf")).session
    turns.forget_all("ann")
    memory.forget("ann", conversations=True)
    agent.go_on.set()
    turns.close()
    assert memory.history.talks("ann", "shelf") == []
    for session in (first, second):
        assert memory.history.exchanges("ann", session, "shelf") == []
        assert turns.open(session, "ann").exchanges == ()


def test_nothing_is_kept_of_who_wants_nothing_remembered(turns, memory):
    memory.switch("ann", on=False)
    session = turns.send("", "ann", said("a mug")).session
    idle(turns, session)
    assert memory.history.talks("ann", "shelf") == []
    assert memory.history.exchanges("ann", session, "shelf") == []
    assert len(turns.open(session, "ann").exchanges) == 1  # a reload shows it all the same


def test_a_fault_of_ours_is_said_and_told_to_the_terminal(memory, caplog):
    def fail(event):
        if isinstance(event, Words):
            raise ZeroDivisionError

    turns = Turns(ShelfAgent(ITEMS, memory=memory, before=fail))
    session = turns.send("", "ann", said("a mug")).session
    assert idle(turns, session).exchanges[0].reply.trouble == wording("en")("trouble.ours")
    assert "ZeroDivisionError" in caplog.text
    turns.close()


def test_many_people_at_once_lose_and_mix_nothing(turns, agent):
    before = active_count()
    wishes = {f"user {n}": [f"a mug number {n}", f"a scarf number {n}"] for n in range(20)}
    sessions = {}
    for user, messages in wishes.items():
        session = ""
        for words in messages:
            session = turns.send(session, user, said(words)).session
        sessions[user] = session
    for user, messages in wishes.items():
        now = idle(turns, sessions[user], user)
        assert [one.words for one in now.exchanges] == messages
        assert all(words in text for words, text in zip(messages, answers(now), strict=True))
    assert active_count() - before <= 64
