"""Keep conversations, so that a session goes on across calls and restarts.

The ◆ door to SQLAlchemy (SQLite by default, any URL). Knows what a conversation is made of; knows
no catalogue: items are kept by id and looked up again by the caller.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, Text, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from assistant.events import Done, Request
from assistant.ledger import Ledger
from assistant.understand import Conversation
from retrieval.errors import StorageError
from retrieval.items import Catalogue, Constraint


class _Table(DeclarativeBase):
    pass


class _SessionRow(_Table):
    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str]
    started: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    state: Mapped[str] = mapped_column(Text, default="{}")  # JSON: ledger, shown, phrase, photos


class _TurnRow(_Table):
    __tablename__ = "turns"
    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    words: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)  # JSON list of ids


class Memory:
    """Conversations in a database."""

    def __init__(self, url: str) -> None:
        """Open the database, and make its tables if they are not there.

        Raises:
            StorageError: the database cannot be opened or written.
        """
        self._url = make_url(url)
        try:
            if self._url.database and self._url.get_backend_name() == "sqlite":
                Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
            self._engine = create_engine(self._url)
            _Table.metadata.create_all(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise self._refused(error) from error

    def recall(self, session: str, catalogue: Catalogue) -> Conversation:
        """Return where a session stands; one that is new, or of another catalogue, starts empty."""
        try:
            with Session(self._engine) as database:
                row = database.get(_SessionRow, session)
                found = (row.catalogue, row.state) if row else ("", "{}")
        except SQLAlchemyError as error:
            raise self._refused(error) from error
        return (
            _conversation(json.loads(found[1]), catalogue)
            if found[0] == catalogue.name
            else Conversation()
        )

    def keep(self, request: Request, now: Conversation, done: Done, catalogue: Catalogue) -> None:
        """Keep a finished turn and where the session stands after it."""
        shown = [candidate.item.id for candidate in done.candidates]
        try:
            with Session(self._engine) as database, database.begin():
                row = database.get(_SessionRow, done.session) or _SessionRow(id=done.session)
                row.catalogue, row.state = catalogue.name, json.dumps(_state(now))
                database.add(row)
                database.flush()
                words = request.words or done.transcript
                database.add(
                    _TurnRow(
                        session=done.session,
                        words=words,
                        answer=done.answer,
                        shown=json.dumps(shown),
                    )
                )
        except SQLAlchemyError as error:
            raise self._refused(error) from error

    def turns(self, session: str) -> list[tuple[str, str]]:
        """Return what was said and answered in a session, oldest first."""
        with Session(self._engine) as database:
            rows = database.execute(
                select(_TurnRow).where(_TurnRow.session == session).order_by(_TurnRow.id)
            )
            return [(row.words, row.answer) for row in rows.scalars()]

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def _refused(self, error: Exception) -> StorageError:
        place = self._url.render_as_string(hide_password=True)
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        return StorageError(
            f"conversations cannot be kept at {place}: {cause}; "
            "free the disk or set MAGPIE_DATABASE_URL"
        )


def _state(now: Conversation) -> dict[str, Any]:
    return {
        "constraints": [asdict(c) for c in now.ledger.constraints],
        "before": [[asdict(c) for c in earlier] for earlier in now.ledger.before[-8:]],
        "shown": [item.id for item in now.shown],
        "phrase": now.phrase,
        "photos": [str(photo) for photo in now.photos],
        "seen": sorted(now.seen),
        "reasons": dict(now.reasons),
    }


def _conversation(state: dict[str, Any], catalogue: Catalogue) -> Conversation:
    ledger = Ledger(
        _constraints(state["constraints"]),
        tuple(_constraints(earlier) for earlier in state["before"]),
    )
    shown = tuple(catalogue.items[i] for i in state["shown"] if i in catalogue.items)
    photos = tuple(Path(photo) for photo in state["photos"] if Path(photo).exists())
    reasons = {name: tuple(several) for name, several in state["reasons"].items()}
    return Conversation(ledger, shown, state["phrase"], photos, frozenset(state["seen"]), reasons)


def _constraints(rows: list[dict[str, Any]]) -> tuple[Constraint, ...]:
    return tuple(
        Constraint(**{**row, "value": tuple(value) if isinstance(value, list) else value})
        for row in rows
        for value in (row["value"],)
    )
