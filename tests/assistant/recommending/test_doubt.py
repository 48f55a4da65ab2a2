"""Of what is not understood no reason is given: a photo of what is not sold, an unknown script."""

from types import SimpleNamespace

import numpy as np
import pytest

from assistant.answering.lead_text import lead_text
from assistant.answering.render import render
from assistant.recommending.doubt import not_understood
from assistant.recommending.leads import NotCarried, NotUnderstood
from assistant.recommending.shortlist import Shortlist
from assistant.understanding.languages.language import is_unreadable
from retrieval.embed import QueryVectors
from retrieval.fusion.concatenation import describe, join
from retrieval.index.index import Index
from retrieval.items import Candidate, Catalogue, Constraint, Item, Query
from retrieval.photo_attributes import FAMILIAR, familiarity, read_photo_attributes
from retrieval.protocols import Entry
from tests.builders import DEMO_VALUES
from tests.fakes import MemoryStore

DIMENSIONS = {"text": 1, "picture": 16, "speech": 1, "sound": 1}
ITEMS = {f"i{n}": Item(f"i{n}", f"Thing {n}", category=f"kind {n % 3}") for n in range(60)}


def unit(vector):
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def near(centre, by, draw):
    return unit(centre + by * draw.normal(size=16))


@pytest.fixture(scope="module")
def shop():
    """Return an index of three kinds of pictures, and the middle of each kind."""
    draw = np.random.default_rng(3)
    centres = [unit(np.eye(16)[place]) for place in range(3)]
    vectors = {id_: join({"picture": near(centres[n % 3], 0.1, draw)}, DIMENSIONS)
               for n, id_ in enumerate(ITEMS)}  # fmt: skip
    store = MemoryStore()
    store.upsert([Entry(id_, vector, "{}") for id_, vector in vectors.items()])
    populations = describe([np.stack(list(vectors.values()))], DIMENSIONS)
    index = Index(Catalogue("shop", ITEMS), DIMENSIONS, populations, store, SimpleNamespace())
    return index, centres


def found(query, vectors=None):
    candidates = tuple(Candidate(item, 1.0, {}) for item in list(ITEMS.values())[:4])
    return Shortlist(candidates, query, vectors=vectors or QueryVectors())


def test_a_photo_of_what_the_catalogue_has_is_familiar(shop):
    index, centres = shop
    draw = np.random.default_rng(5)
    known = [familiarity(near(centres[n % 3], 0.1, draw), index) for n in range(60)]
    strange = [familiarity(near(np.eye(16)[8 + n % 8], 0.1, draw), index) for n in range(60)]
    assert np.mean(np.array(known) >= FAMILIAR) > 0.9
    assert max(strange) < FAMILIAR


def test_a_strange_photo_shows_nothing_and_gets_a_doubt(shop):
    index, _ = shop
    photo = unit(np.eye(16)[9])
    assert read_photo_attributes(photo, ("category",), index) == ()
    vectors = QueryVectors(photo=photo)
    doubt = not_understood(found(Query("", ("a.jpg",)), vectors), index, DEMO_VALUES)
    assert doubt == NotUnderstood("photo", ("Thing 0", "Thing 1", "Thing 2"))
    said = render(lead_text(doubt, "USD"), "en")
    assert said.startswith("I am not sure what this photo shows; closest in shape and colour: ")


def test_a_photo_of_what_is_sold_shows_it_without_a_doubt(shop):
    index, centres = shop
    (seen,) = read_photo_attributes(centres[1], ("category",), index)
    assert seen.value == "kind 1"
    vectors = QueryVectors(photo=centres[1])
    assert not_understood(found(Query("", ("a.jpg",)), vectors), index, DEMO_VALUES) is None


@pytest.mark.parametrize(
    "words", ["أريد حذاء أحمر", "хочу красную кружку", "빨간 머그잔", "θέλω μια κούπα"]
)
def test_words_in_a_script_that_nobody_reads_are_not_understood(words, shop):
    doubt = not_understood(found(Query(words)), shop[0], DEMO_VALUES)
    assert doubt is not None
    assert doubt.part == "words"


@pytest.mark.parametrize("words", ["a mug", "eine Tasse für Özgür", "我想要一个红色的杯子", "40 €", "кружка mug for my mother please"])  # fmt: skip
def test_words_that_can_be_read_are(words, shop):
    assert not_understood(found(Query(words)), shop[0], DEMO_VALUES) is None


def test_a_script_of_the_catalogue_s_own_is_read():
    assert is_unreadable("хочу кружку", frozenset({"mug"}))
    assert not is_unreadable("хочу кружку", frozenset({"mug", "кружка"}))


def test_what_is_limited_or_has_a_lead_is_left_alone(shop):
    words = "أريد حذاء"
    limited = Query(words, constraints=(Constraint("price", "<=", 40.0),))
    assert not_understood(found(limited), shop[0], DEMO_VALUES) is None
    led = Shortlist(found(Query(words)).candidates, Query(words), NotCarried("x", (), False))
    assert not_understood(led, shop[0], DEMO_VALUES) is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "zh"])
def test_the_doubt_is_said_in_every_language(language):
    for part in ("photo", "words"):
        said = render(lead_text(NotUnderstood(part, ("A Mug", "A Cup, red")), "USD"), language)
        assert "A Mug" in said
        assert "A Cup, red" in said
