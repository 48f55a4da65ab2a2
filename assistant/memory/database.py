"""The database of the memory: opened for its owner alone, its errors with their cure.

◆ SQLAlchemy (SQLite by default, any URL). Knows addresses, files and errors; knows no conversation.
"""

import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, delete
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.memory.schema import TAKE_TURNS, bring_up_to_date
from assistant.memory.tables import (
    ExchangeRow,
    FormerStateRow,
    OwnerRow,
    SessionRow,
    TalkRow,
    TurnRow,
)
from retrieval.errors import BAD_VALUE, MessageError, StorageError

DATABASE_ERRORS = (SQLAlchemyError, ImportError, *BAD_VALUE)  # ImportError: of a missing driver

_OWNER = 0o600  # may read and write; nobody else may
_WAIT = 20  # seconds
_SOMEWHERE = "the address in MAGPIE_DATABASE_URL"
_CURES = tuple(
    (re.compile(signs, re.IGNORECASE), cure)
    for signs, cure in (
        (r"\block", "another process is writing to it: wait for it to end, or stop it"),
        (r"full|no space|disk I/O", "make room there, or set MAGPIE_DATABASE_URL to another place"),
        (r"read.?only|permission|unable to open", "let this account write there"),
        (
            r"malformed|not a database|no such (table|column)|no column|UTF-8|isoformat|date",
            "it is damaged or another program's: move it away, and a new one is begun",
        ),
        (r"module|plugin|dialect", "install the driver that MAGPIE_DATABASE_URL names"),
    )
)
_OTHERWISE = "check MAGPIE_DATABASE_URL, and that the database runs"


class Database:
    """An open database."""

    def __init__(self, url: str) -> None:
        """Open it, and bring its tables up to date.

        Raises:
            StorageError: it cannot be opened or written.
        """
        self._engine = open_engine(url)
        self.place = self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction, and convert database errors.

        Raises:
            StorageError: the database cannot be read or written.
        """
        try:
            with Session(self._engine) as session, session.begin():
                if turn := TAKE_TURNS.get(self._engine.dialect.name):
                    session.connection().exec_driver_sql(turn)
                yield session
        except DATABASE_ERRORS as error:
            raise storage_error(self.place, error) from error

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def check_owner(database: Session, session: str, user: str) -> None:
    """Refuse a conversation that another user began.

    Raises:
        MessageError: it is another user's.
    """
    owner = database.get(OwnerRow, session)
    if owner is not None and owner.user != user:
        raise MessageError(
            f"conversation {owner.session!r} belongs to another user: begin a new one"
        )


def delete_sessions(database: Session, sessions: Sequence[str]) -> None:
    """Delete conversations from every table."""
    for row, name in (
        (TurnRow, TurnRow.session),
        (ExchangeRow, ExchangeRow.session),
        (TalkRow, TalkRow.session),
        (FormerStateRow, FormerStateRow.session),
        (SessionRow, SessionRow.id),
        (OwnerRow, OwnerRow.session),
    ):
        database.execute(delete(row).where(name.in_(sessions)))


def open_engine(url: str) -> Engine:
    """Open a database with the tables of this version; an SQLite file is its owner's only.

    Raises: StorageError when it cannot be opened or written, or is a newer version's.
    """
    place = _SOMEWHERE
    try:
        address = make_url(url)
        place = address.render_as_string(hide_password=True)
        if address.database and address.get_backend_name() == "sqlite":
            _make_private(Path(address.database))
        engine = create_engine(address, connect_args=_options(address), pool_pre_ping=True)
        bring_up_to_date(engine, place)
    except DATABASE_ERRORS as error:
        raise storage_error(place, error) from error
    return engine


def _options(address: URL) -> dict[str, object]:
    """Return how a database is connected to, unless the address says otherwise."""
    options: dict[str, object] = {}
    if address.get_backend_name() == "sqlite":
        options = {"timeout": _WAIT}  # seconds, for the transactions of others
    elif address.get_backend_name() == "postgresql":
        options = {"connect_timeout": _WAIT, "options": "-c timezone=utc"}  # times are kept in UTC
    return {name: value for name, value in options.items() if name not in address.query}


def storage_error(place: str, error: Exception) -> StorageError:
    """Return the error that names a database, what went wrong there, and the cure."""
    cause = " ".join(str(getattr(error, "orig", None) or error).split())
    cure = next((cure for signs, cure in _CURES if signs.search(cause)), _OTHERWISE)
    return StorageError(f"nothing can be kept at {place} ({cause}): {cure}")


def _make_private(file: Path) -> None:
    """Let a database's file be there for its owner alone; SQLite's other files follow it."""
    if str(file) == ":memory:":
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=_OWNER)
    if stat.S_IMODE(file.stat().st_mode) != _OWNER:
        file.chmod(_OWNER)
