"""Read limits on price out of a message: "under $40", "between five and ten", "10 to 20 euros".

Pure, and sure: what it returns, the user wrote. Knows nothing of any catalogue. English first;
the few words of German, French, Spanish and Chinese that set a limit are here as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.understanding.limits.spans import Span, overlap
from retrieval.catalogue.currencies import SIGN_LETTERS, SIGNS
from retrieval.english import SCALES, TENS, UNITS

_UNIT_WORDS = "|".join(sorted(UNITS, key=len, reverse=True))
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[\s-](?:{_UNIT_WORDS})\b)?|(?:{_UNIT_WORDS}))\b"
_FRONT = rf"(?:(?:a\s+couple(?:\s+of)?|a|{_SMALL})\s+)?"
_TAIL = rf"(?:\s+(?:and\s+)?{_SMALL}(?!\s+(?:hundred|thousand)))?"
_SPELLED = rf"(?>{_FRONT}thousand{_TAIL}|{_FRONT}hundred(?:\s+thousand)?\b{_TAIL}|{_SMALL})\b"

_NAMES = {
    "USD": ("usd", "美元"),
    "EUR": ("eur", "euro", "euros", "欧元"),
    "GBP": ("gbp", "pound", "pounds", "quid", "英镑"),
    "CNY": ("cny", "rmb", "yuan", "元", "块"),
    "JPY": ("jpy", "yen", "円"),
    "INR": ("inr", "rupees"),
}
_DOLLARS = ("dollar", "dollars", "buck", "bucks", "dólares", "dolares")
_CURRENCIES = {
    **{sign.lower(): frozenset(codes) for sign, codes in SIGNS.items()},
    **{name: frozenset({code}) for code, names in _NAMES.items() for name in names},
    **dict.fromkeys(_DOLLARS, frozenset(SIGNS["$"])),
}
_SIGN = rf"(?:us\$|[{SIGN_LETTERS}]|\b(?:{'|'.join(code.lower() for code in _NAMES)})\b)"
_UNIT = "|".join(
    sorted((re.escape(c) for c in _CURRENCIES if c not in SIGN_LETTERS), key=len, reverse=True)
)
_DIGITS = r"\d{1,3}(?:[,.\u00a0 ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
AMOUNT = (
    rf"(?P<sign{{n}}>{_SIGN})?\s?(?P<number{{n}}>(?:{_DIGITS})k?|{_SPELLED})"
    rf"(?:\s?(?P<unit{{n}}>{_SIGN}|{_UNIT})(?![A-Za-zÀ-ÿ]))?"
)
_ONE = AMOUNT.replace("{n}", "")
_TWO = AMOUNT.replace("{n}", "2")

# "nothing over", "don't want to spend more than", "shouldn't cost less than"
_NOT = (
    r"(?:\bnot|\bnothing|\bnever|\bno|\bwithout|n['’]t|\bnicht|\bnichts)\s+"
    r"(?:(?:want|like|to|cost|costing|spend|pay|be|being|go|going|have|anything|priced)\s+)*"
)
_MOST = (
    rf"{_NOT}(?:over|above|more(?:\s+expensive)?\s+than|exceed(?:ing)?|beyond|mehr als|über)|"
    r"<=?|≤|under|below|less than|no more than|not more than|at most|up to|max(?:imum)?(?: of)?|"
    r"cheaper than|less expensive than|within|"
    r"(?:can|could) spend|(?:budget|price limit)(?:'s)?(?:\s*[:=]|\s+(?:is|of|to))?(?:\s+now)?|"
    r"unter|höchstens|bis zu|maximal|weniger als|"
    r"moins de|au plus|jusqu'à|pas plus de|"
    r"menos de|como máximo|hasta|por debajo de|"
    r"不超过|低于|少于|最多"
)
_LEAST = (
    rf"{_NOT}(?:under|below|(?:less|cheaper)\s+than|less\s+expensive\s+than|weniger als|unter)|"
    r">=?|≥|over|above|more than|(?:more expensive|pricier|dearer) than|at least|upwards of|"
    r"from|starting at|min(?:imum)?(?: of)?|"
    r"über|mindestens|mehr als|ab|plus de|au moins|más de|al menos|至少|超过|高于"
)
_ABOUT = (
    r"about|around|roughly|close to|somewhere near|in the region of|"
    r"approximately|circa|ca\.?|near|ungefähr|etwa|environ|unos|alrededor de|"
    r"大约|左右"
)
_AFTER_MOST = (
    r"or less|or under|or below|or cheaper|and (?:under|below)(?!\s*\W?\d)|max(?:imum)?|"
    r"tops|at most|"
    r"oder weniger|ou moins|o menos|以下|以内|之内"
)
_AFTER_LEAST = r"or more|or above|and up|and over|\+|oder mehr|ou plus|o más|以上"
_AFTER_ABOUT = r"-?ish\b|or so\b|or thereabouts|give or take|左右"

_BETWEEN = re.compile(
    rf"(?:(?:between|from|zwischen|entre|von|de)\s+)?{_ONE}\s*(?:to|and|or|-|–|—|bis|und|et|à|y|a|到|至)\s*{_TWO}",
    re.I,
)
_LIMIT = re.compile(
    rf"(?:(?P<how>{_MOST}|{_LEAST}|{_ABOUT})\s*(?:the\s)?)?{_ONE}"
    rf"(?:\s*(?P<after>{_AFTER_MOST}|{_AFTER_LEAST}|{_AFTER_ABOUT}))?",
    re.I,
)
_NOT_MONEY = re.compile(
    r"\s?(?:%|percent|cm|mm|m\b|km|inch(?:es)?|in\b|met(?:er|re)s?|feet|foot|ft\b|\"|litres?|liters?|l\b|ml|oz|kg|g\b|gb|tb|"
    r"mah|watts?|w\b|"
    r"pieces?|people|persons?|pages?|years?|months?|days?|hours?|minutes?|°|x\b|"
    r"th\b|st\b|nd\b|rd\b|of them|items?|options?)",
    re.I,
)
_COUNTABLE = re.compile(r"\s*(?:of\b|pockets?|colou?rs?|sizes?|seats?|doors?|pairs?)", re.I)
_DIFFERENCE = re.compile(
    r"\s*(?:cheaper|less|more|dearer|pricier|higher|lower|off)\b(?!\s+than\s+\W?\d)", re.I
)
_SIZED = re.compile(r"\b(?:size|sizes|age|ages|aged|number|no\.?|eu|uk)\s*$", re.I)
_ABOUT_SPREAD = 0.25  # "about 40" is 30 to 50


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit on the price, with the words and the place in the message that set it."""

    op: Literal["<=", ">="]
    amount: float
    currencies: frozenset[str]  # ISO 4217: all that the sign or name can mean; none was named: none
    said: str
    span: Span


