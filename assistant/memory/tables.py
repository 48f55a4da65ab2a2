"""The tables of the memory, one class each.

With `memory.py` the ◆ door to SQLAlchemy. A table that is not there is made; what a former version
made stays as it is, so new facts come in tables of their own.
"""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class TableBase(DeclarativeBase):
    """What every table shares."""


class SessionRow(TableBase):
    """Where a conversation stands."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str]
    started: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    state: Mapped[str] = mapped_column(Text, default="{}")  # JSON: state, shown, phrase, photos


class TurnRow(TableBase):
    """What was said and answered in one turn."""

    __tablename__ = "turns"
    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    words: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)  # JSON list of ids


class OwnerRow(TableBase):
    """Whose conversation it is; apart, because former versions kept sessions without a user."""

    __tablename__ = "owners"
    session: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)


class OpinionRow(TableBase):
    """What a user feels about an item."""

    __tablename__ = "opinions"
    user: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    feeling: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class EditRow(TableBase):
    """A change that a user made to the profile."""

    __tablename__ = "profile_edits"
    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class SwitchRow(TableBase):
    """A user of whom nothing is to be remembered."""

    __tablename__ = "switched_off"
    user: Mapped[str] = mapped_column(primary_key=True)
