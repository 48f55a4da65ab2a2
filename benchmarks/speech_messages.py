"""Draw what shoppers say aloud, and what is to be understood of it, from raw catalogues.

    python -m benchmarks.speech_messages > tests/data/spoken/messages.jsonl

Knows rows as they stand in the files and `speech_wordings.toml`; knows nothing of Magpie, so that
what is expected does not follow what it understands. The file was drawn once, before hearing was
tuned. A message says which column must be how; `wanted_ids` finds the rows. The half of a message
is told by a hash of its number: nobody chose it.
"""

import csv
import json
import random
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.speech_spelling import spelt_below_hundred, spelt_code

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT / "tests" / "data" / "spoken" / "messages.jsonl"
_WORDINGS = Path(__file__).with_name("speech_wordings.toml")
_COUNTS = {  # messages of each sort, in English and in each other language
    "name": (60, 16), "limit": (150, 38), "code": (90, 14), "denial": (24, 6), "brand": (24, 6),
    "talk": (4, 2),
}  # fmt: skip
_SOUNDS = ("clean", "white", "voices", "music", "telephone", "antiphase", "silence")
_SHARES = (30, 13, 13, 13, 19, 6, 6)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SEED = "spoken shopping"

RawRow = Mapping[str, str]
_Words = Mapping[str, Any]
Told = tuple[str, str, Any]  # column, operator, value


@dataclass(frozen=True)
class SpokenShopFile:
    """A raw catalogue, and which of its columns shoppers speak of."""

    path: str  # under the root of the project
    delimiter: str
    id: str
    kind: str
    price: str
    currency: str
    brand: str
    measures: tuple[tuple[str, str], ...] = ()  # column and the unit that is said
    share: int = 1  # how often it is drawn


_DATA = "tests/data"
_SHOES = f"{_DATA}/shoes_outdoor.csv"
SHOPS = (
    SpokenShopFile(
        f"{_DATA}/electronics.csv", ",", "sku", "department", "price_eur", "EUR", "maker",
        (("ram", "GB"), ("weight", "g")), 3,
    ),
    SpokenShopFile(_SHOES, ",", "id", "type", "price", "GBP", "brand", (("rope length", "m"),), 2),
    SpokenShopFile(
        f"{_DATA}/toys_kids.csv", ";", "id", "category", "price", "EUR", "brand",
        (("pieces", "pieces"),), 2,
    ),
    SpokenShopFile(
        f"{_DATA}/books_wine.tsv", "\t", "Artikel-Nr", "Section", "Price", "USD", "",
        (("Pages", "pages"),), 2,
    ),
    SpokenShopFile(
        f"{_DATA}/spoken/gadgets.csv", ",", "model number", "type", "price", "USD", "brand",
        (("power", "W"),), 3,
    ),
    SpokenShopFile("demo/catalogue.csv", ",", "id", "kind", "price", "USD", "", (), 3),
)  # fmt: skip
_CODED = (SHOPS[4], SHOPS[4], SHOPS[4], SHOPS[0], SHOPS[3])


@dataclass(frozen=True)
class SpokenMessage:
    """One message: what is said, how it sounds, and what is to be understood."""

    number: int
    catalogue: str
    language: str
    sort: str  # "limit", "code", …
    said: str
    voice: str
    sound: str  # "clean", "telephone", …
    conditions: tuple[Told, ...] = ()
    code: str = ""  # of the item that is named

    @property
    def half(self) -> str:
        """Return the half that it belongs to, by a hash of its number."""
        return "sealed" if sha256(f"{_SEED} {self.number}".encode()).digest()[0] % 2 else "dev"


def read_messages(path: Path = MESSAGES) -> list[SpokenMessage]:
    """Return the messages of a file, in order."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        SpokenMessage(**{**one, "conditions": tuple(map(tuple, one["conditions"]))})
        for one in lines
    ]


def raw_shop_rows(shop: SpokenShopFile) -> list[RawRow]:
    """Return a catalogue's rows as they stand in its file."""
    with (ROOT / shop.path).open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: (cell or "").strip() for name, cell in row.items()}
            for row in csv.DictReader(file, delimiter=shop.delimiter)
        ]


def wanted_ids(message: SpokenMessage) -> frozenset[str]:
    """Return the ids of the rows that satisfy all conditions of a message."""
    shop = next(one for one in SHOPS if one.path == message.catalogue)
    rows = raw_shop_rows(shop)
    return frozenset(
        row[shop.id] for row in rows if all(_satisfies(row, one) for one in message.conditions)
    )


def _satisfies(row: RawRow, told: Told) -> bool:
    column, operator, value = told
    cell = row[column]
    if operator in ("is", "is not"):
        return (cell == value) == (operator == "is")
    number = cell_number(cell)
    if number is None:
        return False
    if operator == "between":
        return bool(value[0] <= number <= value[1])
    return bool(
        {"<": number < value, "<=": number <= value, ">": number > value, ">=": number >= value}[
            operator
        ]
    )


def cell_number(cell: str) -> float | None:
    """Read the number of a cell: "2,04 kg" is 2040, as grams are what weights are told in."""
    found = _NUMBER.search(cell)
    if not found:
        return None
    text = found[0]
    whole = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text)
    number = float(whole.replace(",", "."))
    return round(number * 1000, 6) if cell.endswith("kg") else number


# ---- drawing ------------------------------------------------------------------------------------


