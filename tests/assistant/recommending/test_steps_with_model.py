"""Rerank, evidence, explanation and plain words, with a scripted model."""

import pytest

from assistant.answering import messages
from assistant.answering.explain import (
    NOT_SAID,
    answer_question,
    explain,
    plain_claim,
    plain_sentence,
    standing,
)
from assistant.answering.openings import opening
from assistant.model.prompt import load_prompt
from assistant.recommending.evidence import price_text, reasons
from assistant.recommending.rerank import rerank
from retrieval.errors import LanguageModelError, SettingsError
from retrieval.items import Candidate, Constraint
from tests.builders import ITEMS, SHOP
from tests.fakes import ScriptedModel

SCARF, LIGHT, ALPINE = ITEMS[:3]
BUDGET = (Constraint("price", "<=", 40.0, "under 40"),)


def candidates(*items, **contributions):
    return [Candidate(item, 1.0 - place / 10, contributions) for place, item in enumerate(items)]


def shown(claims):
    return [claim.sentence for claim in claims if claim.stands]


def test_rerank_follows_the_model_and_keeps_the_same_candidates():
    model = ScriptedModel()
    before = [Candidate(SCARF, 0.9), Candidate(LIGHT, 0.2), Candidate(ALPINE, 0.8)]
    after = rerank("brushed red cashmere", before, model)
    assert after[0].item == ALPINE
    assert sorted(c.item.id for c in after) == ["s1", "s2", "s3"]
    assert "Alpine Scarf" in model.chats[2][-1].content


def test_rerank_does_not_depend_on_the_order_of_equals():
    pair = [Candidate(SCARF, 0.5), Candidate(ALPINE, 0.5)]
    first = rerank("red", pair, ScriptedModel())
    assert [c.item for c in first] == [c.item for c in rerank("red", pair[::-1], ScriptedModel())]


def test_rerank_lets_the_failure_of_the_model_be_known():
    with pytest.raises(LanguageModelError):
        rerank("red", candidates(SCARF, LIGHT), ScriptedModel(broken=True))


def test_one_candidate_needs_no_model():
    assert rerank("red", candidates(SCARF), ScriptedModel(broken=True)) == candidates(SCARF)


def test_a_true_sentence_is_shown_with_name_and_price_from_the_record():
    model = ScriptedModel(" is a thick merino scarf for cold walks. It also")
    (said,) = shown(explain("a warm scarf", candidates(SCARF), {}, BUDGET, model))
    assert said == "The Fjord Ribbed Scarf ($32) is a thick merino scarf for cold walks."


def test_an_invented_sentence_is_replaced_by_reasons_that_are_true():
    model = ScriptedModel(" is woven from silk in Italy.")
    reasons = {"s1": ("material: wool",)}
    dropped, plainly = explain("a scarf", candidates(SCARF), reasons, BUDGET, model)
    assert dropped.unsupported == ("woven", "silk", "italy")
    said = plainly.sentence
    assert said == "Fjord Ribbed Scarf ($32): material: wool."


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("is a thick merino scarf, which makes it a lovely gift.", "is a thick merino scarf."),
        ("is thick, made for cold walks, and woven in Peru.", "is thick, made for cold walks."),
        ("is a thick scarf and the cheapest of all.", "is a thick scarf."),
    ],
)
def test_what_nothing_supports_is_cut_off_where_a_clause_ends(written, kept):
    assert standing(written, SCARF, ()).sentence == kept


@pytest.mark.parametrize(
    "written",
    ["is woven in Peru, and thick.", "is a thick, luxurious scarf.", "is a navy blue and lovely scarf.",
     "is a thick, merino, luxurious scarf.", "is a great choice.",
     "has material wool.", "is a kind scarf.", ""],
)  # fmt: skip
def test_what_says_nothing_or_reads_like_a_table_is_not_shown(written):
    assert not standing(written, SCARF, ()).stands


def test_a_claim_names_what_supports_each_word():
    model = ScriptedModel(" is a thick wool scarf under $40.")
    (claim,) = explain("a scarf", candidates(SCARF), {}, BUDGET, model)
    where = {one.claim: one.where for one in claim.support}
    assert where["Fjord Ribbed Scarf"] == "title"
    assert where["$32"] == "price"
    assert where["thick"] == "description"
    assert where["wool"] == "attribute material"
    assert where["under $40"] == "limit"


def test_a_plain_claim_names_what_its_reasons_came_from():
    reasons = ("the record says “Thick.”", "$32 is under your $40", "colour: navy blue")
    where = [one.where for one in plain_claim(SCARF, reasons).support]
    assert where == ["title", "price", "description", "price and limit", "attribute colour"]


def test_a_sentence_that_never_ends_is_not_shown():
    unended = ScriptedModel(" is a thick merino")
    (said,) = shown(explain("x", candidates(SCARF), {}, (), unended))
    assert said == "Fjord Ribbed Scarf ($32)."


