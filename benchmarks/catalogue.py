"""Measure how fast a catalogue is read, profiled and filtered, and what is understood of it.

    python -m benchmarks.catalogue [--rows 10000 100000 1000000]
    python -m benchmarks.catalogue --update 40000
    python -m benchmarks.catalogue --limits limits.jsonl --shops FOLDER
    python -m benchmarks.catalogue --feed 2000 [--kinds csv xml jsonl]

The first makes a shop of laptops with prices, sizes and weights as CSV and times each step, in rows
a second. The second indexes such a shop with the real encoders, then updates it with other prices
of 1 % and of all rows, beside an update without a change. The third holds limits in plain words
against the raw files that they were written for: a line of the file names a catalogue, a message
and the ids that satisfy it, found without Magpie. The fourth writes feeds of so many MB and reads
each in a process of its own, for the time and the memory that it takes.
"""

import argparse
import csv
import json
import platform
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.models import load_encoders
from assistant.settings import Settings
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from benchmarks.feeds import read_apart, write_feed
from retrieval.catalogue.profile import infer_profile
from retrieval.catalogue.reader import ReadingOptions, read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.evaluation.report import peak_memory
from retrieval.filter import satisfying
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue
from retrieval.items import Catalogue, Constraint

_LIMITS = (
    Constraint("price", "<=", 800.0),
    Constraint("weight", "<=", 1.5, unit="kg"),
    Constraint("ram", ">=", 16.0, unit="GB"),
    Constraint("colours", "=", "silver"),
)
# What shops of the limits' author call columns otherwise than any shop that columns.toml knows.
_MAPPED = {"books_wine.tsv": {"brand": "Author/Producer"}}


def make_shop(rows: int, place: Path) -> None:
    """Write a shop of laptops, from one seed."""
    chance = random.Random(rows)
    with place.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow("id title category price currency weight ram colours released".split())
        for number in range(rows):
            table.writerow(
                [
                    f"L{number}",
                    f"Laptop {number}",
                    chance.choice(["Laptops", "Tablets"]),
                    f"{chance.uniform(200, 3000):.2f}",
                    "EUR",
                    f"{chance.randint(700, 3000)} g",
                    f"{chance.choice([4, 8, 16, 32])} GB",
                    ", ".join(chance.sample(["black", "silver", "blue", "red"], 2)),
                    chance.randint(2015, 2026),
                ]
            )


def read_shop_file(place: Path, mapping: Mapping[str, str] | None = None) -> Catalogue:
    """Read a catalogue into memory."""
    options = ReadingOptions(mapping=mapping or {})
    rows = (one for one in read_catalogue(place, options) if isinstance(one, Row))
    return Catalogue(place.name, {row.item.id: row.item for row in rows})


def measure_shop(rows: int, folder: Path) -> str:
    """Return a row of the table: thousands of rows a second for each step, and memory."""
    place = folder / f"{rows}.csv"
    make_shop(rows, place)
    at = time.perf_counter()
    catalogue = read_shop_file(place)
    seconds = [time.perf_counter() - at]
    for work in (
        lambda: infer_profile(catalogue),
        lambda: satisfying(catalogue, _LIMITS),  # reads each field's numbers, once
        lambda: satisfying(catalogue, _LIMITS),
    ):
        at = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - at)
    paces = " | ".join(f"{rows / one / 1000:,.0f}" for one in seconds)
    return f"| {rows:,} | {paces} | {peak_memory():,.0f} |"


def measure_limits(limits: Path, shops: Path) -> str:
    """Return how many limits admit exactly what the raw file admits, and what each missed is."""
    shown: dict[str, Vocabulary] = {}
    right, missed = dict.fromkeys(("number", "value"), 0), []
    asked = dict.fromkeys(("number", "value"), 0)
    for line in limits.read_text("utf-8").splitlines():
        said = json.loads(line)
        name = said["file"]
        if not (shops / name).exists():
            continue
        if name not in shown:
            shown[name] = Vocabulary(read_shop_file(shops / name, _MAPPED.get(name)))
        kind = "number" if _is_number(said["value"]) else "value"
        limits_read = _limits_of(said["message"], shown[name])
        asked[kind] += 1
        if admits_what_was_said(said, limits_read, shown[name]):
            right[kind] += 1
        else:
            missed.append(f"{name}: {said['message']} → {_worded(limits_read)}")
    counts = [f"{kind}: {right[kind]} of {asked[kind]}" for kind in asked]
    return "\n".join([*counts, *missed])


