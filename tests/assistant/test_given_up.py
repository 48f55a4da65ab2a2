"""Limits that a person takes back by hand, beside a chip, and not in words."""

from assistant.page.kept_exchanges import exchange_json, read_exchange
from assistant.page.reply import Reply, parts
from assistant.page.session import sent, without
from assistant.turn.request import Request
from retrieval.items import Constraint
from tests.builders import ids, last


def limits(done):
    return [(one.field, one.op) for one in done.constraints]


def given_up(agent, done, place):
    reply = Reply(constraints=done.constraints, language=done.language)
    one = without(reply, place, agent.catalogue.currency)
    *_, after = agent.reply(one.request, done.session)
    return one, after


def test_what_is_given_up_alone_no_longer_limits(shop_agent):
    done = last(shop_agent, "a red scarf under 70 dollars")
    assert ("price", "<=") in limits(done)
    one, after = given_up(shop_agent, done, limits(done).index(("price", "<=")))
    assert one.words == "Without “under $70”"
    assert limits(after) == [each for each in limits(done) if each[0] != "price"]
    assert after.intent == "refine"
    assert set(ids(after)) >= set(ids(done))


def test_it_can_be_undone_and_keeps_the_language(shop_agent):
    done = last(shop_agent, "ein Schal unter 40 Dollar")
    one, after = given_up(shop_agent, done, limits(done).index(("price", "<=")))
    assert one.words.startswith("Ohne „")
    assert after.language == "de"
    assert ("price", "<=") not in limits(after)
    assert ("price", "<=") in limits(last(shop_agent, "undo"))


def test_what_sets_it_leaves_the_search_as_well(shop_agent):
    done = last(shop_agent, "a red mug")
    assert ids(done) == ["m2"]
    _, after = given_up(shop_agent, done, [name for name, _ in limits(done)].index("colour"))
    assert set(ids(after)) == {"m1", "m2"}


def test_only_the_chips_of_the_last_reply_can_be_removed():
    reply = Reply(constraints=(Constraint("price", "<=", 20.0, "<b>20</b>"),))
    assert "<button" not in parts(reply, "USD")[0]
    drawn = parts(reply, "USD", last=True)[0]
    assert 'value="without:0"' in drawn
    assert "<b>20</b>" not in drawn


def test_a_kept_exchange_still_says_what_was_given_up():
    limit = Constraint("colour", "in", ("red", "blue"), "red or blue")
    kept = exchange_json(sent(Request("Without “red or blue”", given_up=(limit,))))
    assert read_exchange(kept, {}, "ann").request.given_up == (limit,)
    assert read_exchange(exchange_json(sent(Request("a mug"))), {}, "ann").request.given_up == ()
