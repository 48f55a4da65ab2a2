"""A reply as it grows by a turn's events: what is shown at each moment, and what gives way."""

from pathlib import Path

from assistant.events import Done, Draft, Found, Heard, Ordered, Understood, Words
from assistant.page.kept_exchanges import exchange_json, read_exchange
from assistant.page.markup.wording import wording
from assistant.page.reply import (
    Reply,
    after,
    first_reply,
    parts,
)
from assistant.page.session import Exchange, PageConversation
from assistant.turn.request import Request
from retrieval.items import Candidate, Constraint, Item
from retrieval.protocols import Transcript
from tests.builders import last

SAY = wording("en")
MUG = Item("m1", "Enamel mug", "Survives a fall.", "kitchen", 14.5, "USD")
SCARF = Item("c1", "Wool scarf", "Warm.", "clothing", 39.0, "USD")


def found(*items):
    return tuple(Candidate(item, 1.0) for item in items)


def drawn(reply):
    return "".join(parts(reply, "USD"))


def test_a_reply_grows_from_waiting_to_words():
    reply = first_reply(Request(recording=Path("r.wav")))
    assert SAY("waiting.listening") in drawn(reply)
    reply = after(reply, Heard(Transcript("warm scarf under 40", "en", 2.0)))
    assert "warm scarf under 40" in drawn(reply)
    limit = Constraint("price", "<=", 40.0, "under 40")
    reply = after(reply, Understood("search", (limit,), "warm scarf"))
    assert "at most $40" in drawn(reply)
    assert "<q>under 40</q>" in drawn(reply)
    assert SAY("waiting.searching") in drawn(reply)
    reply = after(reply, Found(found(MUG, SCARF), {"c1": ("it costs $39",)}))
    assert "it costs $39" in drawn(reply)
    assert drawn(reply).index("Enamel mug") < drawn(reply).index("Wool scarf")
    assert SAY("waiting.comparing") in drawn(reply)
    reply = after(reply, Ordered(found(SCARF, MUG)))
    assert drawn(reply).index("Wool scarf") < drawn(reply).index("Enamel mug")
    assert SAY("waiting.writing") in drawn(reply)
    reply = after(after(reply, Words("A warm ")), Words("scarf."))
    assert f'A warm scarf.</p><p class="waiting" dir="auto">{SAY("waiting.writing")}' in drawn(
        reply
    )
    reasons = {"c1": ("it is wool",)}
    done = Done(
        "s", "search", (limit,), found(SCARF, MUG), reasons, "A warm scarf.", "", notice="!"
    )
    above, words, items, below = parts(after(reply, done), "USD")
    assert "it is wool" in items
    assert "pending" not in items
    assert words == '<div class="words" lang="en"><p dir="auto">A warm scarf.</p></div>'
    assert below == '<p class="notice" dir="auto">!</p>'


def test_only_a_search_says_that_it_searches():
    assert after(Reply(), Understood("about", (), "")).waiting == SAY("waiting.writing")


def test_a_first_reading_says_that_the_message_is_read_more_closely():
    glanced = after(Reply(waiting=SAY("waiting.searching")), Found(found(MUG), settled=False))
    assert glanced.waiting == SAY("waiting.rereading")
    assert "Enamel mug" in drawn(glanced)
    assert "Enamel mug" not in drawn(after(glanced, Understood("out of scope", (), "")))
    again = after(after(glanced, Understood("search", (), "scarf")), Found(found(SCARF)))
    assert "Enamel mug" not in drawn(again)
    assert again.waiting == SAY("waiting.comparing")


def test_a_draft_stands_until_the_turn_is_over():
    reply = after(after(Reply(), Found(found(MUG, SCARF))), Draft("Here are two."))
    assert reply.waiting == SAY("waiting.comparing")
    assert "Here are two." in drawn(reply)
    reply = after(reply, Ordered(found(SCARF, MUG)))
    assert drawn(reply).count('class="card moved"') == 2
    reply = after(reply, Words("Here is "))
    assert reply.answer == "Here are two."  # no sentence is taken away before the next one is whole
    done = Done("s", "search", (), found(SCARF, MUG), {}, "Here is a scarf.", "")
    reply = after(reply, done)
    assert "Here is a scarf." in drawn(reply)
    assert "Here are two." not in drawn(reply)


def test_a_draft_of_a_first_reading_goes_with_its_items():
    reply = after(after(Reply(), Found(found(MUG), settled=False)), Draft("Here is a mug."))
    reply = after(after(reply, Understood("advice", (), "")), Words("Wool "))
    assert reply.answer == "Wool "


def test_what_comes_close_is_shown_without_a_number():
    done = Done("s", "search", (), (), {}, "Nothing fits.", "", near=(MUG,))
    items = parts(after(Reply(), done), "USD")[2]
    assert "Close to it" in items
    assert "Enamel mug" in items
    assert "card-number" not in items


def test_a_notice_is_said_once_in_a_row():
    kept = Reply(answer="a", notice="The catalogue is old.")
    one = Exchange("a mug", reply=kept)
    other = Exchange("a scarf", reply=Reply(answer="b", notice="It failed."))
    shown = PageConversation("s", exchanges=(one, one, other, one)).messages()
    told = [str(message["content"]).count('class="notice"') for message in shown[1::2]]
    assert told == [1, 0, 1, 1]


def test_cards_do_not_change_while_words_stream():
    reply = after(Reply(waiting=SAY("waiting.searching")), Found(found(MUG)))
    before = parts(reply, "USD")[2]
    assert parts(after(reply, Words("It is")), "USD")[2] == before


def test_words_that_limit_nothing_are_shown_as_such_and_kept(shop_agent):
    done = last(shop_agent, "a scarf for <b>skiing</b> under 70 dollars")
    assert "skiing" in done.unread
    assert "scarf" not in done.unread
    reply = after(Reply(), done)
    above = parts(reply, "USD")[0]
    assert '<li class="chip unread"' in above
    assert "<b>skiing" not in above
    kept = exchange_json(Exchange("a scarf", (), Request("a scarf"), reply))
    assert read_exchange(kept, shop_agent.catalogue.items, "ann").reply.unread == done.unread
    assert last(shop_agent, "scarves").unread == ()
