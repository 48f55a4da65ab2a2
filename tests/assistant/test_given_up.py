"""Limits that a person takes back by hand, beside a chip, and not in words."""

from assistant.page.deeds import sent_by_chip, with_limit, without
from assistant.page.kept_exchanges import exchange_json, read_exchange
from assistant.page.reply import Reply, parts
from assistant.page.session import Exchange, PageConversation, sent
from assistant.turn.request import Request
from retrieval.items import Constraint
from tests.builders import ids, last


def limits(done):
    return [(one.field, one.op) for one in done.constraints]


def given_up(agent, done, place):
    reply = Reply(constraints=done.constraints, language=done.language)
    one = without(reply, done.constraints[place], agent.catalogue.currency)
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


def test_a_limit_is_set_anew_by_hand_and_undone(shop_agent):
    done = last(shop_agent, "ein Schal unter 40 Dollar")
    [price] = [one for one in done.constraints if one.field == "price"]
    one = with_limit(Reply(language=done.language), price, 25.0, "USD")
    assert one.words == "höchstens 25\xa0$"
    *_, after = shop_agent.reply(one.request, done.session)
    assert [c.value for c in after.constraints if c.field == "price"] == [25.0]
    assert limits(after)[:-1] == [each for each in limits(done) if each[0] != "price"]
    assert set(ids(after)) < set(ids(done))
    back = last(shop_agent, "undo")
    assert [c.value for c in back.constraints if c.field == "price"] == [40.0]


def test_a_chip_that_is_gone_or_a_number_that_is_none_sends_nothing():
    limit, colour = Constraint("price", "<=", 20.0), Constraint("colour", "=", "red")
    one = Exchange("x", request=Request("x"), reply=Reply(constraints=(limit, colour)))
    now = PageConversation("s", currency="USD", exchanges=(one,))
    assert sent_by_chip(now, ["limit", "0", "12.5"]).words == "at most $12.50"
    for act in ("limit:0:", "limit:0:-1", "limit:0:inf", "limit:1:3", "limit:2:3", "limit:x:3",
                "without:2", "limit", "x"):  # fmt: skip
        assert sent_by_chip(now, act.split(":")) is None


def test_only_the_chips_of_the_last_reply_can_be_removed():
    reply = Reply(constraints=(Constraint("price", "<=", 20.0, "<b>20</b>"),))
    assert "<button" not in parts(reply, "USD")[0]
    drawn = parts(reply, "USD", last=True)[0]
    assert 'value="without:0"' in drawn
    assert 'value="limit:0:20"' in drawn
    assert "<b>20</b>" not in drawn


def test_a_kept_exchange_still_says_what_was_given_up():
    limit = Constraint("colour", "in", ("red", "blue"), "red or blue")
    kept = exchange_json(sent(Request("Without “red or blue”", given_up=(limit,))))
    assert read_exchange(kept, {}, "ann").request.given_up == (limit,)
    assert read_exchange(exchange_json(sent(Request("a mug"))), {}, "ann").request.given_up == ()
