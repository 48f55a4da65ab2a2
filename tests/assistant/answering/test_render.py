"""Every language says every message, with the same places, in its own plurals, lists and numbers."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel import Locale

import assistant
from assistant.answering.render import answer_languages, render
from assistant.answering.utterances import Few, FieldName, KindName, Series, utter
from assistant.recommending.facts import Money, UnitAmount
from assistant.understanding.languages.lexicon import lexicons

LANGUAGES = sorted(answer_languages())
OTHERS = [name for name in LANGUAGES if name != "en"]
PLACE = re.compile(r"\{(\w+)\}")
PIECES = ("join", "named", "numbers", "units")  # groups that hold no message
# Places that other languages fill beside those of English, and what they may leave out for them.
MORE = {
    **{f"{group}.first_{side}": {"field", "value"} for group in ("clause", "reason") for side in ("least", "most")},
    **{f"reason.price_{side}_met": {"limit"} for side in ("least", "most")},
}  # fmt: skip
FEWER = {"field", "word", "count"}  # "lightest" is English; "these" says it too
CLOSED = ("found", "lead", "whynot", "compare", "overview", "money", "wish", "memory", "aside", "notice", "record", "sentence")  # fmt: skip
OPEN_KEYS = {"lead.miss", "whynot.broken", "sentence.title", "sentence.priced"} | {
    f"compare.{name}" for name in ("price", "same_price", "field", "unrecorded")
} | {"overview.value"}  # parts of other messages  # fmt: skip
ENDS = re.compile(r"(?:[.!?:]|[。！？：]|[.!?。！？]?\s*[”“»]|\})$")
# Words that only English has, so that none may stand in another language.
ENGLISH = frozenset(
    """the of and you your that which with would there these this it its than here says who for
    what record item items them they their not from were have had more less under over put
    because shown number costs liked""".split()
)


@cache
def table(language):
    folder = files("assistant.answering").joinpath("languages")
    return tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))


def keys(*groups):
    """Return the keys of all messages, or of some groups."""
    return [f"{group}.{name}" for group, rows in table("en").items() for name in rows if group in (groups or set(table("en")) - set(PIECES))]  # fmt: skip


def wordings(language, key):
    """Return every wording of a message, its plural forms too."""
    group, _, name = key.partition(".")
    entry = table(language)[group][name]
    forms = entry.values() if isinstance(entry, dict) else [entry]
    return [one for form in forms for one in (form if isinstance(form, list) else [form])]


def places(language, key):
    return {name for text in wordings(language, key) for name in PLACE.findall(text)}


def said(part, language="en", turn=0):
    return render([utter("notice.verbatim", text=part)], language, turn)


@cache
def harmless(count=2):
    """Return what fills any place and is a word of no language."""
    filled = {name: f"Xq{name[0]}" for key in keys() for one in LANGUAGES for name in places(one, key)}  # fmt: skip
    return {**filled, "count": Few(count), "shown": Few(3), "rank": 7, "now": 3, "total": 1234}


# ---- the files ----------------------------------------------------------------------------------


def test_every_language_that_is_read_is_answered_in():
    assert set(LANGUAGES) == {one.language for one in lexicons()} | {"en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_groups_and_keys_in_the_same_order(language):
    assert {group: list(rows) for group, rows in table(language).items()} == {
        group: list(rows) for group, rows in table("en").items()
    }


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_gains_a_place_or_loses_what_it_says(language):
    for key in keys():
        own, english = places(language, key), places("en", key)
        assert own - english <= MORE.get(key, set()), key
        assert english - own <= FEWER, key
        assert len({frozenset(PLACE.findall(one)) for one in wordings(language, key)}) <= 2, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_a_text_or_several_or_has_the_plural_forms_of_the_language(language):
    locale = Locale.parse(language)
    forms = {str(locale.plural_form(n)) for n in (0, 1, 2, 3, 5, 11, 100)} | {"other"}
    for group, rows in table(language).items():
        for name, entry in rows.items():
            if isinstance(entry, dict):
                assert set(entry) <= forms, (group, name)
                assert "other" in entry, (group, name)
            elif group not in PIECES:
                assert isinstance(entry, str | list), (group, name)
                assert isinstance(entry, str) or len(set(entry)) == len(entry) > 1, (group, name)
    assert len(table(language)["numbers"]["few"]) == 13


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_tidy_and_a_sentence_ends(language):
    for key in keys():
        for text in wordings(language, key):
            assert text == text.strip(), key
            assert not re.search(r"[ \u00a0\u202f]{2}|[.,;]{2}|\s[.,](?!\d)", text), (key, text)
            for pair in ("()", "（）", "“”" if language in ("en", "zh") else "„“", "«»"):
                assert text.count(pair[0]) == text.count(pair[1]), (key, text)
            if key.split(".")[0] in CLOSED and key not in OPEN_KEYS:
                assert ENDS.search(text), (key, text)


def test_every_message_is_used_and_every_message_that_is_used_is_there():
    folder = Path(assistant.__file__).parent
    paths = [*folder.glob("answering/*.py"), *folder.glob("turn/*.py")]
    paths += [folder / "page/deeds.py", folder / "page/session.py"]
    sources = "\n".join(path.read_text("utf-8") for path in paths)
    begun = re.findall(rf'"({"|".join(set(table("en")) - set(PIECES))})\.((?:\{{.*?\}}|\w)+)"', sources)  # fmt: skip
    patterns = {rf"{group}\.{re.sub(r'{.*?}', r'[a-z_ ]*', name)}(_\w+)?" for group, name in begun}
    for pattern in patterns:
        assert any(re.fullmatch(pattern, key) for key in keys()), pattern
    unused = [key for key in keys() if not any(re.fullmatch(one, key) for one in patterns)]
    assert unused == []


# ---- what is rendered ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("count", [1, 2, 13])
def test_no_english_word_stands_in_another_language(language, count):
    for key in keys():
        for turn in range(3):
            text = render([utter(key, **harmless(count))], language, turn)
            assert text
            assert "{" not in text, key
            outside = re.sub(r"Xq\w", "", text).casefold()
            assert not ENGLISH & set(re.findall(r"[^\W\d_]+", outside)), (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_wording_does_not_come_twice_in_a_row(language):
    for key in keys():
        several = [render([utter(key, **harmless())], language, turn) for turn in range(4)]
        if any(isinstance(one, list) for one in _entries(language, key)):
            assert all(one != other for one, other in zip(several, several[1:], strict=False)), key
        else:
            assert len(set(several)) == 1, key


def _entries(language, key):
    group, _, name = key.partition(".")
    entry = table(language)[group][name]
    return [entry] if not isinstance(entry, dict) else [entry["other"]]


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [
        ("en", 0, "0 items fit."), ("en", 1, "1 item fits."), ("en", 1300, "1,300 items fit."),
        ("de", 1, "1 Artikel passt."), ("de", 2, "2 Artikel passen."),
        ("fr", 0, "0 article convient."), ("fr", 1300, "1\u202f300 articles conviennent."),
        ("es", 1, "Encaja 1 artículo."), ("es", 2, "Encajan 2 artículos."),
        ("zh", 1, "有1件商品符合。"),
    ],
)  # fmt: skip
def test_the_count_chooses_the_plural_form_of_the_language(language, count, text):
    assert render([utter("overview.count", count=count)], language) == text


@pytest.mark.parametrize(
    ("join", "texts"),
    [
        ("and", {"en": "a, b, and c", "de": "a, b und c", "fr": "a, b et c", "es": "a, b y c", "zh": "a、b和c"}),
        ("or", {"en": "a, b, or c", "de": "a, b oder c", "fr": "a, b ou c", "es": "a, b o c", "zh": "a、b或c"}),
        ("list", {"en": "a, b, c", "zh": "a，b，c"}),
        ("apart", {"en": "a; b; c", "fr": "a\u202f; b\u202f; c", "zh": "a；b；c"}),
        ("quoted", {"en": "a”, “b”, “c", "de": "a“, „b“, „c", "es": "a», «b», «c"}),
        ("clauses", {"en": "a, b and c", "de": "a, b und c", "fr": "a, b et c", "zh": "a，b，c"}),
    ],
)  # fmt: skip
def test_a_series_is_joined_as_the_language_joins(join, texts):
    for language, text in texts.items():
        assert said(Series(("a", "b", "", "c"), join), language) == text
        assert said(Series(("a",), join), language) == "a"
        assert said(Series((), join), language) == ""


@pytest.mark.parametrize(
    ("part", "texts"),
    [
        (Money(32.0, "USD"), {"en": "$32", "de": "32\xa0$", "fr": "32\xa0$", "es": "32\xa0$", "zh": "$32"}),
        (Money(1299.5, "EUR"), {"en": "€1,299.50", "de": "1.299,50\xa0€", "fr": "1\u202f299,50\xa0€", "zh": "€1,299.50"}),
        (Money(9.0, "SEK"), {"en": "9 SEK", "de": "9\xa0SEK", "zh": "SEK9"}),
        (Money(7.0, ""), {"en": "7", "de": "7", "zh": "7"}),
        (UnitAmount(1.2, "kg"), {"en": "1.2 kg", "de": "1,2 kg", "zh": "1.2 kg"}),
        (UnitAmount(1.0, "page"), {"en": "1 page", "de": "1 Seite", "es": "1 página", "zh": "1 页"}),
        (UnitAmount(320.0, "page"), {"en": "320 pages", "de": "320 Seiten", "fr": "320 pages"}),
        (UnitAmount(40.0, "%"), {"en": "40%", "de": "40\xa0%", "fr": "40\u202f%"}),
        (UnitAmount(0.25, "m"), {"en": "0.25 m", "de": "0,25 m"}),
        (1234, {"en": "1,234", "de": "1.234", "fr": "1\u202f234"}),
        (("wool", "silk"), {"en": "wool, silk", "zh": "wool，silk"}),
        (KindName("mug"), {"en": "mugs", "de": "mug"}),
        (KindName("Mugs & cups"), {"en": "Mugs & cups"}),
        (KindName("scarf"), {"en": "scarves"}),
        (FieldName("colour"), {"en": "colour", "de": "Farbe", "fr": "couleur", "zh": "颜色"}),
        (FieldName("glow"), {"en": "glow", "de": "glow"}),
        (Few(13), {"en": "13", "de": "13"}),
    ],
)  # fmt: skip
def test_money_units_and_numbers_are_written_as_the_language_writes_them(part, texts):
    assert {language: said(part, language) for language in texts} == texts


@pytest.mark.parametrize("amount", [12345.0, 1234567.0, 20.001, 16384.0])
def test_no_digit_of_a_limit_or_a_record_is_lost(amount):
    digits = re.sub(r"\D", "", f"{amount:g}" if amount < 100 else f"{amount:.0f}")
    assert re.sub(r"\D", "", said(UnitAmount(amount, "ml"))) == digits


def test_a_number_that_begins_a_sentence_is_in_words_and_a_records_word_is_as_it_is():
    twelve = utter("found.kind_limits_more", count=Few(6), total=Few(12), things="eBooks", limits="x")  # fmt: skip
    assert (
        render([twelve], "en")
        == "Twelve eBooks fit: x. Here are six of them, the nearest to your request first."
    )
    assert render([utter("sentence.name", name="eBook reader")], "en") == "eBook reader."


def test_what_a_record_says_is_never_read_as_a_place():
    hostile = "{title} {0} %s $x {count}"
    assert render([utter("sentence.quote", text=hostile)], "en") == f"Its record says: “{hostile}”"


def test_sentences_are_joined_as_the_language_joins_and_an_unknown_one_is_english():
    two = [utter("lead.nearest"), utter("notice.by_sound")]
    assert render(two, "zh").count(" ") == 0
    assert render(two, "xx") == render(two, "en")
    assert render([], "en") == ""


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (utter("found.nothing_of_it"), KeyError), (utter("nowhere"), KeyError),
        (utter("lead.no_code"), KeyError), (utter("overview.count", count="two"), TypeError),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_key_or_an_unfilled_place_is_refused(message, error, language):
    with pytest.raises(error):
        render([message], language)


def test_an_amount_has_no_decimals_that_only_its_unit_has_brought():
    told = [UnitAmount(amount, "in") for amount in (26.77165354, 27.0, 0.3937007874, 1299.95)]
    said = [render([utter("amount.counted", value=one)], "en") for one in told]
    assert said == ["26.77 in", "27 in", "0.394 in", "1,299.95 in"]
