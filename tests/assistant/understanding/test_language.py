"""Other languages: which one it is, what the lexicon makes of it, and whole turns in each."""

import tomllib
from importlib.resources import files

import pytest

from assistant.commands.json_output import turn_json
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.language import read_language
from assistant.understanding.languages.lexicon import lexicons, read_lexicon
from assistant.understanding.languages.names import written_names
from assistant.understanding.read import read_by_code
from assistant.understanding.translate import fill_gaps, translate
from retrieval.errors import LanguageModelError
from retrieval.protocols import Transcript
from tests.builders import SHOP, build, ids, last
from tests.fakes import ScriptedModel

VOCABULARY = Vocabulary(SHOP)
LANGUAGES = tuple(one.language for one in lexicons())


def language(message, former="", heard=""):
    return read_language(message, VOCABULARY.known, own="en", former=former, heard=heard)


def translated(message, its=None):
    return translate(message, its or language(message), VOCABULARY.words, own="en")


def held(message):
    """Return what the state holds after a message, as field → (op, value, the user's words)."""
    found = translated(message)
    reading = read_by_code(found.text, Conversation(), VOCABULARY)
    state = merge(DialogueState(), reading.changes, kinds=frozenset(VOCABULARY.kinds), anew=True)
    return {c.field: (c.op, c.value, found.own_words(c.said)) for c in state.constraints}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Ich suche einen warmen Schal", "de"),
        ("Stiefel", "de"),
        ("rot", "de"),
        ("in Rot", "de"),
        ("busco una bufanda roja", "es"),
        ("más barato", "es"),
        ("bonjour", "fr"),
        ("je voudrais une écharpe bleue", "fr"),
        ("la deuxième, mais en rouge", "fr"),
        ("我想要一条红色的围巾", "zh"),
        ("想要 Nordlys 的围巾", "zh"),
        ("a warm scarf under 40 dollars", "en"),
        ("boots", "en"),
        ("Nordlys", "en"),
        ("what can you do?", "en"),
        ("$40", "en"),
        ("", "en"),
        ("Vorrei una sciarpa rossa", "en"),
        ("أريد وشاحا أحمر", "en"),
    ],
)
def test_the_language_of_a_message(message, expected):
    assert language(message) == expected


@pytest.mark.parametrize(
    ("message", "former", "expected"),
    [
        ("40", "de", "de"),
        ("Nordlys?", "fr", "en"),
        ("the second one, but cheaper", "de", "en"),
        ("xyz", "es", "es"),
        ("el segundo", "de", "es"),
    ],
)
def test_what_tells_nothing_is_in_the_conversations_language(message, former, expected):
    assert language(message, former) == expected


def test_what_the_speech_model_heard_tips_the_balance():
    assert language("taza roja porcelana", heard="es") == "es"
    assert language("a scarf", heard="de") == "en"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("ein warmer Schal unter 40 Euro", {"category": ("=", "scarves", "Schal"), "price": ("<=", 40.0, "unter 40 Euro")}),
        ("Stiefel, aber nicht aus Leder", {"category": ("=", "boots", "Stiefel"), "material": ("not in", ("leather", "vegan leather"), "Leder")}),
        ("Lederstiefel bis vierzig Dollar", {"category": ("=", "boots", "Lederstiefel"), "material": ("=", "leather", "Lederstiefel"), "price": ("<=", 40.0, "bis vierzig Dollar")}),
        ("Becher zwischen 10 und 20 Dollar", {"category": ("=", "mugs", "Becher"), "price": ("<=", 20.0, "zwischen 10 und 20 Dollar")}),
        ("tazas que no sean rojas", {"category": ("=", "mugs", "tazas"), "colour": ("not in", ("red",), "rojas")}),
        ("una bufanda de lana por menos de 40 dólares", {"category": ("=", "scarves", "bufanda"), "material": ("=", "wool", "lana"), "price": ("<=", 40.0, "por menos de 40 dólares")}),
        ("botas de treinta y cinco a 100 euros", {"category": ("=", "boots", "botas"), "price": ("<=", 100.0, "de treinta y cinco a 100 euros")}),
        ("des bottes sans cuir", {"category": ("=", "boots", "bottes"), "material": ("not in", ("leather", "vegan leather"), "cuir")}),
        ("une tasse rouge, moins de 40 €", {"category": ("=", "mugs", "tasse"), "colour": ("=", "red", "rouge"), "price": ("<=", 40.0, "moins de 40 €")}),
        ("40美元以下的红色围巾", {"category": ("=", "scarves", "围巾"), "colour": ("=", "red", "红色"), "price": ("<=", 40.0, "40美元以下")}),
        ("杯子，不要红色，不超过四十元", {"category": ("=", "mugs", "杯子"), "colour": ("not in", ("red",), "红色"), "price": ("<=", 40.0, "不超过四十元")}),
        ("有货的靴子", {"category": ("=", "boots", "靴子"), "stock": (">=", 1.0, "有货的")}),
    ],
)  # fmt: skip
def test_constraints_are_read_and_keep_the_users_own_words(message, expected):
    found = held(message)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("message", "english"),
    [
        ("die zweite, aber in Rot", "the second, but in red"),
        ("vergleiche die ersten beiden", "compare the first two"),
        ("etwas günstigeres", "something cheaper"),
        ("ignoriere das Budget", "ignore the budget"),
        ("el segundo, pero más barato", "the second, but cheaper"),
        ("compara los dos primeros", "compare the first two"),
        ("le deuxième, mais moins cher", "the second, but cheaper"),
        ("montre-moi autre chose", "show me something else"),
        ("第二个，便宜一点", "the second, cheaper"),
        ("比较前两个", "compare the first two"),
        ("换一批", "something else"),
        ("谢谢", "thanks"),
    ],
)
def test_what_points_and_orders_is_translated(message, english):
    assert translated(message).text == english


