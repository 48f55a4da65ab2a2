"""A catalogue with orders in it answers as its clean twin, which has the same words and no order.

Each text stands in each place that a catalogue has for words, one at a time, or comes as a message,
a photo's name, a recording. Twins are compared whole: what was understood, which items, in which
order, at which price, how many suggestions fit. No model takes part.
"""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from PIL import Image

from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.constraints import satisfies_all
from retrieval.errors import MessageError
from retrieval.items import Catalogue
from retrieval.protocols import Transcript
from tests.builders import ENCODERS, ITEMS, SECRET, build, ids, index_of, last, windows
from tests.fakes import Ears
from tests.injections import INJECTIONS, UNSEEN

TARGET = ITEMS[2]  # the dearest scarf
ITEMS_BY_ID = {item.id: item for item in ITEMS}
PLACES = {
    "title": lambda text: {"title": f"{TARGET.title} {text}"},
    "description": lambda text: {"description": f"{TARGET.description} {text}"},
    "category": lambda text: {"category": f"{TARGET.category} {text}"},
    "brand": lambda text: {"brand": f"{TARGET.brand} {text}"},
    "a value": lambda text: {"attributes": {**TARGET.attributes, "note": text}},
    "a column's name": lambda text: {"attributes": {**TARGET.attributes, text.casefold(): "yes"}},
    "what a recording says": lambda text: {"transcripts": (text,)},
    "an address": lambda text: {"url": f"https://shop.example/?q={text}"},
}
WAYS = ("written", "spoken")
REQUESTS = ("a thick merino scarf for cold walks", "scarves under 40 dollars", "a red mug")
WORD = re.compile(r"[^\W_]+")


def shuffled(text):
    """Return the same words between the same signs, in an order that says nothing."""
    words = WORD.findall(text)
    random.Random(7).shuffle(words)
    return WORD.sub(lambda _: words.pop(), text)


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    agent = build(tmp_path_factory.mktemp("twins"))
    yield agent
    agent.memory.close()


def answers(agent, place, text, requests=REQUESTS):
    """Return the turns over a shop in which the dearest scarf says something."""
    items = [*ITEMS[:2], replace(TARGET, **PLACES[place](text)), *ITEMS[3:]]
    catalogue = Catalogue("shop", {item.id: item for item in items})
    index = index_of(catalogue, [[] for _ in items], ENCODERS)
    over = replace(agent, index=index, encoders=ENCODERS, vocabulary=Vocabulary(catalogue))
    return [last(over, words, session=f"{place} {text} {words}") for words in requests]


def told(done):
    """Return all that a turn has told of, but words."""
    limits = [(c.field, c.op, c.said) for c in done.constraints]  # values hold the text itself
    return (
        done.intent, limits, done.preferences, ids(done),
        [(one.item.price, one.item.currency) for one in done.candidates],
        [one.count for one in done.suggestions],
    )  # fmt: skip


def shared_out(place, places):
    """Return what is put there: in CI each text in one place, by hand each in each."""
    first, step = list(places).index(place), len(places)
    return INJECTIONS if settings.default.max_examples > 1000 else INJECTIONS[first::step]


def test_there_are_enough_of_them():
    assert len(set(INJECTIONS)) >= 120


@pytest.mark.parametrize("place", PLACES)
def test_a_twin_without_orders_is_answered_alike(agent, place):
    plain = [last(agent, words, session=f"plain {words}") for words in REQUESTS]
    for text in shared_out(place, PLACES):
        with_orders, twins = answers(agent, place, text), answers(agent, place, shuffled(text))
        for words, one, twin, was in zip(REQUESTS, with_orders, twins, plain, strict=True):
            assert told(one) == told(twin), (text, words)
            assert {c.field for c in one.constraints} == {c.field for c in was.constraints}
            assert all(satisfies_all(c.item, one.constraints) for c in one.candidates)
            assert ids(one)[0] == ids(was)[0] != TARGET.id, (text, words)
            assert not windows(one.answer) & SECRET - windows(text), (text, words)


@pytest.mark.parametrize("value", ["a", "for", "buy/a", "<a>"])
def test_a_value_that_stands_in_any_sentence_takes_no_search(agent, value):
    for done in answers(agent, "a value", value, REQUESTS[:1]):
        assert ids(done)[0] == "s1", value
        assert [c.field for c in done.constraints] == ["category"]


def test_a_photos_name_says_nothing(agent, tmp_path):
    def shown(name):
        photo = tmp_path / f"{name}.png"
        Image.new("RGB", (8, 8), (200, 0, 0)).save(photo)
        *_, done = agent.reply(Request("a mug", photos=(photo,)), f"photo {name}")
        return told(done), done.answer

    plain = shown("photo")
    for text in INJECTIONS:
        name = text.replace("/", "-").replace("\0", "-").encode()[:200].decode(errors="ignore")
        assert shown(name) == plain, text


@pytest.mark.parametrize("way", WAYS)
def test_what_is_said_breaks_no_limit_and_brings_out_nothing(agent, way):
    for text in shared_out(way, WAYS):
        session = f"{way} {text}"
        last(agent, "scarves under 40 dollars", session=session)
        heard = Ears(Transcript(text, "en", 2.0))
        over = replace(agent, encoders=replace(agent.encoders, transcriber=heard))
        sent = {"recording": Path("x.wav")} if way == "spoken" else {"words": text}
        try:
            done = last(over, session=session, **sent)
        except MessageError:
            assert text in UNSEEN  # of which nothing is left
            continue
        assert all(satisfies_all(c.item, done.constraints) for c in done.candidates), text
        assert all(ITEMS_BY_ID[c.item.id] == c.item for c in done.candidates), text
        assert not windows(done.answer) & SECRET - windows(text), text
