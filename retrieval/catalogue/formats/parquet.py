"""Read Apache Parquet, a few hundred rows at a time.

Knows pyarrow; knows not what a column means. A cell that pyarrow cannot turn into a value (a year
of five digits, an unknown time zone) costs only itself; text that is not UTF-8 keeps its other
letters.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.table import Numbered, Problem, SourceTable, unique_columns
from retrieval.errors import BAD_VALUE, CatalogueError

_BATCH = 256  # rows in memory at once


def read_parquet(path: Path) -> SourceTable:
    """Return the table of a Parquet file; raise CatalogueError when it is not whole."""
    import pyarrow
    from pyarrow import parquet

    def broken(error: Exception) -> CatalogueError:
        reason = " ".join(str(error).split())
        return CatalogueError(f"{path} is not whole Parquet ({reason}): write it again")

    def rows(columns: Collection[str] | None) -> Iterator[Numbered]:
        wanted = list(kept.values() if columns is None else columns)
        try:
            with parquet.ParquetFile(path) as table:
                number = 0
                for batch in table.iter_batches(_BATCH, columns=wanted):
                    places = {name: batch.schema.names.index(name) for name in wanted}
                    columns_of = {name: _cells(batch.column(at)) for name, at in places.items()}
                    for row in range(len(batch)):
                        number += 1
                        record = {name: cells[row] for name, cells in columns_of.items()}
                        yield from _numbered(number, record)
        except (pyarrow.ArrowException, OSError) as error:
            raise broken(error) from error

    try:
        with parquet.ParquetFile(path) as table:
            kept, problems = unique_columns(table.schema_arrow.names)
    except BAD_VALUE as error:
        raise broken(error) from error
    return SourceTable("Parquet", tuple(kept.values()), rows, path.parent, problems)


def _cells(column: Any) -> list[Any]:  # noqa: ANN401
    """Return a column's cells; in the place of one that has no value here, what was raised."""
    try:
        whole: list[Any] = column.to_pylist()
    except BAD_VALUE:
        return [_cell(scalar) for scalar in column]
    return whole


def _cell(scalar: Any) -> Any:  # noqa: ANN401
    try:
        return scalar.as_py()
    except UnicodeDecodeError as error:
        return error.object.decode("utf-8", "surrogateescape")
    except BAD_VALUE as error:
        return error


def _numbered(number: int, record: Mapping[str, Any]) -> Iterator[Numbered]:
    """Yield a problem for each cell that has no value, and the row with these cells empty."""
    for name, cell in record.items():
        if isinstance(cell, BAD_VALUE):
            reason = (
                f"has no value that can be read ({type(cell).__name__}): the cell counts as empty"
            )
            yield Problem(number, name, reason, str(cell), "write the value as text")
    yield number, {n: None if isinstance(c, BAD_VALUE) else c for n, c in record.items()}
