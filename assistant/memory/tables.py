"""The database tables of the memory, one class each.

◆ SQLAlchemy, as in `store.py`; knows no catalogue. They are made by the steps in `versions/`: a
change here needs a step there.
"""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class TableBase(DeclarativeBase):
    """The base class of all tables."""


class SessionRow(TableBase):
    """The current state of a conversation."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str]
    started: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    state: Mapped[str] = mapped_column(Text, default="{}")  # JSON: state, shown, phrase, photos


class TurnRow(TableBase):
    """The user's words and the answer of one turn."""

    __tablename__ = "turns"
    id: Mapped[int] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    words: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)  # JSON list of ids


class FormerStateRow(TableBase):
    """The state of a conversation before its last turn, so that this can be taken back."""

    __tablename__ = "former_states"
    session: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text)  # JSON as in `sessions`, "" before the first turn
    turn: Mapped[int | None]  # id of the last turn in `turns`, None if its words are not kept


class TalkRow(TableBase):
    """A conversation as it is listed."""

    __tablename__ = "talks"
    session: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str]
    title: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)  # of its messages
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))  # of its last message


class ExchangeRow(TableBase):
    """A message with its answer, as they are shown."""

    __tablename__ = "exchanges"
    session: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # in the conversation, from 0
    shown: Mapped[str] = mapped_column(Text)  # JSON, the page's


class OwnerRow(TableBase):
    """The owner of a session; a separate table, as earlier versions stored no user."""

    __tablename__ = "owners"
    session: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)


class OpinionRow(TableBase):
    """A user's opinion of an item."""

    __tablename__ = "opinions"
    user: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    feeling: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class KeptItemRow(TableBase):
    """An item that a user keeps for later."""

    __tablename__ = "kept_items"
    user: Mapped[str] = mapped_column(primary_key=True)
    catalogue: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class EditRow(TableBase):
    """A change that a user made to the profile."""

    __tablename__ = "profile_edits"
    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class SwitchRow(TableBase):
    """A user who has switched remembering off."""

    __tablename__ = "switched_off"
    user: Mapped[str] = mapped_column(primary_key=True)