def read_limits(message: str) -> list[Limit]:
    """Return every limit on price in a message, in order.

    A bare number sets no limit: "2 mugs" is not a budget. It needs a word ("under"), a sign
    ("$") or a unit ("euros"). "About 40" and "40ish" are a range of a quarter either way, 30 to
    50; "between 50 and 30" is 30 to 50 as well.
    """
    found: list[Limit] = []
    for match in _BETWEEN.finditer(message):
        found += _range(match)
    for match in _LIMIT.finditer(message):
        if not any(overlap(match.span(), limit.span) for limit in found):
            found += _single(match)
    return sorted(found, key=lambda limit: limit.span)


def _range(match: re.Match[str]) -> Iterator[Limit]:
    """Read "5 to 10 dollars", "between five and ten"."""
    money = any(match[name] for name in ("sign", "unit", "sign2", "unit2"))
    between = re.match(r"between|from|zwischen|entre", match[0], re.I)
    tail = _NOT_MONEY.match(match.string, match.end())
    if not (money or between) or (tail and not money):
        return
    named = _currencies(match, "") or _currencies(match, "2")
    low, high = sorted((read_number(match["number"]), read_number(match["number2"])))
    said = match[0].strip()
    yield Limit(">=", low, named, said, match.span())
    yield Limit("<=", high, named, said, match.span())


def _single(match: re.Match[str]) -> Iterator[Limit]:
    how, after = (match["how"] or "").lower(), (match["after"] or "").lower()
    money = bool(match["sign"] or match["unit"])
    tail = _NOT_MONEY.match(match.string, match.end("number"))
    if not (how or after or money) or (tail and not money):
        return
    if not money and (how in ("from", "ab", "within", "near") or _counts(match)):
        return
    if not money and _SIZED.search(match.string, 0, match.start()):
        return
    if not after and _DIFFERENCE.match(match.string, match.end()):
        return
    amount, named, said = read_number(match["number"]), _currencies(match, ""), match[0].strip()
    if after and re.fullmatch(_AFTER_LEAST, after) or (how and re.fullmatch(_LEAST, how)):
        yield Limit(">=", amount, named, said, match.span())
    elif (how and re.fullmatch(_ABOUT, how)) or re.fullmatch(_AFTER_ABOUT, after):
        yield Limit(">=", amount * (1 - _ABOUT_SPREAD), named, said, match.span())
        yield Limit("<=", amount * (1 + _ABOUT_SPREAD), named, said, match.span())
    else:  # also "$40 scarf", "ich habe 40 Euro": a price named alone is what the user will pay
        yield Limit("<=", amount, named, said, match.span())


def _counts(match: re.Match[str]) -> bool:
    """Tell whether the number counts things ("more than one", "at least two of these")."""
    return not match["after"] and bool(_COUNTABLE.match(match.string, match.end()))


def _currencies(match: re.Match[str], n: str) -> frozenset[str]:
    named = match[f"sign{n}"] or match[f"unit{n}"] or ""
    return _CURRENCIES.get(named.lower(), frozenset())


def read_number(text: str) -> float:
    """Read a number as written: "1,299.50", "1.299,50", "12,5", "2k", "two hundred and fifty"."""
    text = text.strip().lower()
    if not text[0].isdigit():
        return float(_spelled(text))
    scale = 1000 if text.endswith("k") else 1
    digits = re.sub(r"[\s\u00a0]", "", text.rstrip("k"))
    head, mark, tail = digits.rpartition(max(".,", key=digits.rfind))
    if mark and len(tail) != 3:
        digits = re.sub(r"[.,]", "", head) + "." + tail
    else:
        digits = re.sub(r"[.,]", "", digits)
    return float(digits) * scale


def _spelled(text: str) -> int:
    total = part = 0
    for word in re.findall(r"[a-z]+", text):
        if word == "couple":
            part = 2
        elif word in SCALES:
            part = max(part, 1) * SCALES[word]
            if word == "thousand":
                total, part = total + part, 0
        else:
            part += UNITS.get(word, TENS.get(word, 0))
    return total + part
