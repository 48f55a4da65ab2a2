"""An adversary: whatever is asked, in any language, no sentence says what no record says.

It shares nothing with the code that writes: it knows the records, the limits and the words of each
language, and computes every count, gap and superlative anew. More of it, by hand:

    TRUTH_REQUESTS=250 TRUTH_SHOPS="demo bikes.csv …" pytest tests/assistant/answering/test_truth.py
"""

import math
import os
import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

import pytest

from assistant.answering.openings import count_fitting, opening
from assistant.answering.render import answer_languages, render
from assistant.understanding.tokens.text import content_words
from retrieval.constraints import satisfies_all
from retrieval.english import plural
from retrieval.items import Query, field_quantities, item_text, raw_value
from retrieval.units import converted
from tests.asked import asked, shop

LANGUAGES = sorted(answer_languages())
SHOPS = tuple(os.environ.get("TRUTH_SHOPS", "demo garden_tools.csv music_shop.tsv").split())
REQUESTS = int(os.environ.get("TRUTH_REQUESTS", "16"))  # of each shop, each of up to three items
NUMBER = re.compile(r"\d+(?:[.,\u202f\u00a0]\d+)*")
WORD = re.compile(r"[^\W\d_]+")
QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»")
ENDED = re.compile(r"[.?!:。？！：…][\s)]*[”“»]?$|[”“»]$")
UNTIDY = re.compile(r"[ \u00a0\u202f]{2}|[,;:、，；：]\s?[,;:.、，；：。]|\.\.|。。|\( | \)|\(\)|（）|[([（]\s*[,;]|\{|\}|\bNone\b|Utterance")  # fmt: skip
THOUSANDS = {"en": ",", "zh": ",", "de": ".", "es": ".", "fr": "\u202f"}


@cache
def own_words(language):
    """Return every word that a language's messages have, and the signs of currencies."""
    text = files("assistant.answering").joinpath("languages", f"{language}.toml").read_text("utf-8")
    values = str(list(tomllib.loads(text).values()))
    return frozenset(WORD.findall(values.casefold())) | {"us"}


# ---- what may be said ---------------------------------------------------------------------------


def record_of(*items):
    """Return all that records say, with the names of their fields."""
    told = [f"{item_text(item)} {' '.join(item.transcripts)} {item.price}" for item in items]
    return " ".join((*told, "price category brand"))


def limits_of(limits):
    return " ".join(f"{c.field} {c.unit} {c.said} {' '.join(map(str, c.values))}" for c in limits)


def numbers_of(limits, *items):
    """Return every number that is the records', the limits', or a gap between the two."""
    found = {item.price for item in items} | {n for c in limits for n in c.numbers}
    for item in items:
        for c in limits:
            held = [one for q in field_quantities(item, c.field) if (one := converted(q, c.unit))]
            ends = [one.high if c.op == "<=" else one.low for one in held]
            found |= {abs(end - limit) for end in ends for limit in c.numbers}
    return {number for number in found if number is not None}


def own_numbers(item, fields):
    """Return the numbers of a record in the units of its fields: 30 m are 3,000 cm."""
    return {end for one in fields for end in _ends(item, one.name, one.unit)}


def _ends(item, name, unit):
    held = [one for each in field_quantities(item, name) if (one := converted(each, unit))]
    return [end for one in held for end in (one.low, one.high)]


def number_in(language, written):
    """Read a number as a language writes it; nan where it is none of that language."""
    plain = written.replace(THOUSANDS[language], "").replace(",", ".")
    return float(plain) if plain.count(".") < 2 and "\u00a0" not in plain else math.nan


def foreign_numbers(text, language, allowed, record):
    """Return the numbers of a text that stand in no record as they are and are not allowed."""
    verbatim = set(NUMBER.findall(record))
    return [
        written
        for written in NUMBER.findall(text)
        if written not in verbatim
        and not any(
            abs(number_in(language, written) - abs(one)) <= max(0.006, 1e-3 * abs(one))
            for one in allowed
        )
    ]


