"""Utterances → sentences of a language: plurals, lists, numbers, money and units as it has them.

◆ babel (CLDR). Knows `languages/`, one file a language, English too; decides nothing of what is
said. What comes from a record stays in the record's own words.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from assistant.answering.utterances import Day, Few, FieldName, KindName, Part, Series, Utterance
from assistant.recommending.evidence import price_text
from assistant.recommending.facts import Money, Place, UnitAmount
from assistant.understanding.languages.lexicon import PIVOT
from retrieval.currencies import sign_of
from retrieval.english import plural

DomainMessages = Mapping[str, Mapping[str, Mapping[str, Any]]]  # language → group → name → message
NO_MESSAGES: DomainMessages = {}

_PLACE = re.compile(r"\{(\w+)\}")
_SEVERAL_NAMES = re.compile(r"[,&/]")
_WRITTEN, _DECIMALS = 4, 2  # decimals that people write, and that are left of others
_EXACT = 1e-9  # what binary fractions add
_SIGNIFICANT = 10  # digits of a number; further ones come from binary fractions


def render(
    said: Iterable[Utterance], language: str, turn: int = 0, domain: DomainMessages = NO_MESSAGES
) -> str:
    """Return utterances as text; `turn` chooses among several wordings of one message.

    What a catalogue's domain says otherwise comes before what all of them say.

    Raises:
        KeyError: no language has a message of this key, or a place is not filled.
    """
    own = language if language in answer_languages() else PIVOT
    between = _table(own)["join"]["sentences"]
    wording = _Wording(own, turn, domain.get(own, {}))
    return str(between.join(filter(None, (_worded(one, wording) for one in said))))


@dataclass(frozen=True, slots=True)
class _Wording:
    """How utterances are worded."""

    language: str
    turn: int  # chooses among several wordings of one message
    domain: Mapping[str, Mapping[str, Any]]  # group → name → what the domain says instead

    def entry(self, key: str) -> Any:  # noqa: ANN401 -- str, several of them, or plural forms
        """Return the message of a key, the domain's own first; None where there is none."""
        group, _, name = key.partition(".")
        own = self.domain.get(group, {}).get(name)
        return _entry(key, self.language) if own is None else own


@cache
def answer_languages() -> frozenset[str]:
    """Return the languages that Magpie speaks, ISO 639-1."""
    folder = files(__package__).joinpath("languages")
    return frozenset(one.name.removesuffix(".toml") for one in folder.iterdir())


def language_name(language: str) -> str:
    """Return a language's name in English."""
    return str(Locale.parse(language).get_language_name("en"))


def has_message(key: str) -> bool:
    """Tell whether there is a message of this key."""
    return _entry(key, PIVOT) is not None


@cache
def _table(language: str) -> Mapping[str, Any]:
    place = files(__package__).joinpath("languages", f"{language}.toml")
    return tomllib.loads(place.read_text("utf-8"))


@cache
def _entry(key: str, language: str) -> Any:  # noqa: ANN401 -- str, several of them, or plural forms
    group, _, name = key.partition(".")
    return _table(language).get(group, {}).get(name)


def _worded(said: Utterance, wording: _Wording) -> str:
    entry, language, turn = wording.entry(said.key), wording.language, wording.turn
    if entry is None:
        raise KeyError(f"languages/{language}.toml has no message {said.key!r}")
    if isinstance(entry, dict):
        entry = entry.get(_plural_form(said, language), entry["other"])
    if isinstance(entry, list):
        entry = entry[turn % len(entry)]

    def filled(place: re.Match[str]) -> str:
        part = _part(said.places[place[1]], wording)
        return part.removesuffix(".") if entry[place.end() :].startswith(".") else part

    text = _PLACE.sub(filled, entry)
    counted = _PLACE.match(entry)
    if counted is not None and isinstance(said.places[counted[1]], Few):
        return text[:1].upper() + text[1:]  # "Twelve bikes fit", never what a record says
    return text


def _plural_form(said: Utterance, language: str) -> str:
    """Return the plural category of an utterance's count, such as "one" or "other"."""
    count = said.places["count"]
    number = count.count if isinstance(count, Few) else count
    if not isinstance(number, int):
        raise TypeError(f"{said.key}: the place count holds {number!r}, no whole number")
    return str(Locale.parse(language).plural_form(number))


def _part(part: Part, wording: _Wording) -> str:
    if isinstance(part, Utterance):
        return _worded(part, wording)
    if isinstance(part, Series):
        told = [_part(one, wording) for one in part.parts]
        return _joined(told, part.join, wording.language)
    return _value(part, wording.language)


def _value(part: Place | KindName | FieldName | Few | Day, language: str) -> str:
    match part:
        case Day(at):
            return str(format_date(at, "long", locale=language))
        case KindName() | FieldName():
            return _named(part, language)
        case Few(count):
            words = _table(language)["numbers"]["few"]
            return str(words[count]) if 0 <= count < len(words) else _number(count, language)
        case Money(amount, currency):
            return _money(amount, currency, language)
        case UnitAmount(amount, unit):
            return _measure(_in_short(amount), unit, language)
        case tuple():
            return _joined(list(part), "list", language)
        case int() | float():
            return _number(part, language)
        case _:
            return part


def _in_short(amount: float) -> float:
    """Return an amount without the decimals that only converting its unit has brought: 26.77 in."""
    if abs(amount - round(amount, _WRITTEN)) < _EXACT:
        return amount
    return round(amount, _DECIMALS) if abs(amount) >= 1 else float(f"{amount:.{_DECIMALS + 1}g}")


def _joined(parts: Sequence[str], join: str, language: str) -> str:
    """Join parts as a list of the language; what has no place in CLDR stands in the data."""
    kept = [part for part in parts if part]
    if join in ("and", "or"):
        style = "standard" if join == "and" else "or"
        return str(format_list(kept, style=style, locale=language))  # type: ignore[arg-type]
    marks = _table(language)["join"]
    if join == "clauses" and len(kept) > 1:
        *first, last = kept
        return str(marks["clauses"].join(first) + marks["last_clause"] + last)
    return str(marks["clauses" if join == "clauses" else join].join(kept))


def _named(part: KindName | FieldName, language: str) -> str:
    name = part.name
    if isinstance(part, FieldName):
        return str(_table(language)["named"].get(name.casefold(), name))
    if language != PIVOT or _SEVERAL_NAMES.search(name):
        return name
    return plural(name)


def _number(number: float, language: str) -> str:
    """Render a number with all its digits, but for those that binary fractions add."""
    told = float(f"{number:.{_SIGNIFICANT}g}") if isinstance(number, float) else number
    return str(format_decimal(told, locale=language, decimal_quantization=False))


def _money(amount: float, currency: str, language: str) -> str:
    """Render an amount as the language writes it, whole amounts without decimals."""
    if language == PIVOT or not currency:
        return price_text(amount, currency)
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    whole = round(amount, 2) == round(amount)
    shown = re.sub(r"\.0+", "", pattern) if whole else pattern
    told = str(format_currency(amount, currency, shown, locale=language, currency_digits=not whole))
    if sign := sign_of(currency):  # as on the cards: "£", where CLDR has "£GB" for French
        return told.replace(get_currency_symbol(currency, locale=language), sign)
    return told


def _measure(amount: float, unit: str, language: str) -> str:
    number = _number(amount, language)
    if not unit:
        return number
    forms = _table(language)["units"].get(unit)
    if forms is None:
        return f"{number} {unit}"
    form = Locale.parse(language).plural_form(amount)
    return str(forms.get(form, forms["other"]).replace("{number}", number))
