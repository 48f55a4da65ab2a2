"""What stands around a code: which pieces can be one, what introduces it, what is an amount.

Pure. Knows a message and its pieces; knows no code of any catalogue.
"""

import re
from collections.abc import Sequence

from retrieval.codes.pieces import CodePiece
from retrieval.codes.words import code_words

_GAP = re.compile(r"[\s\-‐‑‒–—−./_:,]{0,3}")
_APART = re.compile(r"[\s,]")
_LOOKED_BACK = 40  # characters in which a word that introduces a code stands
_LONG = 8  # digits of a code that may be written in groups, as a GTIN is
_LONG_NUMBER = 5  # digits that no article or preposition stands before by chance: "A 20310"
_WORD = 3  # letters of a word that is no part of a code, unless it is in capitals
_MOST_PIECES = 20  # of one code: an ISBN spoken digit by digit, with dashes


def piece_run(message: str, pieces: Sequence[CodePiece], at: int) -> list[CodePiece]:
    """Return the pieces from a place on that only spaces and marks part."""
    run = [pieces[at]]
    for piece in pieces[at + 1 : at + _MOST_PIECES]:
        if not _GAP.fullmatch(message, run[-1].span[1], piece.span[0]):
            break
        run.append(piece)
    return run


def introduction_before(message: str, start: int) -> re.Match[str] | None:
    """Return the word that introduces what begins here: "SKU", "article number"."""
    return code_words().introduction.search(message, max(0, start - _LOOKED_BACK), start)


def is_free(
    message: str, window: Sequence[CodePiece], plain: str, introduced: re.Match[str] | None
) -> bool:
    """Tell whether a known form is named, and not spelt by chance by words and amounts."""
    start, end, words = window[0].span[0], window[-1].span[1], code_words()
    is_amount = bool(words.amount_after.match(message, end)) and plain.isdigit()
    if introduced:
        return bool(introduced["surely"]) or (has_digit(plain) and not is_amount)
    gaps = [message[a.span[1] : b.span[0]] for a, b in zip(window, window[1:], strict=False)]
    apart = [bool(_APART.search(gap)) for gap in gaps]
    if not plain.isdigit():
        amount = bool(words.amount_after.match(message, end)) and window[-1].text.isdigit()
        return not (_by_chance(message, window, apart) or (any(apart[-1:]) and amount))
    spelt = len(plain) >= _LONG or all(len(piece.text) == 1 for piece in window)
    if any(apart) and ("," in "".join(gaps) or not spelt):
        return False
    before = words.amount_before.search(message, max(0, start - _LOOKED_BACK), start)
    return not (before or is_amount)


def _by_chance(message: str, window: Sequence[CodePiece], apart: Sequence[bool]) -> bool:
    """Tell whether words spell a code that stand apart in it: "a 1000 piece puzzle", "mug 01"."""
    for place, piece in enumerate(window):
        if not any(apart[max(0, place - 1) : place + 1]) or _capital(message, piece):
            continue
        word = piece.text.isalpha() and not (piece.spoken or piece.misheard)
        if word and len(piece.text) >= _WORD:
            return True
        if _is_spelt(message, window, place):
            continue
        if piece.text in code_words().small and place in (0, len(window) - 1):
            digits = sum(map(str.isdigit, "".join(one.text for one in window)))
            return digits < _LONG_NUMBER
    return False


def _is_spelt(message: str, window: Sequence[CodePiece], place: int) -> bool:
    """Tell whether a letter stands beside another that is spelt: "A T L 60" has no article."""
    beside = [window[at] for at in (place - 1, place + 1) if 0 <= at < len(window)]
    return len(window[place].text) == 1 and any(
        one.text.isalpha() and len(one.text) == 1 and _capital(message, one) for one in beside
    )


def _capital(message: str, piece: CodePiece) -> bool:
    """Tell whether a piece is written in capitals, and does not begin the message by chance."""
    written = message[slice(*piece.span)]
    return written.isupper() and (len(written) > 1 or bool(message[: piece.span[0]].strip()))


def has_digit(text: str) -> bool:
    """Tell whether a digit stands in a text."""
    return any(map(str.isdigit, text))