def foreign_words(text, language, known):
    said = set(WORD.findall(re.sub(r"[\u4e00-\u9fff]+", " ", text).casefold()))
    return said - own_words(language) - set(WORD.findall(known.casefold()))


def assert_tidy(text):
    bare = QUOTED.sub("“x”", text)
    assert text.strip() == text != ""
    assert ENDED.search(text), text
    assert not UNTIDY.search(bare), text


def requests(name, count=REQUESTS):
    return [asked(name, seed) for seed in range(count)]


in_every_language = pytest.mark.parametrize("language", LANGUAGES)
in_every_shop = pytest.mark.parametrize("name", SHOPS)


@in_every_language
@in_every_shop
def test_no_sentence_says_what_no_record_and_no_limit_says(name, language):
    fields = shop(name).profile.fields.values()
    words = " ".join(" ".join((one.unit, *one.least, *one.most)) for one in fields)
    for one in requests(name):
        for item in one.items:
            told, cards = one.of(item, language)
            record = record_of(item)
            allowed = numbers_of(one.limits, item) | {float(len(one.fitting))} | own_numbers(item, fields)  # fmt: skip
            assert_tidy(told)
            for text in (told, *cards):
                assert text
                assert not foreign_numbers(text, language, allowed, record), (text, one.limits)
                known = f"{record} {limits_of(one.limits)} {words}"
                assert not foreign_words(text, language, known), text
            for quoted in QUOTED.findall(told):
                assert quoted[1:-1].strip("\u202f ") in record


@in_every_language
@in_every_shop
def test_two_side_by_side_say_what_their_records_say(name, language):
    for one in requests(name):
        for other in one.items[1:]:
            pair = (one.items[0], other)
            prices = [item.price for item in pair if item.price is not None]
            gap = {round(abs(prices[0] - prices[1]), 2)} if len(prices) == 2 else set()
            for text in filter(None, one.beside(pair, language)):
                assert_tidy(text)
                assert not foreign_numbers(text, language, {*prices, *gap}, record_of(*pair)), text
                assert not foreign_words(text, language, record_of(*pair)), text


@in_every_language
@in_every_shop
def test_an_opening_counts_what_fits_and_names_nothing_but_the_limits(name, language):
    items = shop(name).items.values()
    for one in requests(name):
        fit = sum(satisfies_all(item, one.limits) for item in items)
        unsaid = [
            sum(
                satisfies_all(item, [other for other in one.limits if other is not limit])
                and not (item.price if limit.field == "price" else raw_value(item, limit.field))
                for item in items
            )
            for limit in one.limits
        ]
        counted, shown = count_fitting(one.shop, one.limits), min(fit, 6)
        said = opening(shown, one.limits, counted, Query(one.words), one.shop.currency)
        if not (text := render(said, language, one.turn)):
            continue
        assert_tidy(text)
        allowed = {float(n) for n in (fit, shown, *unsaid)} | numbers_of(one.limits)
        assert not foreign_numbers(text, language, allowed, limits_of(one.limits)), text
        told = limits_of(one.limits)
        plurals = f"{told} {' '.join(map(plural, WORD.findall(told)))}"
        assert not foreign_words(text, language, plurals), text


@in_every_shop
def test_what_is_first_of_all_that_fit_is_first_by_its_record(name):
    fields, found = shop(name).profile.fields, 0
    for one in requests(name, 3 * REQUESTS):
        for item in one.items:
            claim = re.search(r"is the ([a-z ]+) of the (\d+) that fit", one.of(item)[0])
            if claim is not None:
                found += 1
                assert int(claim[2]) == len(one.fitting)
                by = [f for f in fields.values() if claim[1] in (*f.least, *f.most)]
                by = [fields["price"]] if claim[1] == "cheapest" else by
                assert any(_leads(item, one.fitting, f, claim[1]) for f in by), (item, claim[0])
    assert found