def drawn_messages() -> Iterator[SpokenMessage]:
    """Yield every message, drawn by a fixed seed."""
    wordings, number = tomllib.loads(_WORDINGS.read_text("utf-8")), 0
    for language, words in wordings.items():
        for sort, counts in _COUNTS.items():
            draw, seen = random.Random(f"{_SEED} {language} {sort}"), set[str]()
            while len(seen) < counts[language != "en"]:
                found = _DRAWN[sort](draw, language, words)
                if found is None or found[1] in seen:
                    continue
                shop, said, conditions, code = found
                seen.add(said)
                number += 1
                voice, (sound,) = draw.choice(words["voices"]), draw.choices(_SOUNDS, _SHARES)
                yield SpokenMessage(
                    number, shop.path, language, sort, said, voice, sound, conditions, code
                )


Drawn = tuple[SpokenShopFile, str, tuple[Told, ...], str] | None


def _shop(draw: random.Random) -> SpokenShopFile:
    return draw.choices(SHOPS, [one.share for one in SHOPS])[0]


def _kind(draw: random.Random, shop: SpokenShopFile, words: _Words) -> tuple[str, str] | None:
    """Draw a kind that the catalogue has and the language has a word for."""
    there = {row[shop.kind] for row in raw_shop_rows(shop)}
    fit = sorted((cell, said) for cell, said in words["kinds"].items() if cell in there)
    return draw.choice(fit) if fit else None


def _name(draw: random.Random, language: str, words: _Words) -> Drawn:
    shop = _shop(draw)
    kind = _kind(draw, shop, words)
    if kind is None:
        return None
    said = draw.choice(words["kinds_alone"]).format(k=kind[1])
    return shop, said, ((shop.kind, "is", kind[0]),), ""


def _limit(draw: random.Random, language: str, words: _Words) -> Drawn:
    shop = _shop(draw)
    kind = _kind(draw, shop, words)
    if kind is None:
        return None
    measured = [(shop.price, shop.currency)] * 3 + list(shop.measures)
    column, unit = draw.choice(measured)
    rows = [row for row in raw_shop_rows(shop) if row[shop.kind] == kind[0]]
    numbers = sorted(n for row in rows if (n := cell_number(row[column])) is not None)
    if len(numbers) < 3:
        return None
    operator = draw.choice(list(words["limits"]))
    first, second = sorted(_round(draw, draw.choice(numbers)) for _ in range(2))
    value = [first, second] if operator == "between" else first
    if first <= 0 or (operator == "between" and first == second):
        return None
    told: Told = (column, operator, value)
    kept = sum(_satisfies(row, told) for row in rows)
    if not 0 < kept < len(rows):
        return None
    amounts = {name: _amount(draw, language, words, number, unit, last) for name, number, last in
               (("a", first, operator != "between"), ("b", second, True))}  # fmt: skip
    limit = draw.choice(words["limits"][operator]).format(**amounts)
    said = draw.choice(words["frames"]).format(k=kind[1], l=limit)
    return shop, said, ((shop.kind, "is", kind[0]), told), ""


def _round(draw: random.Random, number: float) -> float:
    """Return a number near another as people say it: two figures, or three that end in 0 or 5."""
    near = number * draw.uniform(0.8, 1.25)
    if near < 20:
        return float(round(near))
    step = 10 if near < 1000 and draw.random() < 0.6 else 5
    return float(round(near / step) * step if near < 1000 else round(near / 50) * 50)


def _amount(
    draw: random.Random, language: str, words: _Words, number: float, unit: str, last: bool
) -> str:
    """Say an amount; the first of two goes without its unit."""
    text = f"{number:.0f}"
    hundreds, rest = divmod(int(number), 100)
    if language == "en" and hundreds == 1 and rest and draw.random() < 0.6:
        text = f"one hundred and {spelt_below_hundred(rest)}"
    joint = "" if language == "zh" else " "
    return f"{text}{joint}{words['units'][unit]}" if last else text


def _denial(draw: random.Random, language: str, words: _Words) -> Drawn:
    return _of_brand(draw, words, "denials", "is not")


def _brand(draw: random.Random, language: str, words: _Words) -> Drawn:
    return _of_brand(draw, words, "brands", "is")


def _of_brand(draw: random.Random, words: _Words, frames: str, operator: str) -> Drawn:
    shop = _shop(draw)
    kind = _kind(draw, shop, words)
    if kind is None or not shop.brand:
        return None
    brands = sorted({r[shop.brand] for r in raw_shop_rows(shop) if r[shop.kind] == kind[0]} - {""})
    if len(brands) < 2:
        return None
    brand = draw.choice(brands)
    said = draw.choice(words[frames]).format(k=kind[1], v=brand)
    return shop, said, ((shop.kind, "is", kind[0]), (shop.brand, operator, brand)), ""


def _code(draw: random.Random, language: str, words: _Words) -> Drawn:
    shop = draw.choice(_CODED)
    code = draw.choice(raw_shop_rows(shop))[shop.id]
    spelt = spelt_code(draw, code, words.get("letters", {}).get("style", ["plain"]), language)
    return shop, draw.choice(words["codes"]).format(c=spelt), (), code


def _talk(draw: random.Random, language: str, words: _Words) -> Drawn:
    return _shop(draw), draw.choice(words["talk"]), (), ""


_DRAWN = {
    "name": _name, "limit": _limit, "code": _code, "denial": _denial, "brand": _brand,
    "talk": _talk,
}  # fmt: skip


if __name__ == "__main__":
    for drawn in drawn_messages():
        sys.stdout.write(json.dumps(asdict(drawn), ensure_ascii=False) + "\n")
