"""Read JSON Lines, and a JSON list of objects.

Knows JSON; knows not what a name means.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.encoding import text_encoding, text_lines
from retrieval.catalogue.formats.table import Numbered, Problem, Rows, SourceTable, unique_columns
from retrieval.errors import CatalogueError

_CURE = "write a whole object, as JSON has it"


def read_json_lines(path: Path) -> SourceTable:
    """Return the table of a file with one JSON object a line; raise CatalogueError for no text."""
    encoding, problems = text_encoding(path)

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        with path.open(encoding=encoding, newline="\n") as lines:
            for number, line in enumerate(text_lines(lines), start=1):
                if line.strip():
                    yield _parsed(number, line)

    return _named("JSON Lines", rows, path.parent, problems)


def objects_table(objects: list[Any], path: Path, problems: list[Problem]) -> SourceTable:
    """Return the table of a list of objects."""

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        for number, one in enumerate(objects, start=1):
            yield _checked(number, one)

    return _named("JSON", rows, path.parent, problems)


def read_json(path: Path) -> tuple[Any, list[Problem]]:
    """Return what a JSON file holds; raise CatalogueError when it cannot be read."""
    encoding, problems = text_encoding(path)
    try:
        return json.loads(path.read_text(encoding)), problems
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"{path} is not JSON ({error}): write it again") from error


def _named(kind: str, rows: Rows, folder: Path, problems: Iterable[Problem]) -> SourceTable:
    """Return the table with the names that its objects use, in the order they appear."""
    names: dict[str, None] = {}
    for found in rows(None):
        if not isinstance(found, Problem):
            names.update(dict.fromkeys(found[1]))
    kept, more = unique_columns([name.strip() for name in names])
    spelled = list(names)
    read = tuple(spelled[place] for place in kept)
    return SourceTable(kind, read, rows, folder, (*problems, *more))


def _parsed(number: int, line: str) -> Numbered:
    try:
        return _checked(number, json.loads(line))
    except (ValueError, RecursionError) as error:
        return not_json(number, "row", line, error)


def _checked(number: int, one: object) -> Numbered:
    if isinstance(one, dict):
        return number, one
    reason = f"is a {type(one).__name__} and no JSON object: the row is left out"
    return Problem(number, "row", reason, str(one), _CURE)


def not_json(number: int, field: str, written: str, error: Exception) -> Problem:
    """Return the problem of a text that cannot be parsed."""
    why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return Problem(number, field, f"is not JSON ({why}): it is left out", written, _CURE)