def _leads(item, fitting, field, word):
    """Tell whether an item's quantity lies before that of every other one, end to end."""
    sign, unit = 1 if word in field.least else -1, "" if field.name == "price" else field.unit
    ends = {one.id: [sign * end for end in _ends(one, field.name, unit)] for one in fitting}
    own = ends.pop(item.id)
    return bool(own) and all(held and max(own) < min(held) for held in ends.values())


# ---- records that change ------------------------------------------------------------------------


def changed(item, name, language):
    """Return an item of which a field says something else, and what it said."""
    if name == "price":
        return replace(item, price=round(item.price * 1.01 + 0.07, 2)), written(
            item.price, language
        )
    if name == "description":
        return replace(item, description="Zorblax quimby."), item.description
    old = item.attributes[name]
    number = re.search(r"\d+", old)
    new = old.replace(number[0], f"{int(number[0]) + 1}7", 1) if number else "zorblax"
    return replace(item, attributes={**item.attributes, name: new}), old


def written(amount, language):
    """Write an amount of money as a language does, without its sign."""
    marks = {",": THOUSANDS[language], ".": "." if language in ("en", "zh") else ","}
    return f"{amount:,.2f}".removesuffix(".00").translate(str.maketrans(marks))


def names(text, value):
    # A narrow or fixed space parts thousands: "4 199 €" names no 4.
    whole = rf"(?<![\w.,])(?<!\d[\u202f\u00a0]){re.escape(value)}(?![.,\u202f\u00a0]?\d|\w)"
    return re.search(whole, text) is not None


@in_every_language
@in_every_shop
def test_what_a_changed_record_no_longer_says_no_sentence_says(name, language):
    tried = 0
    for one in requests(name):
        item, *others = one.items
        before = _all_said(one, item, others, language)
        amounts = [n for limit in one.limits for n in limit.numbers]
        prices = [other.price for other in others if other.price is not None]
        amounts += prices + [round(abs(one - (item.price or 0.0)), 2) for one in prices]
        numbers = " ".join(written(amount, language) for amount in amounts)
        for field in ("price", "description", *item.attributes):
            if field == "price" and item.price is None:
                continue
            new, old = changed(item, field, language)
            known = (
                f"{record_of(new, *others)} {limits_of(one.limits)} {len(one.fitting)} {numbers}"
            )
            if not satisfies_all(new, one.limits) or not old or names(known, old):
                continue
            if old.casefold() in own_words(language):
                continue  # "no" is Spanish for what is not recorded
            after = _all_said(one, new, others, language)
            for was, now in zip(before, after, strict=True):
                if names(was, old):
                    tried += 1
                    assert was != now
                assert not names(now, old), (field, old, now)
    assert tried > REQUESTS / 2


def _all_said(one, item, others, language):
    fitting = tuple(item if other.id == item.id else other for other in one.fitting)
    beside = [t for other in others for t in one.beside((item, other), language, fitting)]
    return [one.of(item, language, fitting)[0], *beside]


@in_every_language
@in_every_shop
def test_what_two_records_exchange_their_sentences_exchange(name, language):
    tried = 0
    for one in requests(name):
        first, *others = one.items
        for other in others:
            titles = f"{first.title} {other.title}"
            if first.category != other.category or content_words(titles) & content_words(one.words):
                continue  # what the title says anyway is not quoted
            new = {a.id: replace(b, id=a.id, title=a.title) for a, b in ((first, other), (other, first))}  # fmt: skip
            fitting = tuple(new.get(item.id, item) for item in one.fitting)
            for a, b in ((first, other), (other, first)):
                was, now = one.of(b, language), one.of(new[a.id], language, fitting)
                assert was[0].replace(b.title, "…", 1) == now[0].replace(a.title, "…", 1)
                assert was[1] == now[1]
                tried += 1
    assert tried > REQUESTS / 4
