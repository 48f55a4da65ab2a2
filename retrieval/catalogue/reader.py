"""Read a catalogue: what a shop exports, a table of its own, a database, a folder of pictures.

Knows in which order tables, columns, rows and products follow; knows nothing of what is done with
the items. Rows are read one after another, and twice where the first pass has something to show, so
that a catalogue may be larger than memory.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from retrieval.catalogue.acp import ACP, acp_table, holds_variants
from retrieval.catalogue.cells import cell_text, printable
from retrieval.catalogue.columns import Columns, find_columns
from retrieval.catalogue.drafts import without_draft_problems, without_drafts
from retrieval.catalogue.formats.opening import (
    TABLE_SUFFIXES,
    is_database,
    open_database,
    open_file,
    source_name,
)
from retrieval.catalogue.formats.table import Problem, SourceTable, without_deep_rows
from retrieval.catalogue.grouping import Key, Survey, row_key, survey
from retrieval.catalogue.products import ProductLines, make_product
from retrieval.catalogue.remote_files import FetchFiles, leave_on_the_web
from retrieval.catalogue.rows import Line, Row, RowContext, read_line
from retrieval.catalogue.vocabulary import PLAIN_TABLE, export_named, recognised_export
from retrieval.errors import CatalogueError
from retrieval.items import Item

PICTURE_SUFFIXES = tuple(".avif .bmp .gif .heic .heif .jpeg .jpg .png .tif .tiff .webp".split())

_AGAIN = "stands in an earlier row: the row is left out"
_OWN_ID = "give each product an id of its own, or what are variants of one the same group"
_SPACES = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person says of a source that it does not say itself; "" to have it seen."""

    format: str = ""  # a name of columns.toml
    mapping: Mapping[str, str] = field(default_factory=dict)  # field → column
    sheet: str = ""  # of a workbook
    table: str = ""  # of a database
    query: str = ""  # in SQL, instead of a table
    now: datetime | None = None  # when sale prices must be valid; None for the present


