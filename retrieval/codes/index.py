"""The codes of a catalogue's items, and which of them a message names.

Built once for a catalogue; a message costs a few look-ups a word, however many items there are.
Spaces, dashes, dots, slashes and case make no difference. Knows items; knows no limit, no vector.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.codes.around import has_digit, introduction_before, is_free, piece_run
from retrieval.codes.forms import (
    is_marked,
    is_surely_model,
    model_numbers,
    plain_code,
    same_codes,
    stands_alone,
)
from retrieval.codes.pieces import CodePiece, read_pieces
from retrieval.codes.words import code_words
from retrieval.field_profile import CatalogueProfile

if TYPE_CHECKING:
    from retrieval.items import Item

_MOST_PIECES = 20  # of one code: an ISBN spoken digit by digit, with dashes
_MOST_TITLES = 20  # a word that stands in more titles is no model number
_APART = re.compile(r"[\s,]")
_SEVERAL = re.compile(r"\s*[,;|]\s*")
_TOKEN = re.compile(r"(?<![\w\\<&])[^\W_][\w.\-–/]*(?![\w\\>&])")
_NO_DIGIT = re.compile(r"\D")
_EDGES = ".:'’*-–—/"
_LOOKED_BACK = 40  # characters in which a word that introduces a code stands
_PLACE = 2  # digits of a place on screen

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code that stands in a message, with the items that have it."""

    said: str  # with the word that introduces it: "SKU 99999"
    span: _Span
    code: str  # as the message writes it: "99999"
    ids: tuple[str, ...] = ()  # none when no item has it
    place: int = 0  # the number that it may be of a thing on screen ("item 2"), 0 for none
    likened: bool = False  # something like it is sought: "like EL-1406"


