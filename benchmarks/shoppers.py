"""How well Magpie understands shoppers that it has not seen, on shops that it was not built beside.

    python -m benchmarks.shoppers FOLDER … [--half dev] [--only WORD] [--failures] [--model NAME]
                                           [--cues-only]

FOLDER (tests/data/shoppers/a and the like) or a folder above it holds catalogues and, written by
somebody who saw nothing but these, `dev-limits.jsonl`, `dev-denials.jsonl` and
`dev-conversations.jsonl` (tests/data/shoppers/README.md says what they hold). Each catalogue is
indexed with the real encoders; a language model takes part only where one is named, to read; with
`--cues-only` the stance model is left out. The
conditions that hold after a turn are judged by the items that they admit, against the ids that an
independent script found in the raw file; answers by the numbers and names in them.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from assistant.models import load_encoders, load_language_model, load_message_reader
from assistant.settings import load_settings
from benchmarks.shopper_judge import (
    Marks,
    OpenedShop,
    judge_conversation,
    judge_denials,
    judge_limits,
)
from retrieval.evaluation.intervals import figure


def _lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    place = folder / name
    if place.is_file():
        yield from map(json.loads, place.read_text("utf-8").splitlines())


def main() -> int:
    """Hold every message of a half, and print the shares with 95 % intervals."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--half", default="dev", choices=("dev", "sealed"))
    parser.add_argument("--only", default="", help="a word of a conversation's name or catalogue")
    parser.add_argument("--failures", action="store_true", help="print what did not come true")
    parser.add_argument("--model", default="none", help="a language model, by its name")
    parser.add_argument("--cues-only", action="store_true", help="without the stance model")
    asked = parser.parse_args()
    settings = load_settings(language_model=asked.model)
    encoders = load_encoders(settings, lambda step: None, hears=False)
    model = load_language_model(settings, lambda step: None)
    reader = None if asked.cues_only else load_message_reader(settings, lambda step: None)
    make = partial(OpenedShop, encoders=encoders, model=model, reader=reader)
    scores = Marks()
    for folder in asked.folder:
        with tempfile.TemporaryDirectory() as indexes:
            shops = _Shops(folder, Path(indexes), make)
            judge_folder(folder, asked.half, asked.only, shops, scores)
    for failure in scores.failures if asked.failures else ():
        print(failure)
    for measure, marks in sorted(scores.marks.items()):
        share = figure([float(mark) for mark in marks])
        between = f"({100 * share.low:.1f} to {100 * share.high:.1f})"
        print(
            f"{measure:38} {sum(marks):4} of {len(marks):4}  {100 * share.value:5.1f} % {between}"
        )
    return 0


class _Shops(dict[str, OpenedShop]):
    """The catalogues of a folder by file name, each indexed when it is first asked for."""

    def __init__(self, folder: Path, indexes: Path, make: Callable[..., OpenedShop]) -> None:
        self._folder, self._indexes, self._make = folder, indexes, make

    def __missing__(self, name: str) -> OpenedShop:
        places = (self._folder, *self._folder.absolute().parents[:2])
        path = next((p / name for p in places if (p / name).is_file()), self._folder / name)
        self[name] = self._make(path, folder=self._indexes / name)
        return self[name]


def judge_folder(folder: Path, half: str, only: str, shops: _Shops, scores: Marks) -> None:
    """Judge every message of a folder's half."""
    for said in _lines(folder, f"{half}-limits.jsonl"):
        judge_limits(shops[said["catalogue"]], said, scores)
    for said in _lines(folder, f"{half}-denials.jsonl"):
        judge_denials(shops[said["catalogue"]], said, scores)
    for script in _lines(folder, f"{half}-conversations.jsonl"):
        if only in f"{script['catalogue']} {script['name']} {script['language']}":
            for turn in script["turns"]:
                turn["language"] = script["language"]
            judge_conversation(shops[script["catalogue"]], script, scores)
    for one in shops.values():
        one.agent.index.close()


if __name__ == "__main__":
    sys.exit(main())
