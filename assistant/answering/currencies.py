"""What is said where a catalogue has prices in several currencies.

Pure. Knows the currencies of a catalogue with their counts; converts none.
"""

from collections.abc import Mapping, Sequence

from assistant.understanding.money import MoneyDoubt

_UNSAID = "none given"


def currencies_text(currencies: Mapping[str, int]) -> str:
    """List currencies with the number of their items: "EUR (40), USD (12)"."""
    return ", ".join(f"{code or _UNSAID} ({count:,})" for code, count in currencies.items())


def read_in_currency(doubts: Sequence[MoneyDoubt], currencies: Mapping[str, int]) -> str:
    """Say in which currency amounts were read, "" where they say it themselves."""
    here = f"Prices here are in {currencies_text(currencies)};"
    return " ".join(
        f"{here} “{one.said}” is read in {one.currency}."
        if one.currency
        else f"{here} “{one.said}” is read in each item’s own currency."
        for one in doubts
    )


def sorted_apart(currencies: Mapping[str, int]) -> str:
    """Say that an order by price never mixes currencies."""
    first = next(iter(currencies)) or _UNSAID
    here = f"Prices here are in {currencies_text(currencies)};"
    return f"{here} they are sorted within each currency, {first} first."
