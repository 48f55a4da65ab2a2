"""Read a table or a query of an SQL database, by its SQLAlchemy URL.

Knows SQLAlchemy; knows not what a column means. It reads only, and never shows a password. Cells
are what the database's driver returns: SQLAlchemy's own reading of a type would end at the first
value that does not fit it, and SQLite keeps any value in any column.
"""

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    MetaData,
    Select,
    TextClause,
    create_engine,
    event,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import NullType

from retrieval.catalogue.formats.table import Numbered, SourceTable, unique_columns
from retrieval.errors import BAD_VALUE, CatalogueError

_BATCH = 1000  # rows in memory at once


def read_database(address: str, table: str = "", query: str = "") -> SourceTable:
    """Return the rows of a table, or of a query.

    Raises: CatalogueError when it cannot be opened or read, or it is not said which table.
    """
    engine = _engine(address)
    shown = shown_address(address)
    with _reading(engine, shown) as connection:
        statement = text(query) if query else _whole(connection, table, shown)
        names = list(connection.execute(statement).keys())
    kept, problems = unique_columns(names)

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        with _reading(engine, shown) as connection:
            found = connection.execution_options(yield_per=_BATCH).execute(statement)
            for number, cells in enumerate(found, start=1):
                yield number, {name: cells[place] for place, name in kept.items()}

    return SourceTable("SQL", tuple(kept.values()), rows, Path.cwd(), problems)


def shown_address(address: str) -> str:
    """Return a database's URL without its password."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except (SQLAlchemyError, ValueError):  # ValueError: of a port that is no number
        return address.partition("://")[0] + "://…"


def _engine(address: str) -> Engine:
    shown = shown_address(address)
    try:
        url = make_url(address)
        file = url.database if url.get_backend_name() == "sqlite" else None
        if file and file != ":memory:" and not Path(file).is_file():
            raise CatalogueError(f"{shown}: there is no file {file}: give the database's path")
        engine = create_engine(url)
    except (SQLAlchemyError, ImportError, *BAD_VALUE) as error:
        cure = "see SQLAlchemy's database URLs, and install the driver it names"
        raise CatalogueError(f"{shown} cannot be opened ({_reason(error)}): {cure}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _keep_broken_text)
    return engine


def _keep_broken_text(connection: Any, _record: object) -> None:  # noqa: ANN401
    """Let SQLite's driver return text that is not UTF-8, with marks for what is not."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")


@contextmanager
def _reading(engine: Engine, shown: str) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except (SQLAlchemyError, *BAD_VALUE) as error:
        cure = "check --table or --query, and that the database runs"
        raise CatalogueError(f"{shown} cannot be read ({_reason(error)}): {cure}") from error
    finally:
        engine.dispose()


def _whole(connection: Connection, table: str, shown: str) -> Select[Any] | TextClause:
    seen = inspect(connection)
    names = [*seen.get_table_names(), *seen.get_view_names()]
    schema, _, plain = table.rpartition(".")
    if not table and len(names) != 1:
        known = ", ".join(names) or "none"
        raise CatalogueError(
            f"{shown} has these tables: {known}: choose one with --table or --query"
        )
    if table and table not in names and not schema:
        raise CatalogueError(f"{shown} has no table {table!r}: it has {', '.join(names) or 'none'}")
    with (
        warnings.catch_warnings()
    ):  # of types that SQLAlchemy does not know; cells stay as they are
        warnings.simplefilter("ignore")
        found = SqlTable(
            plain or names[0], MetaData(), schema=schema or None, autoload_with=connection
        )
    columns: list[Any] = [type_coerce(one, NullType()).label(one.name) for one in found.columns]
    return select(*columns)


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())
