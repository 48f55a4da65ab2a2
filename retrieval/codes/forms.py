"""Two spellings of one code → one form; and what is a code, by how it is written.

Pure. Knows check digits (ISBN, GTIN) and the shape of model numbers; knows no catalogue.
"""

import re
import unicodedata
from collections.abc import Iterator

from retrieval.codes.words import code_words
from retrieval.units import read_quantity

_FEWEST_DIGITS = 5  # of a number that is a code without a word that says so
_SHORTEST = 4  # letters and digits of a code
_TWO_DIGITS = re.compile(r"\d.*\d")
_WORD = 4  # letters in a row that can be a word
_SEPARATED = re.compile(r"[-_./]")
_MARKS = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"\d+[^\W\d_]+")  # "5000mAh", "3rd"
_LETTERS = re.compile(r"[^\W\d_]+")
_PADDED = range(8, 15)  # digits of a GTIN that may be written with zeros before it
_ISBN_LENGTHS = (10, 13)
_ISBN = 9  # digits of an ISBN without its prefix and check digit
_WITH_DIGIT = re.compile(r"[^\s,;()\[\]|]*\d[^\s,;()\[\]|]*")
_EDGES = ".:'\"“”„!?*-–—/"
_APART = re.compile(r"(?<![\w&-])[A-Z]{1,4} \d{3,5}(?: ?[A-Z]{1,3}\d{0,2})?(?![\w-])")
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_MANY_RUNS = 4  # of letters and of digits in turn: "15-fd0001ng"
_SURE_DIGITS, _SURE_LENGTH = 3, 5  # of a model number that no item has


def plain_code(written: str) -> str:
    """Return a code's letters and digits in lower case: "WH-1000 XM5" is wh1000xm5."""
    text = written if written.isascii() else unicodedata.normalize("NFKC", written)
    text = text.casefold()
    return text if text.isalnum() else _MARKS.sub("", text)


def same_codes(plain: str) -> Iterator[str]:
    """Yield every form under which a plain code is known: itself, an ISBN's other one.

    A GTIN with zeros before it (12, 13, 14 digits) is known without them.
    """
    yield plain
    if plain.isdigit() and len(plain) in _PADDED and (bare := plain.lstrip("0")) != plain:
        yield bare
    if core := _isbn_core(plain) if len(plain) in _ISBN_LENGTHS else "":
        long = f"978{core}"
        yield f"{long}{_gtin_digit(long)}"


def _isbn_core(plain: str) -> str:
    """Return the nine digits that an ISBN of ten and one of thirteen share, "" for neither."""
    if len(plain) == _ISBN + 1 and plain[:-1].isdigit():
        weights = range(_ISBN + 1, 1, -1)
        total = sum(int(digit) * weight for digit, weight in zip(plain[:-1], weights, strict=True))
        check = -total % 11
        return plain[:-1] if plain[-1] == ("x" if check == 10 else str(check)) else ""
    long = plain.startswith("978") and len(plain) == _ISBN + 4 and plain.isdigit()
    return plain[3:-1] if long else ""


def _gtin_digit(digits: str) -> int:
    """Return the check digit that follows the digits of a GTIN."""
    each = enumerate(reversed(digits))
    return -sum(int(digit) * (1 if place % 2 else 3) for place, digit in each) % 10


def stands_alone(written: str, plain: str) -> bool:
    """Tell whether a whole code is one without a word that says so: "EL-1406", "70010"."""
    if plain.isdigit():
        return len(plain) >= _FEWEST_DIGITS
    return (
        len(plain) >= _SHORTEST
        and _TWO_DIGITS.search(plain) is not None
        and not code_words().ordinary.fullmatch(plain)
        and not (plain[0].isdigit() and read_quantity(written))
    )


def is_marked(written: str) -> bool:
    """Tell whether a code has marks inside that no word has: "RJ-M-B", but not "sun-hat"."""
    parts = _SEPARATED.split(written)
    return len(parts) > 2 and written.upper() == written and all(parts)


def model_numbers(title: str) -> Iterator[str]:
    """Yield the model numbers of a title: "Sony WH-1000XM5, black" has WH-1000XM5."""
    for word in _WITH_DIGIT.findall(title):
        written = word.strip(_EDGES)
        if is_model_number(written):
            yield written
        if "/" in written and is_model_number(first := written.partition("/")[0]):
            yield first
    yield from filter(is_model_number, _APART.findall(title))


def is_model_number(written: str) -> bool:
    """Tell whether a word of a title is a model number: letters and digits, but no "32GB"."""
    plain = plain_code(written)
    if plain.isdigit() or not _TWO_DIGITS.search(plain) or _COUNTED.fullmatch(plain):
        return False
    letters, lower = _LETTERS.findall(written), written == written.lower()
    if any(len(run) > _WORD or (len(run) == _WORD and not run.isupper()) for run in letters):
        return False
    few = sum(map(str.isdigit, plain)) < _SURE_DIGITS
    if lower and (few or (plain[0].isdigit() and len(_RUNS.findall(plain)) < _MANY_RUNS)):
        return False  # "4-in-1"
    return stands_alone(written, plain)


def is_surely_model(written: str) -> bool:
    """Tell whether a word is a model number even where no item has it: "WH-1000XM6"."""
    plain = plain_code(written)
    digits = sum(map(str.isdigit, plain))
    long = len(plain) >= _SURE_LENGTH and digits >= _SURE_DIGITS
    return long and plain[:1].isalpha() and is_model_number(written)
