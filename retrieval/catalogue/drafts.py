"""What a shop does not sell is left out: drafts, archived products, what is not published.

Knows lines and columns.toml's words for it; knows no column and no file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.catalogue.cells import cell_text
from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.vocabulary import PARENT, cell_words
from retrieval.items import normal

if TYPE_CHECKING:
    from retrieval.catalogue.rows import Line

DRAFT_FIELDS = ("status", "published")


def sale_state(cells: Mapping[str, object]) -> str:
    """Return "draft" for a row that is not sold, "sold" for one that says so, else ""."""
    said = {name: normal(cell_text(cells.get(name))) for name in DRAFT_FIELDS}
    words = cell_words()
    if said["status"] in words.draft or said["published"] in words.draft | words.unpublished:
        return "draft"
    return "sold" if any(said.values()) else ""


def is_sale_state(cell: object) -> bool:
    """Tell whether a status says whether a product is sold, and nothing of the thing itself."""
    return normal(cell_text(cell)) in cell_words().draft | cell_words().sold


def without_draft_problems(found: "Iterable[Line | Problem]") -> "Iterator[Line | Problem]":
    """Yield what was read of one row; of a draft, whatever is wrong in it, the line alone."""
    each = list(found)
    draft = any(not isinstance(one, Problem) and one.state == "draft" for one in each)
    yield from (one for one in each if not (draft and isinstance(one, Problem)))


def without_drafts(lines: Sequence["Line"]) -> tuple[list["Line"], int]:
    """Return the lines of one product that are sold, and how many drafts are left out.

    A parent that is a draft takes its variants with it, and so does a first line where the others
    say nothing. A product that is left out whole counts as one.
    """
    kept = [line for line in lines if line.state != "draft"]
    drafts = [line for line in lines if line.state == "draft"]
    if not drafts:
        return kept, 0
    parent = any(normal(line.texts["row kind"]) == PARENT for line in drafts)
    if parent or not any(line.state for line in kept):
        return [], 1
    return kept, len(drafts)
