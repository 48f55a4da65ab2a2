"""Prices, quantities and codes of any text are read or refused, and never come out as no number."""

import math

from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.catalogue.cells import cell_text, printable, prose
from retrieval.catalogue.headers import split_header, with_unit
from retrieval.catalogue.prices import UnreadableCellError, decimal_mark, read_currency, read_price
from retrieval.items import split_values
from retrieval.units import read_quantity

PATIENT = settings(deadline=None)
NUMBERS = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[-+−]?[$€£¥]? ?[0-9.,\u00a0' ]{1,20} ?(EUR|kg|mm|%|\"|\u2033|cm²|GB)?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}([.,/x×–-][0-9]{1,4}){0,4} ?[a-z]{0,3}", fullmatch=True),
    st.floats().map(str),
    st.integers().map(str),
)  # fmt: skip


@PATIENT
@given(NUMBERS, st.sampled_from(("", ".", ",")))
def test_any_price_is_read_or_refused(written, decimal):
    decimal_mark([written], ())
    try:
        amount, _ = read_price(written, decimal, "", ("from",))
        assert math.isfinite(amount)
        assert amount >= 0
    except UnreadableCellError as error:
        assert error.reason  # noqa: PT017 - one of both
        assert error.cure  # noqa: PT017


@PATIENT
@given(st.text(max_size=10))
def test_any_currency_is_read_or_refused(written):
    try:
        assert len(read_currency(written)) == 3
    except UnreadableCellError as error:
        assert error.cure  # noqa: PT017 - one of both


@PATIENT
@given(NUMBERS)
@example("0.0,0.0")  # found so: it ended a run, and a turn
def test_any_quantity_is_read_or_none(written):
    split_values(written)
    if (found := read_quantity(written)) is not None:
        assert found.low <= found.high  # also: neither is NaN


@PATIENT
@given(NUMBERS, NUMBERS)
def test_any_header_gives_its_name_and_unit(header, value):
    _, unit = split_header(header)
    assert isinstance(with_unit(value, unit), str)


@PATIENT
@given(st.text() | st.text(alphabet="<>&;#x0/![]\u202e\u200b \ud800abc", max_size=60))
def test_any_text_is_made_printable(written):
    for cleaned in (printable(written), cell_text(written)):
        cleaned.encode()  # no halves of characters
        assert printable(cleaned) == cleaned
    assert isinstance(prose(written), str)
