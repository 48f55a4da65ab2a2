"""Which column is meant where none has a name that is known: told by header words and by cells.

Knows headers and the first cells of each column; decides nothing that is not clear.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from retrieval.catalogue.vocabulary import header_words
from retrieval.currencies import CODES, SIGN_LETTERS

FirstCells = Mapping[str, Sequence[str]]  # column → its first cells, as text

_FILLED = 0.9  # share of the rows that say something
_CLEARLY = 0.25  # the score by which a column is better than any other
_CALLED = 2.0  # what a header's words count beside what the cells show
_NAMED = 0.5  # share of a title's cells that differ: colours of one yarn have one title
_LETTERS, _MOST_WORDS = 4, 8  # of a title, on average
_SEVERAL, _FIRST = 0.3, 0.3  # what speaks for a title: several words, to stand before the others
_PROSE = 6  # words of a description, on average
_HEADER = re.compile(r"[^\W\d_]+\d*|[€£$¥]")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")  # "stockNo"
_SPOKEN = re.compile(r"[^\W\d_]{2,}|[\u3400-\u9fff]")  # "31 x 26 x 4.5 cm" has one
_HAN = re.compile("[\u3400-\u9fff]")
_CODE = re.compile(r"(?=.*\d)(?!\d+[.,]\d+$)[\w./#-]{1,24}(?: [\w./-]{1,12})?")
_AMOUNT = re.compile(r"\D{0,5}\d[\d., ]*\D{0,5}")
_MONEY = re.compile(rf"[{re.escape(SIGN_LETTERS)}]|\b(?:{'|'.join(sorted(CODES))})\b")

_Score = Callable[[Sequence[str]], float | None]  # of a column's cells; None where it cannot be


def likely_title(cells: FirstCells, *, priced: bool) -> str:
    """Return the column whose cells name things, "" where that is not clear.

    Where nothing is `priced`, it must be called so: a list of orders has names of people.
    """
    return _clearest("title", cells, _names_things, called=not priced, first=_FIRST)


def likely_id(cells: FirstCells) -> str:
    """Return the column with another code in every row that is called so, "" where none is."""
    return _clearest("id", cells, _are_codes, called=True)


def may_be_id(name: str) -> bool:
    """Tell whether a header speaks against an id: a year, a quantity."""
    words, never = header_words("id")
    counts = _has(name, header_words("stock")[0]) and not _has(name, words)
    return not (counts or _has(name, never))


def likely_category(cells: FirstCells) -> str:
    """Return the column of kinds, "" where none or several are called so."""
    return _clearest("category", cells, _repeat, called=True)


def likely_price(cells: FirstCells, names: Collection[str]) -> str:
    """Return the only column that is called a price of some sort, else the only one of money.

    `names` are what a price is called alone. Of "Price 1-9" and "Price 10+" nobody can tell.
    """
    words, never = header_words("price")
    amounts = {n: c for n, c in cells.items() if _mostly(c, _AMOUNT.fullmatch)}
    amounts = {n: c for n, c in amounts.items() if not _has(n, never)}
    called = [n for n in amounts if _has(n, frozenset(names))] or [
        n for n in amounts if _has(n, words)
    ]
    found = called or [name for name, said in amounts.items() if _mostly(said, _MONEY.search)]
    return found[0] if len(found) == 1 else ""


def likely_stock(cells: FirstCells) -> str:
    """Return the column that counts what is there, "" where none or several are called so."""
    return _clearest("stock", cells, _are_counts, called=True)


def likely_description(cells: FirstCells) -> str:
    """Return the column of the longest texts, "" where none has sentences."""
    texts = {
        n: [" ".join(_SPOKEN.findall(cell)) for cell in said if cell] for n, said in cells.items()
    }
    words = {name: _words(said) for name, said in texts.items() if said}
    longest = max(words, key=words.__getitem__, default="")
    return longest if longest and words[longest] >= _PROSE else ""


def _clearest(
    field: str, cells: FirstCells, score: _Score, *, called: bool = False, first: float = 0.0
) -> str:
    """Return the column that is clearly likeliest, of those `called` so where asked.

    `first` is what it counts to stand before all others.
    """
    words, never = header_words(field)
    scored = dict[str, float]()
    for name, said in cells.items():
        shown = score([cell for cell in said if cell]) if _is_filled(said) else None
        if shown is None or _has(name, never) or (called and not _has(name, words)):
            continue
        scored[name] = shown + _CALLED * _has(name, words) + first * (not scored)
    best = sorted(scored, key=lambda name: -scored[name])
    if len(best) > 1 and scored[best[0]] - scored[best[1]] < _CLEARLY:
        return ""
    return best[0] if best else ""


def _names_things(cells: Sequence[str]) -> float | None:
    different = len(set(cells)) / len(cells)
    letters = sum(sum(map(str.isalpha, cell)) for cell in cells) / len(cells)
    words = _words(cells)
    least = _LETTERS / 2 if any(map(_HAN.search, cells)) else _LETTERS
    if different < _NAMED or letters < least or words > _MOST_WORDS or "://" in cells[0]:
        return None
    return different + _SEVERAL * (words >= 1.5)


def _words(cells: Sequence[str]) -> float:
    """Return how many words cells have on average; two characters of Chinese are one."""
    return sum(len(_HAN.findall(cell)) / 2 + len(cell.split()) for cell in cells) / len(cells)


def _are_counts(cells: Sequence[str]) -> float | None:
    return 1.0 if all(map(str.isdecimal, cells)) else None


def _are_codes(cells: Sequence[str]) -> float | None:
    return 1.0 if len(set(cells)) == len(cells) and all(map(_CODE.fullmatch, cells)) else None


def _repeat(cells: Sequence[str]) -> float | None:
    different = len(set(cells))
    return 1 - different / len(cells) if 1 < different < len(cells) else None


def _is_filled(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(map(bool, cells)) >= _FILLED * len(cells)


def _mostly(cells: Sequence[str], is_so: Callable[[str], object]) -> bool:
    """Tell whether nearly all cells that say something are so."""
    said = [cell for cell in cells if cell]
    return bool(said) and sum(bool(is_so(cell)) for cell in said) >= _FILLED * len(said)


def _has(name: str, words: Collection[str]) -> bool:
    """Tell whether a header has one of some words; of a script without spaces, as a part."""
    said = {word.lower() for word in _HEADER.findall(_HUMP.sub(" ", name.replace("_", " ")))}
    parts = (word for word in words if _HAN.search(word))
    return not said.isdisjoint(words) or any(word in name for word in parts)
