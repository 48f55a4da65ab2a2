"""A code that was misheard by a letter → the code of this catalogue that was surely meant.

Pure. Letters that sound alike (B, D, E, P, T …) count as one, and a letter may be missing or too
many, but every digit must be the same, and one code alone must be near enough. A word may be what
was made of a spelt letter ("see" of C), or of a word of the spelling alphabet ("Carly" of Charlie).
Only transcripts are mended: what is typed is meant as it stands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from retrieval.codes.around import introduction_before, piece_run
from retrieval.codes.forms import is_model_number, plain_code
from retrieval.codes.index import CodeIndex
from retrieval.codes.pieces import CodePiece, read_pieces
from retrieval.codes.words import code_words

_ONE_OFF, _TWO_OFF = 5, 9  # letters and digits of a code that may be one or two letters off
_FEWEST_DIGITS = 4  # of a number after a word that introduces it
_LONGEST_WORD = 3  # letters of what a transcript may make of spelt letters: "WHO" of W H
_MOST_PIECES = 12  # a letter or a figure each, where all of them are spelt
_SPELT_ALIKE = 72  # of 100: how near a word must be to one of the spelling alphabet
_SHORTEST_WORD = 4  # letters of a word of the spelling alphabet


@dataclass(frozen=True, slots=True)
class MisheardCode:
    """A stretch of a transcript, and the code that was meant."""

    said: str
    span: tuple[int, int]
    code: str  # letters and digits, in capitals


def misheard_codes(transcript: str, codes: CodeIndex) -> list[MisheardCode]:
    """Return what was misheard of the codes that a transcript names, in order."""
    known = [one.span for one in codes.named(transcript) if one.ids]
    pieces = [_as_spelt(piece, transcript) for piece in read_pieces(transcript)]
    found, end = list[MisheardCode](), 0
    for at, piece in enumerate(pieces):
        if piece.span[0] < end or any(a <= piece.span[0] < b for a, b in known):
            continue
        for one in _spelt(transcript, pieces, at, codes):
            found.append(one)
            end = one.span[1]
            break
    return found


def with_codes(transcript: str, misheard: Sequence[MisheardCode]) -> str:
    """Return a transcript with the codes that were meant."""
    for one in reversed(misheard):
        transcript = transcript[: one.span[0]] + one.code + transcript[one.span[1] :]
    return transcript


def _spelt(
    transcript: str, pieces: Sequence[CodePiece], at: int, codes: CodeIndex
) -> Iterator[MisheardCode]:
    """Yield what the pieces from a place on can have been, the longest first."""
    run = piece_run(transcript, pieces, at)[:_MOST_PIECES]
    introduced = introduction_before(transcript, pieces[at].span[0])
    for size in range(len(run), 0, -1):
        window = run[:size]
        span = (window[0].span[0], window[-1].span[1])
        said, plain = transcript[slice(*span)], "".join(piece.text for piece in window)
        if not _may_be_code(transcript, window, plain, introduced=introduced is not None):
            continue
        near = _nearest(plain, codes)
        made = any(piece.spoken and piece.text != _written(transcript, piece) for piece in window)
        if near and (made or near != plain):
            yield MisheardCode(said, span, near.upper())


def _may_be_code(
    transcript: str, window: Sequence[CodePiece], plain: str, *, introduced: bool
) -> bool:
    """Tell whether a stretch looks spelt: short words in capitals, and digits."""
    if plain.isdigit():
        return introduced and len(plain) >= _FEWEST_DIGITS
    written = [(piece, transcript[slice(*piece.span)]) for piece in window]
    words = [word for piece, word in written if word.isalpha() and not piece.spoken]
    if any(len(word) > _LONGEST_WORD or not word.isupper() for word in words):
        return False
    return is_model_number(plain.upper())


def _written(transcript: str, piece: CodePiece) -> str:
    return transcript[slice(*piece.span)].casefold()


def _as_spelt(piece: CodePiece, transcript: str) -> CodePiece:
    """Return what a word was probably made of, where that is a letter that was spelt.

    In capitals it is letters already.
    """
    if piece.spoken or not piece.text.isalpha() or transcript[slice(*piece.span)].isupper():
        return piece
    letter = code_words().sounds.get(piece.text) or _alphabet_letter(piece.text)
    return replace(piece, text=letter, spoken=True) if letter else piece


@cache
def _alphabet_letter(word: str) -> str:
    """Return the letter whose word of the spelling alphabet a word resembles, "" for none."""
    if len(word) < _SHORTEST_WORD:
        return ""
    alphabet = code_words().alphabet
    best = process.extractOne(word, alphabet.keys(), scorer=fuzz.ratio, score_cutoff=_SPELT_ALIKE)
    return alphabet[best[0]] if best else ""


def _nearest(plain: str, codes: CodeIndex) -> str:
    """Return the one known form with the same digits that sounds most like another, "" if none."""
    most = (len(plain) >= _ONE_OFF) + (len(plain) >= _TWO_OFF)
    sound = _sound(plain)
    far = {form: Levenshtein.distance(sound, _sound(form)) for form in codes.of_digits(plain)}
    best = min(far.values(), default=most + 1)
    near = [form for form, distance in far.items() if distance == best <= most]
    return near[0] if len(near) == 1 else ""


def _sound(plain: str) -> str:
    """Return a form with one letter for all that sound like it."""
    return plain_code(plain).translate(code_words().alike)
