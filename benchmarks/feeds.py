"""Write large feeds of products, and measure how long one takes to read and how much memory.

    python -m benchmarks.feeds FILE

reads a catalogue in a process of its own, without encoding, and prints its rows, items, problems,
seconds and peak memory as JSON. `benchmarks.catalogue --feed` writes one of 2 GB and calls it.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row

_PROSE = "Woven slowly of wool from sheep that walk all summer, washed by hand. " * 12
_HEAD = {
    ".xml": '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>\n',
    ".csv": "id,title,description,price,colour\n",
    ".tsv": "id\ttitle\tdescription\tprice\tcolour\n",
    ".jsonl": "",
}
_TAIL = {".xml": "</channel></rss>\n"}


def write_feed(place: Path, size: int, *, bad: int = 0, prose: str = _PROSE) -> int:
    """Write a feed of at least `size` bytes, by its suffix; return its rows.

    The price of product number `bad` cannot be read.
    """
    suffix, number = place.suffix, 0
    with place.open("w", encoding="utf-8") as file:
        written = file.write(_HEAD[suffix])
        while written < size:
            number += 1
            price = "12,x0" if number == bad else f"{number % 900}.50"
            written += file.write(_product(suffix, number, price, prose))
        file.write(_TAIL.get(suffix, ""))
    return number


def _product(suffix: str, number: int, price: str, prose: str) -> str:
    colour = ("red", "green", "blue")[number % 3]
    cells = (f"P{number}", f"Blanket {number}", prose, price, colour)
    if suffix == ".jsonl":
        names = ("id", "title", "description", "price", "colour")
        return json.dumps(dict(zip(names, cells, strict=True))) + "\n"
    if suffix == ".xml":
        names = ("id", "title", "description", "price", "color")
        inside = "".join(f"<g:{n}>{c}</g:{n}>" for n, c in zip(names, cells, strict=True))
        return f"<item>{inside}</item>\n"
    quoted = (cells[0], cells[1], f'"{prose}"', f'"{price}"', colour)
    return ("\t" if suffix == ".tsv" else ",").join(quoted) + "\n"


def read_apart(place: Path) -> dict[str, Any]:
    """Read a catalogue in another process; return what was found, the seconds and the memory."""
    command = [sys.executable, "-m", "benchmarks.feeds", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _read(found: Iterator[object]) -> dict[str, Any]:
    items, problems = 0, []
    for one in found:
        items += isinstance(one, Row)
        if isinstance(one, Problem):
            problems.append([one.row, one.field, one.value])
    return {"items": items, "problems": problems}


def main() -> None:
    """Read the file that is named, and print what was found."""
    place, before = Path(sys.argv[1]), _peak()
    started = time.perf_counter()
    told = _read(read_catalogue(place))
    told |= {"seconds": time.perf_counter() - started, "peak_mib": _peak(), "before_mib": before}
    told["processor_seconds"] = time.process_time()
    print(json.dumps(told))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