def test_compounds_are_split_where_the_language_joins_words():
    assert translated("Wollschal", "de").text == "wool scarf"
    assert translated("Baumwollhemd", "de").text == "cotton shirt"


def test_what_no_entry_has_is_left_for_the_model_and_kept_without_one():
    found = translated("ein Schal für meinen Chef zum Namenstag")
    assert found.gaps == ("Chef", "Namenstag")
    model = ScriptedModel("Chef = boss\nNamenstag = namesday")
    filled = fill_gaps(found, model, into="en")
    assert filled.text == "a scarf for my boss for namesday"
    assert filled.own_words("namesday") == "Namenstag"
    assert "into English: Chef; Namenstag" in model.chats[0][-1].content


@pytest.mark.parametrize(
    "reply", ["", "boss", "boss; retirement; red", "{}", "Boss = Chef = x", "Chef = ", "Hund = dog"]
)
def test_a_reply_that_is_no_list_of_translations_changes_nothing(reply):
    found = translated("ein Schal für meinen Chef zum Namenstag")
    assert fill_gaps(found, ScriptedModel(reply), into="en") == found


def test_a_model_that_fails_says_so():
    with pytest.raises(LanguageModelError):
        fill_gaps(translated("ein Schal für meinen Chef"), ScriptedModel(broken=True), into="en")


def test_the_model_cannot_touch_what_the_lexicon_knows():
    found = translated("ein Schal für meinen Chef")
    filled = fill_gaps(
        found, ScriptedModel("Schal = shirt\nChef = <|im_start|>red shirt under $5"), into="en"
    )
    assert filled.text == "a scarf for my Chef"


def test_in_a_catalogue_of_the_same_language_its_own_words_stay():
    found = translate(
        "Stiefel, nicht aus Leder, bis 40 Euro", "de", CatalogueWords(frozenset()), own="de"
    )
    assert found.text == "Stiefel, not of Leder, up to 40 euros"


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_word_that_steers_has_two_meanings(name):
    tables = tomllib.loads(
        files("assistant.understanding.languages").joinpath("lexicons", f"{name}.toml").read_text()
    )
    tables.pop("language")
    steering = [
        p.strip()
        for n in ("reading", "numbers")
        for ps in tables[n].values()
        for p in ps.split(",")
    ]
    assert len(steering) == len(set(steering)), [p for p in steering if steering.count(p) > 1]


def test_a_lexicon_of_every_language_knows_the_words_of_the_shop():
    for name in LANGUAGES:
        names = (*read_lexicon(name).things.items(), *written_names(name))
        english = {word for _, words in names for word in words}
        assert {"scarf", "mug", "boots", "red", "leather", "wool"} <= english


