"""Bring a database's tables up to this version of Magpie: all steps in one transaction, or none.

◆ Alembic, loaded only where a step is missing; SQLAlchemy. Knows which step is the newest; the
steps themselves stand in `versions/`. A database that a newer Magpie has written is refused.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from retrieval.errors import StorageError

NEWEST = "kept_items"  # the `revision` of the last file of versions/

# What lets one transaction at a time read and write, so that nobody's is lost between the two.
TAKE_TURNS = {
    "sqlite": "BEGIN IMMEDIATE",  # which its driver begins neither for a table nor for a reading
    "postgresql": "SELECT pg_advisory_xact_lock(7960)",
}

_HERE = Path(__file__).parent
_TABLE = "alembic_version"


def bring_up_to_date(engine: Engine, place: str) -> None:
    """Make and change the tables of a database until they are this version's.

    Raises:
        StorageError: a newer version has written it.
    """
    with engine.connect() as connection:
        if _reached(connection) == NEWEST:
            return
    with engine.begin() as connection:
        if turn := TAKE_TURNS.get(connection.dialect.name):
            connection.exec_driver_sql(turn)
        if _reached(connection) != NEWEST:  # another process may have been quicker
            _go_on(connection, place)


def _reached(connection: Connection) -> str:
    """Return the last step that a database has seen, "" for one that does not say."""
    if not inspect(connection).has_table(_TABLE):
        return ""
    return connection.scalar(text(f"SELECT version_num FROM {_TABLE}")) or ""


def _go_on(connection: Connection, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        newer = f"{place} was written by a newer Magpie"
        raise StorageError(f"{newer}: install that one, or set MAGPIE_DATABASE_URL") from error
