"""Every suggestion, sent as the user's own message, leads to as many items as it says.

More of them, by hand: `SUGGESTION_ROUNDS=40 pytest --log-cli-level=INFO tests/assistant/test_next_steps.py`.
"""

import logging
import os
import random
from dataclasses import replace

import pytest

from assistant.understanding.catalogue_values import Vocabulary
from retrieval.catalogue.profile import infer_profile
from retrieval.filter import satisfying
from tests.builders import DEMO, build, ids, last, shop_of

ROUNDS = int(os.environ.get("SUGGESTION_ROUNDS", "3"))
REQUESTS = {
    "en": ("a mug", "something red", "under 40", "blue, please", "gloves under 60"),
    "de": ("eine Tasse", "etwas Rotes", "unter 40", "Handschuhe unter 60"),
    "es": ("una taza", "algo rojo", "menos de 40"),
    "fr": ("une tasse", "quelque chose de rouge", "moins de 40"),
    "zh": ("杯子", "红色的", "40以下"),
}


def opened(tmp_path, catalogue):
    """Return an agent over a catalogue whose columns are known."""
    agent = build(tmp_path, items=tuple(catalogue.items.values()))
    known = replace(agent.index.catalogue, profile=infer_profile(catalogue))
    index = replace(agent.index, catalogue=known)
    return replace(agent, index=index, vocabulary=Vocabulary(known), shown=6)


def follow(agent, first, dice, steps=3):
    """Yield each suggestion that is taken, and how the turn that it begins ends."""
    session = f"{first} {dice.random()}"
    done = last(agent, first, session=session)
    for _ in range(steps):
        if not done.suggestions:
            return
        taken = dice.choice(done.suggestions)
        done = last(agent, taken.message, session=session)
        yield taken, done


@pytest.mark.parametrize("language", REQUESTS)
def test_a_suggestion_leads_to_what_it_says(tmp_path, language):
    agent, dice, taken = opened(tmp_path, DEMO), random.Random(language), 0
    for first in REQUESTS[language] * ROUNDS:
        for suggestion, done in follow(agent, first, dice):
            taken += 1
            if suggestion.count:
                assert len(satisfying(agent.catalogue, done.constraints)) == suggestion.count
                assert done.candidates, suggestion
            else:
                assert done.intent == "compare"
    assert taken >= 3
    logging.info("%s: %d suggestions taken", language, taken)


@pytest.mark.parametrize("name", ["garden_tools.csv", "music_shop.tsv"])
def test_suggestions_lead_somewhere_in_shops_of_other_trades(tmp_path, name):
    catalogue = shop_of(name)
    agent, dice = opened(tmp_path, catalogue), random.Random(name)
    kinds = sorted({item.category for item in catalogue.items.values() if item.category})
    taken = 0
    for kind in kinds * max(1, ROUNDS // 3):
        for suggestion, done in follow(agent, kind, dice):
            taken += 1
            found = len(satisfying(agent.catalogue, done.constraints))
            assert (found == suggestion.count and done.candidates) or done.intent == "compare"
    assert taken >= len(kinds)
    logging.info("%s: %d suggestions taken", name, taken)


def test_where_nothing_fits_the_limit_in_the_way_can_be_given_up(tmp_path):
    agent = opened(tmp_path, DEMO)
    done = last(agent, "a mug under 2 dollars")
    assert not done.candidates
    (offered,) = done.suggestions
    assert offered.message == "ignore the price"
    assert len(ids(last(agent, offered.message))) == min(6, offered.count)


def test_a_question_is_asked_only_where_more_fit_than_are_shown(tmp_path):
    agent = opened(tmp_path, DEMO)
    assert last(agent, "a scarf under 40").answer.splitlines()[-1].endswith("?")
    few = last(agent, "a scarf under 20", session="few")
    assert 0 < len(few.candidates) < 6
    assert "?" not in few.answer
