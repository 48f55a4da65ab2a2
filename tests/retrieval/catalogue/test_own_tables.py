"""Tables as small shops keep them, written by somebody who saw nothing of Magpie: what is told."""

import json
from collections import Counter
from pathlib import Path

from retrieval.catalogue.columns import find_columns
from retrieval.catalogue.formats.opening import open_file
from retrieval.catalogue.vocabulary import export_named, recognised_export
from retrieval.errors import CatalogueError

TABLES = Path(__file__).parents[2] / "data" / "own_tables"
NEVER = {"cost", "list_price", "internal"}  # for customers these are no price and no name


def told():
    """Yield each table's columns by role, and what was found of them; None for a refused table."""
    for line in (TABLES / "expected.jsonl").read_text("utf-8").splitlines():
        said = json.loads(line)
        table = open_file(TABLES / said["file"], "")
        export = export_named(recognised_export(table.names).name)
        try:
            yield said["roles"], find_columns(table, said["file"], export, {}).fields
        except CatalogueError:
            yield said["roles"], None


def test_most_tables_are_read_and_their_columns_told():
    right, asked, refused = Counter(), Counter(), 0
    for roles, fields in told():
        refused += fields is None
        for column, role in roles.items():
            if role in ("id", "title", "price", "brand"):
                asked[role] += 1
                right[role] += (fields or {}).get(role) == column
    assert asked["title"] == 20
    assert refused <= 4
    assert all(right[role] >= 0.7 * asked[role] for role in ("id", "title", "price")), right


def test_what_the_shop_pays_is_never_the_price():
    for roles, fields in told():
        taken = {(fields or {}).get(field, "") for field in ("price", "title", "category")}
        assert not {column for column in taken if roles.get(column) in NEVER}
