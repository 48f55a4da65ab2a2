"""What is said before the language model is done, and what is shown where nothing fits."""

from assistant.events import Draft, Found, Ordered, Understood
from assistant.turn.request import Request
from tests.builders import build, last
from tests.fakes import ScriptedModel


def test_a_draft_is_in_the_words_of_the_answer_that_replaces_it(tmp_path):
    agent = build(tmp_path, ScriptedModel())
    for turn in range(3):  # each turn has its own wording
        *events, done = agent.reply(Request("a brushed scarf under 100 dollars"), "s")
        draft, ordered, found = (
            [event for event in events if isinstance(event, kind)][-1]
            for kind in (Draft, Ordered, Found)
        )
        if ordered.candidates == found.candidates:
            assert done.answer.startswith(draft.text), turn
        assert draft.text.splitlines()[0] == done.answer.splitlines()[0]
    agent.memory.close()


def test_what_comes_close_where_nothing_fits_is_there_to_be_seen(shop_agent):
    done = last(shop_agent, "a scarf under 1 dollar")
    assert done.candidates == ()
    assert done.near, done.answer
    assert done.near[0].title in done.answer
    assert last(shop_agent, "a scarf", session="new").near == ()


def test_items_stand_before_the_model_translates_a_word_that_no_list_has(tmp_path):
    agent = build(tmp_path, ScriptedModel("Chef = boss"))
    turn = agent.reply(Request("ein Schal für meinen Chef"), "s")
    events = [next(turn), next(turn), next(turn)]
    assert [type(event) for event in events] == [Understood, Found, Draft]
    assert events[1].candidates
    assert not agent.model.chats  # neither items nor sentences waited for it
    events += turn
    assert "Chef" in agent.model.chats[0][-1].content
    assert events[-1].candidates
    agent.memory.close()
