"""Read a Merchant feed as RSS or Atom, element by element.

Knows XML; knows not what a name means: `g:price` is the column "price".
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from retrieval.catalogue.formats.table import Numbered, Problem, SourceTable
from retrieval.errors import CatalogueError

_ENTRIES = frozenset({"item", "entry"})


def read_xml(path: Path) -> SourceTable:
    """Return one row for each item of a feed; raise CatalogueError when it is no feed."""

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        number = 0
        try:
            for element in _entries(path):
                number += 1
                yield _numbered(number, element)
        except ElementTree.ParseError as error:
            reason, cure = "is not whole XML: what follows is lost", "write the file again"
            yield Problem(number + 1, "row", reason, str(error), cure)

    names: dict[str, None] = {}
    for found in rows(None):
        if not isinstance(found, Problem):
            names.update(dict.fromkeys(found[1]))
    if not names:
        raise CatalogueError(f"{path} holds no <item> and no <entry>: give a feed as RSS or Atom")
    return SourceTable("XML", tuple(names), rows, path.parent)


def _entries(path: Path) -> Iterator[ElementTree.Element]:
    """Yield the entries of a feed one by one; what has been read is taken off the tree."""
    above: list[ElementTree.Element] = []
    inside = 0  # entries that are open
    for event, element in ElementTree.iterparse(path, ("start", "end")):
        entry = _local(element.tag) in _ENTRIES
        if event == "start":
            above.append(element)
            inside += entry
            continue
        above.pop()
        if entry:
            inside -= 1
            yield element
        if above and not inside:
            above[-1].remove(element)


def _numbered(number: int, element: ElementTree.Element) -> Numbered:
    try:
        return number, _record(element)
    except RecursionError:
        reason, cure = "is nested too deep: the row is left out", "write its values side by side"
        return Problem(number, "row", reason, "", cure)


def _record(element: ElementTree.Element) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for child in element:
        name, value = _local(child.tag), _value(child)
        before = record.get(name)
        if before and value:
            value = [*(before if isinstance(before, list) else [before]), value]
        record[name] = value or before or ""
    return record


def _value(element: ElementTree.Element) -> Any:  # noqa: ANN401
    if len(element) and not (element.text or "").strip():
        return {_local(child.tag): _value(child) for child in element}
    return "".join(element.itertext()).strip() or element.get("href", "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