class CodeIndex:
    """Every code of a catalogue's items."""

    def __init__(self, items: Iterable["Item"], profile: "CatalogueProfile") -> None:
        """Read the codes of all items."""
        fields = code_words().fields | {f.name for f in profile.fields.values() if f.type == "code"}
        self._alone: dict[str, tuple[str, ...]] = {}  # found without a word that introduces them
        self._all: dict[str, tuple[str, ...]] = {}  # the others, found after one
        self._marked: dict[str, tuple[str, ...]] = {}  # … and as they are written: "RJ-M-B"
        titled: dict[str, tuple[str, ...]] = {}
        for item in items:
            own = (item.id,)
            for written in _written_codes(item, fields):
                plain = plain_code(written)
                table = self._alone if stands_alone(written, plain) else self._all
                for form in same_codes(plain):
                    _add(table, form, own)
                if is_marked(written):
                    _add(self._marked, written.casefold(), own)
            for written in model_numbers(item.title):
                _add(titled, plain_code(written), own)
        for form, ids in titled.items():
            for id_ in ids if len(ids) <= _MOST_TITLES else ():
                _add(self._alone, form, (id_,))

    def named(self, message: str) -> list[NamedCode]:
        """Return the codes that a message names, in order; those of no item have no ids."""
        pieces = read_pieces(message)
        found: list[NamedCode] = []
        at = 0
        while at < len(pieces):
            if one := self._longest(message, pieces, at):
                found.append(one)
                at += sum(piece.span[0] < one.span[1] for piece in pieces[at : at + _MOST_PIECES])
            else:
                at += 1
        return sorted([*found, *_unknown_models(message, found)], key=lambda one: one.span)

    def of_digits(self, plain: str) -> tuple[str, ...]:
        """Return the forms whose digits are those of another, in order."""
        return self._by_digits.get(_NO_DIGIT.sub("", plain), ())

    @cached_property
    def _by_digits(self) -> dict[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for form in (*self._alone, *self._all):
            if digits := _NO_DIGIT.sub("", form):
                table[digits] = (*table.get(digits, ()), form)
        return table

    def _longest(self, message: str, pieces: Sequence[CodePiece], at: int) -> NamedCode | None:
        """Return the longest code that begins with a piece."""
        introduced = introduction_before(message, pieces[at].span[0])
        run = piece_run(message, pieces, at)
        for size in range(len(run), 0, -1):
            window = run[:size]
            if not (window[0].text and window[-1].text):
                continue
            span = (window[0].span[0], window[-1].span[1])
            written = message[slice(*span)].casefold()
            if ids := self._marked.get(written):
                return NamedCode(message[slice(*span)], span, message[slice(*span)], ids)
            for plain in _readings(window):
                ids = self._ids(plain, introduced=introduced is not None)
                if ids and is_free(message, window, plain, introduced):
                    return _code(message, span, introduced, ids, plain)
        if introduced and introduced["surely"]:
            span, plain = _unknown(message, run)
            return _code(message, span, introduced, (), plain)
        return None

    def _ids(self, plain: str, *, introduced: bool) -> tuple[str, ...]:
        """Return the items that have a code."""
        tables = (self._alone, self._all) if introduced else (self._alone,)
        forms = [*same_codes(plain), *same_codes(plain.removesuffix("s"))]
        return next((t[form] for form in forms for t in tables if form in t), ())


def _add(table: dict[str, tuple[str, ...]], form: str, own: tuple[str, ...]) -> None:
    """Add an item to those that have a form."""
    before = table.setdefault(form, own)
    if before is not own and own[0] not in before:
        table[form] = before + own


def _written_codes(item: "Item", fields: AbstractSet[str]) -> Iterator[str]:
    yield item.id
    for name in fields & item.attributes.keys():
        yield from _SEVERAL.split(item.attributes[name])
    yield from (one.code for one in item.variants if one.code != item.id)


def _readings(window: Sequence[CodePiece]) -> Iterator[str]:
    """Yield what a run of pieces spells: as it stands, with O for zero, with "for" for four."""
    yield "".join(piece.text for piece in window)
    inside = range(1, len(window))
    for only_o in (True, False):
        if any(window[n].misheard and (window[n].text == "o" or not only_o) for n in inside):
            yield window[0].text + "".join(
                window[n].misheard
                if window[n].misheard and (window[n].text == "o" or not only_o)
                else window[n].text
                for n in inside
            )


def _code(
    message: str,
    span: _Span,
    introduced: re.Match[str] | None,
    ids: tuple[str, ...],
    plain: str,
) -> NamedCode | None:
    """Return a code with the word that introduces it; None for a word in its place."""
    code = message[slice(*span)]
    if not (ids or has_digit(code)):
        return None
    start = introduced.start() if introduced else span[0]
    doubted = introduced and plain.isdecimal() and not (introduced["surely"] and ids)
    place = int(plain) if doubted and len(plain) <= _PLACE else 0
    likened = code_words().likened.search(message, max(0, start - _LOOKED_BACK), start)
    said, whole = message[start : span[1]], (start, span[1])
    return NamedCode(said, whole, code, ids, place, likened is not None)


def _unknown(message: str, run: Sequence[CodePiece]) -> tuple[_Span, str]:
    """Return where a code stands that a word introduces and no item has, and what it spells."""
    start, end = run[0].span
    plain = run[0].text
    for before, piece in zip(run, run[1:], strict=False):
        written = message[slice(*piece.span)]
        apart = _APART.search(message, before.span[1], piece.span[0])
        part = piece.spoken or has_digit(written) or len(written) == 1
        if apart and (not part or code_words().amount_after.match(message, piece.span[1])):
            break
        end, plain = piece.span[1], plain + piece.text
    return (start, end), plain


def _unknown_models(message: str, found: Sequence[NamedCode]) -> Iterator[NamedCode]:
    """Yield what is written as a model number without being one of an item."""
    for match in _TOKEN.finditer(message):
        written = match[0].strip(_EDGES)
        start = match.start() + match[0].index(written) if written else match.start()
        span = (start, start + len(written))
        clear = all(span[1] <= one.span[0] or one.span[1] <= span[0] for one in found)
        if clear and is_surely_model(written):
            yield NamedCode(written, span, written)
