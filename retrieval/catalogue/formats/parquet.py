"""Read Apache Parquet, a few hundred rows at a time.

Knows pyarrow; knows not what a column means.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from retrieval.catalogue.formats.table import Numbered, SourceTable, unique_columns
from retrieval.errors import CatalogueError

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
                    lists = [batch.column(place).to_pylist() for place in places.values()]
                    for cells in zip(*lists, strict=True):
                        number += 1
                        yield number, dict(zip(places, cells, strict=True))
        except (pyarrow.ArrowException, OSError) as error:
            raise broken(error) from error

    try:
        with parquet.ParquetFile(path) as table:
            kept, problems = unique_columns(table.schema_arrow.names)
    except (pyarrow.ArrowException, OSError) as error:
        raise broken(error) from error
    return SourceTable("Parquet", tuple(kept.values()), rows, path.parent, problems)