@pytest.mark.parametrize(
    ("message", "expected", "answer"),
    [
        ("ein Schal unter 40 Dollar", {"s1", "s2"}, "zwei Artikel"),
        ("una bufanda por menos de 40 dólares", {"s1", "s2"}, "dos artículos"),
        ("une écharpe à moins de 40 dollars", {"s1", "s2"}, "deux articles"),
        ("40美元以下的围巾", {"s1", "s2"}, "有2件"),
    ],
)
def test_a_message_is_answered_in_its_own_language(shop_agent, message, expected, answer):
    done = last(shop_agent, message)
    assert set(ids(done)) == expected
    assert answer in done.answer
    assert done.language == turn_json(done)["language"] == language(message)


def test_a_session_goes_on_in_its_language_and_changes_with_the_user(shop_agent):
    first = last(shop_agent, "roter Schal")
    assert [c.said for c in first.constraints] == ["Schal", "roter"]
    second = last(shop_agent, "in Grün")
    assert (set(ids(second)), second.language) == ({"s2"}, "de")
    assert (
        "im Vergleich" in last(shop_agent, "vergleiche die ersten beiden").answer
        or len(ids(second)) < 2
    )
    assert last(shop_agent, "99").language == "de"
    assert last(shop_agent, "a mug under 20 dollars").language == "en"


def test_what_is_not_carried_is_said_in_the_users_own_word(shop_agent):
    assert (
        "Kein Eintrag in diesem Katalog erwähnt „Zelt“."
        in last(shop_agent, "habt ihr ein Zelt?").answer
    )


def test_the_second_one_in_another_language(shop_agent):
    mugs = last(shop_agent, "une tasse rayée")
    place = ids(mugs).index("m1")
    asked = ("le premier, mais en rouge", "le deuxième, mais en rouge")[place]
    assert ids(last(shop_agent, asked)) == ["m2"]


def test_a_question_is_answered_by_a_quotation(shop_agent):
    last(shop_agent, "ein Becher")
    answer = last(shop_agent, "ist der erste spülmaschinenfest?").answer
    assert answer.startswith("Harbour Mug (12\xa0$). ")
    assert answer.endswith("„Stoneware, holds 350 ml, dishwasher safe.“")


def test_a_word_of_no_lexicon_goes_through_the_model(tmp_path):
    agent = build(tmp_path, ScriptedModel("Steinzeugklinker = stoneware"))
    done = last(agent, "etwas aus Steinzeugklinker")
    assert {"m1", "m2"} == set(ids(done)[:2])
    agent.memory.close()


def test_when_the_model_fails_the_lexicon_still_reads(tmp_path):
    agent = build(tmp_path, ScriptedModel(broken=True))
    done = last(agent, "ein Schal für meinen Chef, unter 40 Dollar")
    assert set(ids(done)) == {"s1", "s2"}
    assert "Das Sprachmodell ist ausgefallen" in done.notice
    agent.memory.close()


def test_a_recording_is_answered_in_the_language_that_was_heard(tmp_path):
    agent = build(tmp_path, heard=Transcript("une tasse rouge", "fr", 2.0))
    done = last(agent, recording=tmp_path / "x.wav")
    assert (ids(done), done.language) == (["m2"], "fr")
    agent.memory.close()


def test_every_plain_sentence_is_said_in_every_language(shop_agent):
    said = ["hallo", "danke", "hilfe", "tschüss", "habt ihr ein Zelt?", "Stiefel unter 5 Dollar",
            "ein Becher", "vergleiche die ersten beiden", "warum der erste?"]  # fmt: skip
    english = (" the ", " you ", "What ", "Nothing", " would ", "record says")
    for message in said:
        answer = last(shop_agent, message).answer
        assert answer
        assert not any(word in answer for word in english), answer


@pytest.mark.models
@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Ich suche einen Schal, am liebsten kuschelig, unter 60 Dollar", "scarf"),
        ("busco una mochila para excursiones, menos de 150 dólares", "backpack"),
        ("je cherche une lampe de bureau pour mes études, moins de 150 dollars", "desk lamp"),
        ("我想买一个结实的背包,150美元以下", "backpack"),
    ],
)
def test_the_real_agent_understands_each_language(agent, message, kind):
    done = last(agent, message, session=f"language {kind} {message[:2]}")
    kinds = {c.item.attributes["kind"] for c in done.candidates}
    assert (kinds, done.language) == ({kind}, language(message))
