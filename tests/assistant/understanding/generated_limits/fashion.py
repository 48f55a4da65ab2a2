"""A seed → requests for values of the fashion data, which has no column of numbers.

A value that is a part of another's ("blue", "navy blue") or a kind that two columns count otherwise
("dresses") is left out: there a person cannot tell which rows are meant.
"""

import random
from collections.abc import Iterator, Mapping, Sequence

from tests.assistant.understanding.generated_limits.drawing import GeneratedLimit, Row

REQUESTS = 36
COLUMNS = ("id", "name", "gender", "master_category", "sub_category", "article_type", "base_colour", "season", "usage")  # fmt: skip
_MISSING = ("", "NA")
_FEWEST = 5  # rows, so that a request is no riddle

_KINDS = {
    "shirts": "Shirts", "t-shirts": "Tshirts", "watches": "Watches", "kurtas": "Kurtas", "handbags": "Handbags",
    "tops": "Tops", "heels": "Heels", "sunglasses": "Sunglasses", "backpacks": "Backpacks", "jeans": "Jeans",
    "trousers": "Trousers", "track pants": "Track Pants", "sweatshirts": "Sweatshirts", "sweaters": "Sweaters",
    "tunics": "Tunics", "skirts": "Skirts", "leggings": "Leggings", "earrings": "Earrings", "sarees": "Sarees",
    "casual shoes": "Casual Shoes", "sports shoes": "Sports Shoes", "formal shoes": "Formal Shoes", "caps": "Caps",
}  # fmt: skip
_COLOURS = (
    "Black", "Red", "Navy Blue", "Pink", "Purple", "Silver", "Yellow", "Beige", "Gold", "Maroon", "Orange", "Olive",
    "Cream", "Khaki", "Lavender", "Peach", "Teal", "Tan", "Mustard", "Off White", "Charcoal",
)  # fmt: skip
_USAGES = ("Casual", "Formal", "Ethnic", "Party")
_SEASONS = ("Summer", "Winter", "Fall", "Spring")
_GENDERS = ("Men", "Women", "Boys", "Girls")

# What stands in braces is asked for; after "!" it is not wanted.
_REQUESTS = (
    "{colour} {kind} for {gender}", "{kind} in {colour}", "{colour} {usage} {kind} for {gender}", "{gender}'s {kind}",
    "{usage} {kind}", "{season} {kind} for {gender}", "{kind} for {season}", "show me {colour} {kind}",
    "I'm looking for {usage} {kind} in {colour}", "{kind} for {gender} in {colour}", "nothing in {!colour}",
    "{kind} but not {!colour}", "{kind} in any colour except {!colour}", "no {!colour} {kind}",
    "{gender}'s {kind}, nothing in {!colour}", "{kind} for {gender}, anything but {!colour}", "anything {colour} for {gender}",
    "{kind} or {kind2} in {colour}", "{kind} in {colour} or {colour2}",
)  # fmt: skip


def fashion_requests(seed: int, rows: Sequence[Row]) -> Iterator[GeneratedLimit]:
    """Yield requests for values, with the ids of the raw rows that have them."""
    draw, seen, table = random.Random(f"{seed} fashion"), set[str](), _table(rows)
    while len(seen) < REQUESTS:
        pattern = _REQUESTS[len(seen) % len(_REQUESTS)]
        drawn = _drawn(draw)
        if "casual" in drawn["kind"][2] and "{usage}" in pattern:
            continue  # "formal casual shoes"
        message = pattern
        for name, (_, _, said) in drawn.items():
            message = message.replace(f"{{!{name}}}", said).replace(f"{{{name}}}", said)
        message = message.replace("s's ", "s' ")
        ids = _having(table, pattern, drawn)
        if len(ids) >= _FEWEST and message not in seen:
            seen.add(message)
            named = (name for name in drawn if f"{name}}}" in pattern)
            columns = tuple(dict.fromkeys(drawn[name][0] for name in named))
            yield GeneratedLimit("fashion", message, columns, frozenset(ids))


def _table(rows: Sequence[Row]) -> Mapping[str, Mapping[str, set[str]]]:
    """Return the ids of the rows that say each value, by column; NA says nothing."""
    table: dict[str, dict[str, set[str]]] = {column: {} for column in COLUMNS}
    for row in rows:
        for column, value in row.items():
            if value not in _MISSING:
                table[column].setdefault(value, set()).add(row["id"])
    return table


def _drawn(draw: random.Random) -> Mapping[str, tuple[str, str, str]]:
    """Draw a value for each place: its column, the value, and how a shopper says it."""
    kinds, colours = draw.sample(sorted(_KINDS), 2), draw.sample(_COLOURS, 2)
    plain = {
        "usage": ("usage", draw.choice(_USAGES)), "season": ("season", draw.choice(_SEASONS)),
        "gender": ("gender", draw.choice(_GENDERS)),
        "colour": ("base_colour", colours[0]), "colour2": ("base_colour", colours[1]),
    }  # fmt: skip
    return {
        "kind": ("article_type", _KINDS[kinds[0]], kinds[0]),
        "kind2": ("article_type", _KINDS[kinds[1]], kinds[1]),
        **{name: (column, value, value.lower()) for name, (column, value) in plain.items()},
    }


def _having(
    table: Mapping[str, Mapping[str, set[str]]],
    pattern: str,
    drawn: Mapping[str, tuple[str, str, str]],
) -> set[str]:
    """Return the ids of what has all that is asked for; what says nothing fits nothing."""
    wanted: dict[str, set[str]] = {}
    for name, (column, value, _) in drawn.items():
        if f"{{{name}}}" in pattern:
            sorts = (
                v for v in table[column] if column == "article_type" and v.endswith(f" {value}")
            )
            values = (value, *sorts)  # "Lounge Tshirts" are t-shirts
            wanted.setdefault(column, set()).update(*(table[column].get(v, ()) for v in values))
        if f"{{!{name}}}" in pattern:
            others = (ids for other, ids in table[column].items() if other != value)
            wanted[f"not {column}"] = set().union(*others)
    return set.intersection(*wanted.values())