def test_a_question_is_answered_from_the_record_or_not_at_all():
    model = ScriptedModel("It is dishwasher safe.", "It is microwave safe.")
    mug = SHOP.items["m1"]
    assert shown(answer_question("dishwasher?", (mug,), (), model)) == ["It is dishwasher safe."]
    assert shown(answer_question("microwave?", (mug,), (), model)) == [NOT_SAID]


def test_the_catalogues_text_reaches_the_model_as_delimited_data():
    model = ScriptedModel("x.")
    list(answer_question("is it good?", (SCARF,), (), model))
    system, user = model.chats[0]
    assert SCARF.description not in system.content
    assert f"<records>\n{SCARF.title}" in user.content


def test_reasons_come_from_constraints_photo_recording_and_words():
    note = Candidate(SHOP.items["n1"], 1.0, {"speech": 0.4, "text": 0.1})
    assert "its recording says “Every page is waterproof.”" in reasons(
        note, (), "a waterproof notebook"
    )
    seen = Candidate(SCARF, 1.0, {"picture": 9.0})
    assert reasons(seen, BUDGET, "", alike=4.0) == (
        "$32 is under your $40",
        "it looks like your photo",
    )
    assert reasons(seen, BUDGET, "", alike=2.25) == ("$32 is under your $40",)
    assert reasons(seen, (), "", alike=2.25) == (
        "its picture is among those nearest to your photo",
    )
    blue = (Constraint("colour", "in", ("navy blue", "blue"), "blue"),)
    assert "colour: navy blue" in reasons(seen, blue, "blue")


def test_what_is_excluded_is_no_reason():
    assert reasons(Candidate(SCARF, 1.0), (Constraint("colour", "!=", "red"),), "") == ()


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(32.0, "USD", "$32"), (12.5, "EUR", "€12.50"), (1299.0, "USD", "$1,299"), (9.0, "SEK", "9 SEK"), (None, "USD", "")],
)  # fmt: skip
def test_prices_are_rendered_from_the_record(amount, currency, text):
    assert price_text(amount, currency) == text


def test_plain_words_are_true_of_the_records():
    assert plain_sentence(SCARF, ()) == "Fjord Ribbed Scarf ($32)."
    said = messages.compare((SCARF, LIGHT))
    assert "Meadow Scarf costs $18.50, $13.50 less than Fjord Ribbed Scarf." in said
    assert "Material: wool against cotton." in said
    assert messages.compare((ITEMS[3], ITEMS[3])).endswith("do not differ.") is False
    low = Constraint("price", ">=", 50.0)
    assert "at least $50 and for at most $40" in messages.contradicts(low, *BUDGET, "USD")


def test_a_prompt_and_the_code_that_fills_it_are_held_together():
    with pytest.raises(SettingsError, match="rerank"):
        load_prompt("rerank", expects=frozenset({"request"}))


def wish(field, *values, said=""):
    return Constraint(field, "in", values, said)


KIND, COLOUR = wish("kind", "scarf"), wish("colour", "navy blue", "blue", said="Blue")
STOCK = Constraint("stock", ">=", 1.0)
FLOOR = Constraint("price", ">=", 20.0)


@pytest.mark.parametrize(
    ("count", "constraints", "said"),
    [
        (2, BUDGET, "Here are two items at most $40."),
        (1, BUDGET, "Here is one item at most $40."),
        (6, (KIND, *BUDGET), "Here are six scarves at most $40."),
        (1, (KIND,), "Here is one scarf."),
        (3, (KIND, COLOUR, STOCK), "Here are three scarves in blue, in stock."),
        (2, (KIND, Constraint("colour", "!=", "red")), "Here are two scarves, not in red."),
        (2, (wish("kind", "gloves"), FLOOR, *BUDGET), "Here are two gloves between $20 and $40."),
        (1, (wish("kind", "gloves"),), "Here is one choice of gloves."),
        (14, (wish("kind", "mug", "bowl"),), "Here are 14 mugs or bowls."),
        (2, (wish("category", "drinkware"),), "Here are two items from drinkware."),
        (2, (wish("category", "scarves, hats & gloves"),), "Here are two items."),
        (4, (wish("pattern", "striped"), KIND), "Here are four striped scarves."),
        (2, (wish("material", "wool"), wish("brand", "tern & tide")), "Here are two items made of wool, by Tern & Tide."),
        (2, (Constraint("material", "not in", ("wool",)), *BUDGET), "Here are two items at most $40, not made of wool."),
        (2, (Constraint("kind", "!=", "mug"),), "Here are two items, no mugs."),
        (2, (Constraint("id", "!=", "x"),), ""),
        (0, (KIND,), ""),
    ],
)  # fmt: skip
def test_an_opening_is_a_sentence_that_says_what_all_items_keep(count, constraints, said):
    assert opening(count, constraints, "USD") == said


def test_an_opening_that_is_to_be_translated_lists_the_limits():
    assert opening(2, BUDGET, "USD", listed=True) == "2 items fit: at most $40."