NO_OPTIONS = ReadingOptions()  # everything is seen from the source


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a source was read."""

    format: str  # as a person calls it: "Shopify export"
    products: int
    variants: int  # what can be bought: a product without variants counts as one
    unused: tuple[str, ...] = ()  # columns in which something stands that was not used
    drafts: int = 0  # products, and single variants, that the shop does not sell
    guessed: tuple[tuple[str, str], ...] = ()  # fields and the columns that were taken for them

    @property
    def said(self) -> str:
        """Return it in one line."""
        variants = f", {self.variants:,} variants" if self.variants != self.products else ""
        drafts = (
            f"; {self.drafts:,} {'drafts' if self.drafts > 1 else 'draft'} left out"
            if self.drafts
            else ""
        )
        unused = f"; not used: {', '.join(self.unused)}" if self.unused else ""
        taken = ", ".join(f"{column} for the {field}" for field, column in self.guessed)
        guessed = (
            f"; taken, as no column is called so: {taken} (--map tells another)" if taken else ""
        )
        return f"{self.format}: {self.products:,} products{variants}{drafts}{unused}{guessed}"


_Found = Row | Problem | ReadAs


def read_catalogue(
    source: Path | str,
    options: ReadingOptions = NO_OPTIONS,
    fetch: FetchFiles = leave_on_the_web,
) -> Iterator[_Found]:
    """Yield every usable row, every problem where it is met, and at the end how it was read.

    `source` is a file, a folder of pictures, or a database's URL; `fetch` brings the files on the
    web that products name to this machine, and may read ahead.

    Raises: CatalogueError when the source is missing, empty, of no known kind, or holds no item.
    """
    seen: set[str] = set()
    first: Problem | None = None
    for found in _to_the_end(source, _read(source, options, fetch)):
        if isinstance(found, Row):
            if found.item.id in seen:
                yield Problem(found.number, "id", _AGAIN, found.item.id, _OWN_ID)
                continue
            seen.add(found.item.id)
        elif isinstance(found, Problem):
            first = first or (found if found.row else None)
        elif not seen:
            reason = _reason(first, found)
            shown = source_name(source)
            raise CatalogueError(f"{shown} holds no item that can be used ({reason})")
        yield found


def _to_the_end(source: Path | str, found: Iterator[_Found]) -> Iterator[_Found]:
    """Yield what is read; a source that can no longer be read is no shorter catalogue."""
    try:
        yield from found
    except OSError as error:
        reason = error.strerror or str(error)
        cure = "try again, or copy it to another disk"
        raise CatalogueError(
            f"{source_name(source)} cannot be read to its end ({reason}): {cure}"
        ) from error


def _reason(first: Problem | None, found: ReadAs) -> str:
    """Say why a source holds no item."""
    if first:
        return f"row {first.row}, {first.field}: {first.said}"
    if found.drafts:
        cure = "publish one, or say with --map status=COLUMN which column tells it"
        return f"every product is a draft, {found.drafts:,} in all: {cure}"
    return "it has no rows"


def _read(source: Path | str, options: ReadingOptions, fetch: FetchFiles) -> Iterator[_Found]:
    if not is_database(source) and Path(source).is_dir():
        yield from _read_folder(Path(source))
        return
    if is_database(source):
        table = open_database(str(source), options.table, options.query)
    else:
        table = open_file(Path(source), options.sheet)
    table = without_deep_rows(table)
    wanted = options.format or table.format or recognised_export(table.names).name
    if wanted == ACP and holds_variants(table):
        table = acp_table(table)
    elif wanted == ACP:  # a table that has a column of this name
        wanted = PLAIN_TABLE
    columns = find_columns(table, source_name(source), export_named(wanted), options.mapping)
    yield from table.problems
    yield from _Pass(table, columns, survey(table, columns), options).run(fetch)


@dataclass
class _Pass:
    """The second pass over a table, with the products whose rows are not all met yet."""

    table: SourceTable
    columns: Columns
    survey: Survey
    options: ReadingOptions
    open: dict[Key, list[Line]] = field(default_factory=dict)
    left: dict[Key, int] = field(default_factory=dict)  # rows still to come
    products: int = 0
    variants: int = 0
    drafts: int = 0
    unused: set[str] = field(default_factory=set)

    def run(self, fetch: FetchFiles) -> Iterator[_Found]:
        for found in fetch(self._lines()):
            if isinstance(found, ProductLines):
                yield from self._made(found)
            else:
                yield found
        unused = tuple(name for name in self.columns.ignored if name in self.unused)
        title = self.columns.export.title or self.table.kind
        guessed = tuple(self.columns.guessed.items())
        yield ReadAs(title, self.products, self.variants, unused, self.drafts, guessed)

    def _lines(self) -> Iterator[ProductLines | Problem]:
        """Yield each product when its last row has been met, and what is wrong in the rows."""
        now = self.options.now or datetime.now(UTC)
        reading = RowContext(self.columns, self.table.folder, self.survey.decimal, now)
        ignored = set(self.columns.ignored)
        for found in self.table.rows(None):
            if isinstance(found, Problem):
                yield found
                continue
            number, record = found
            said = {name for name in ignored if cell_text(record.get(name))}
            self.unused, ignored = self.unused | said, ignored - said
            key = self.survey.product(row_key(record, self.columns))
            for one in without_draft_problems(read_line(number, record, reading)):
                if isinstance(one, Problem):
                    yield one
                elif key:
                    self.open.setdefault(key, []).append(one)
                else:
                    yield from self._sold([one])
            if key:
                yield from self._whole(key)

    def _whole(self, key: Key) -> Iterator[ProductLines]:
        self.left[key] = self.left.get(key, self.survey.rows.get(key, 1)) - 1
        if not self.left[key]:
            del self.left[key]
            lines = self.open.pop(key, [])
            if lines:
                shared = key[0] in self.survey.shared or len(lines) == 1
                grouped = "group" in self.columns.fields and not shared
                yield from self._sold(lines, key[0] if grouped else "")

    def _sold(self, lines: list[Line], group: str = "") -> Iterator[ProductLines]:
        """Yield what of a product is sold; drafts are counted."""
        sold, drafts = without_drafts(lines)
        self.drafts += drafts
        if sold:
            yield ProductLines(sold, group)

    def _made(self, product: ProductLines) -> Iterator[_Found]:
        for one in make_product(product):
            if isinstance(one, Row):
                self.products += 1
                self.variants += len(one.item.variants) or 1
            yield one


def _read_folder(folder: Path) -> Iterator[_Found]:
    """Read a folder of pictures: each is an item, named after its file."""
    found = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in PICTURE_SUFFIXES)
    pictures = [path for path in found if path.is_file() and not path.name.startswith(".")]
    if not pictures:
        suffixes = TABLE_SUFFIXES
        tables = [path.name for path in sorted(folder.iterdir()) if path.suffix.lower() in suffixes]
        cure = f"give {folder / tables[0]} itself" if tables else "give a file or another folder"
        raise CatalogueError(f"{folder} holds no pictures: {cure}")
    for number, path in enumerate(pictures, start=1):
        inside = path.relative_to(folder)
        yield Row(
            number,
            Item(
                id=printable(inside.as_posix()),
                title=_SPACES.sub(" ", printable(path.stem)).strip() or inside.name,
                category=_SPACES.sub(" ", printable(inside.parent.name)),
                pictures=(path.absolute(),),
            ),
        )
    yield ReadAs("folder of pictures", len(pictures), len(pictures))
