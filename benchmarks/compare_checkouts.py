"""Check that two checkouts give the same answers to scripted conversations and searches.

    python benchmarks/compare_checkouts.py BEFORE AFTER [--fashion fashion]

For changes that must not affect users, such as a refactoring. Each checkout is run through its own
`magpie` command. The script only relies on the entry point in pyproject.toml, on `--json`, and on
the files that `magpie evaluate conversation --out` writes; it does not depend on the code's
structure. No language model is used; times are ignored. Both use the models and the fashion index
of MAGPIE_HOME, index the demo again, and run on one thread, so that only the code differs. The exit
status is 1 if there is any difference.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

SEARCHES = 200
_SHOWN = 3  # differences printed per part
_TIMES = ("timings_ms", "version", "seconds")


def main() -> None:
    """Record both checkouts, each in its own process, and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("checkouts", nargs=2, type=Path, metavar="CHECKOUT")
    parser.add_argument("--fashion", default="", help="the index of the fashion conversations")
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.record:
        record_checkout(options.checkouts[0].resolve(), options.record, options.fashion)
        return
    before, after = (_recorded(one.resolve(), options.fashion) for one in options.checkouts)
    same = [_same(part, before[part], after[part]) for part in before]
    sys.exit(0 if all(same) else 1)


def record_checkout(checkout: Path, place: Path, fashion: str) -> None:
    """Write the results of this checkout's command to a file."""
    sys.meta_path[:] = [one for one in sys.meta_path if "__editable__" not in str(one)]
    sys.path.insert(0, str(checkout))
    entry = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["scripts"]["magpie"]
    module, _, name = entry.partition(":")
    command = getattr(import_module(module), name)
    with tempfile.TemporaryDirectory() as kept:
        chosen = ["--fashion", fashion] if fashion else []
        _printed(command, "evaluate", "conversation", "--model", "none", "--out", kept, *chosen)
        conversations = {
            path.name: _timeless(json.loads(path.read_text()))
            for path in sorted(Path(kept).rglob("*.json"))
            if path.name != "report.json"
        }
    searches = {
        " ".join(options): _timeless(json.loads(_printed(command, "search", *options, "--json")))
        for options in _queries(checkout / "demo" / "catalogue.csv")
    }
    place.write_text(json.dumps({"conversations": conversations, "searches": searches}))


def _queries(catalogue: Path) -> Iterator[list[str]]:
    """Yield searches for the demo's items by kind, colour, price, description and picture."""
    with catalogue.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows[:: max(1, len(rows) // SEARCHES)][:SEARCHES]):
        match number % 5:
            case 0:
                yield [f"{row['colour']} {row['kind']}"]
            case 1:
                yield [f"a {row['kind']} under {float(row['price']) + 1:g} dollars"]
            case 2:
                yield [" ".join(row["description"].split()[:8])]
            case 3:
                yield [f"{row['material']} {row['category']}, not {row['colour']}", "-k", "5"]
            case _:
                picture = row["pictures"].split("|")[0]
                yield ["in blue", *(["--photo", f"demo/{picture}"] if picture else [])]


def _printed(command: Callable[[], None], *options: str) -> str:
    """Run the command in this process; return its standard output."""
    printed, sys.argv = io.StringIO(), ["magpie", *options]
    with contextlib.redirect_stdout(printed):
        try:
            command()
        except SystemExit as end:
            if end.code:
                raise
    return printed.getvalue()


def _timeless(value: object) -> object:
    """Remove values that differ between two runs of the same code."""
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name not in _TIMES}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


def _recorded(checkout: Path, fashion: str) -> Mapping[str, Mapping[str, Any]]:
    real = Path(os.environ.get("MAGPIE_HOME", "~/.cache/magpie")).expanduser()
    with tempfile.TemporaryDirectory() as folder:
        home, place = Path(folder) / "home", Path(folder) / "record.json"
        for shared in ("models", "converted", *([f"indexes/{fashion}"] if fashion else [])):
            (home / shared).parent.mkdir(parents=True, exist_ok=True)
            (real / shared).mkdir(parents=True, exist_ok=True)
            (home / shared).symlink_to(real / shared)
        own = [sys.executable, __file__, str(checkout), str(checkout), "--record", str(place)]
        alike = {**os.environ, "MAGPIE_HOME": str(home), "OMP_NUM_THREADS": "1"}
        subprocess.run([*own, "--fashion", fashion], cwd=checkout, env=alike, check=True)
        found: dict[str, dict[str, Any]] = json.loads(place.read_text())
        return found


def _same(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Print the number of equal results, and the first differences."""
    names = sorted({*before, *after})
    other = [name for name in names if before.get(name) != after.get(name)]
    print(f"{part}: {len(names) - len(other)} of {len(names)} the same")
    for name in other[:_SHOWN]:
        print(f"  {name}\n    before {before.get(name)}\n    after  {after.get(name)}")
    return not other


if __name__ == "__main__":
    main()