def admits_what_was_said(
    said: Mapping[str, Any], limits: list[Constraint], vocabulary: Vocabulary
) -> bool:
    """Tell whether limits admit the ids of the raw file, with or without the kind that is named."""
    answers = [set(map(str, said["matches"]))]
    if "kind_matches" in said:
        answers.append(set(map(str, said["kind_matches"])))
    if "also_matches" in said:
        answers.append(set(map(str, said["also_matches"])))
    apart = [one for one in limits if one.field not in vocabulary.kinds]
    for kept in (limits, apart):
        if kept and set(satisfying(vocabulary.catalogue, kept)) in answers:
            return True
    return False


def _limits_of(message: str, vocabulary: Vocabulary) -> list[Constraint]:
    changes = read_by_code(message, Conversation(), vocabulary).changes
    return list(merge(DialogueState(), changes, kinds=frozenset(vocabulary.kinds)).constraints)


def _is_number(value: object) -> bool:
    several = value if isinstance(value, list) else [value]
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in several)


def _worded(limits: list[Constraint]) -> str:
    return ", ".join(f"{c.field} {c.op} {c.value} {c.unit}".strip() for c in limits) or "nothing"


def measure_update(rows: int, folder: Path) -> str:
    """Return how long it takes to index a shop, and to update it with other prices."""
    place = folder / "update.csv"
    make_shop(rows, place)
    encoders = load_encoders(Settings(), lambda _: None, hears=False)
    lines = ["| step | rows | seconds |", "|---|---|---|"]
    for step, share in (
        ("index", 0.0),
        ("no change", 0.0),
        ("another price", 0.01),
        ("another price", 1.0),
    ):
        changed = _raise_prices(place, int(rows * share))
        done = index_catalogue(place, folder / "index", encoders, ChromaStore)
        if step != "index" and done.updated != changed:
            raise SystemExit(f"{done.updated} rows were updated, {changed} have changed")
        lines.append(f"| {step} | {changed or rows:,} | {done.seconds:.1f} |")
    return "\n".join(lines)


def _raise_prices(place: Path, count: int) -> int:
    """Add 1 to the price of the first rows of a shop; return how many."""
    with place.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    for row in rows[:count]:
        row[3] = f"{float(row[3]) + 1:.2f}"
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return count


def measure_feed(kind: str, megabytes: int, folder: Path) -> str:
    """Return a row of the table: how long a feed takes to read, and the most memory."""
    place = folder / f"feed.{kind}"
    rows = write_feed(place, megabytes * 1_000_000, bad=megabytes)
    told = read_apart(place)
    place.unlink()
    if (told["items"], len(told["problems"])) != (rows, 1):
        raise SystemExit(f"{told['items']} of {rows} items, problems: {told['problems']}")
    figures = f"{told['seconds']:,.0f} | {told['processor_seconds']:,.0f} | {told['peak_mib']:,.0f}"
    return f"| {kind} | {megabytes:,} | {rows:,} | {figures} |"


def main() -> None:
    """Read the options and print a table, or the limits that were missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--limits", type=Path, help="limits in words, as JSON Lines")
    parser.add_argument("--shops", type=Path, help="the folder of the catalogues they speak of")
    parser.add_argument("--update", type=int, help="rows of a shop to index and to update")
    parser.add_argument("--feed", type=int, help="megabytes of feeds to write and to read")
    parser.add_argument("--kinds", nargs="+", default=["csv", "xml"], help="csv, tsv, xml, jsonl")
    chosen = parser.parse_args()
    if chosen.feed:
        print("| feed | MB | rows | seconds | of the processor | peak MiB |")
        print("|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            for kind in chosen.kinds:
                print(measure_feed(kind, chosen.feed, Path(folder)), flush=True)
        return
    if chosen.update:
        with tempfile.TemporaryDirectory() as folder:
            print(measure_update(chosen.update, Path(folder)))
        return
    if chosen.limits:
        sys.stdout.write(measure_limits(chosen.limits, chosen.shops) + "\n")
        return
    print(f"{platform.machine()}, thousands of rows a second, one core\n")
    print("| rows | read | profiled | filtered first | filtered again | peak MiB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in chosen.rows:
            print(measure_shop(rows, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
