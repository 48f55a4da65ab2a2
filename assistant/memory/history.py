"""Conversations as they were shown: listed, restored, renamed and deleted.

◆ SQLAlchemy. Knows who owns a conversation, and its exchanges as JSON that the page writes and
reads; knows no item. Of a user who has switched remembering off nothing is written here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.memory.database import Database, check_owner, delete_sessions
from assistant.memory.tables import ExchangeRow, OwnerRow, SwitchRow, TalkRow
from retrieval.errors import MessageError

GONE_ON = "this conversation has gone on in another window; it is here now: send that again"

_LONGEST_TITLE = 80  # characters
_LONGEST_WORDS = 2_000  # characters by which a conversation is found
_LISTED = 200  # conversations, the latest


@dataclass(frozen=True, slots=True)
class KeptTalk:
    """A conversation as it is listed."""

    session: str
    title: str
    words: str  # of its messages
    at: datetime  # of its last message


class TalkHistory:
    """The conversations of every user, each for its owner alone."""

    def __init__(self, database: Database, *, keeps: bool = True) -> None:
        """Keep them in an open database, or, if `keeps` is False, write nothing there."""
        self._database, self._keeps = database, keeps

    def keep(self, user: str, session: str, catalogue: str, place: int, shown: str) -> None:
        """Store one exchange, replacing what is at its place, unless the user wants nothing kept.

        Raises:
            MessageError: another user began the conversation.
            StorageError: it cannot be stored.
        """
        with self._database.begin() as database:
            self._store(database, (user, session, catalogue), place, shown)

    def _store(
        self, database: Session, whose: tuple[str, str, str], place: int, shown: str
    ) -> None:
        user, session, catalogue = whose
        check_owner(database, session, user)
        if not self._keeps or database.get(SwitchRow, user) is not None:
            return
        database.merge(OwnerRow(session=session, user=user))
        talk = database.get(TalkRow, session) or TalkRow(session=session, title="", words="")
        talk.catalogue, talk.at = catalogue, datetime.now(UTC)
        database.add(talk)
        database.merge(ExchangeRow(session=session, place=place, shown=shown))

    def claim(self, user: str, session: str, catalogue: str, place: int, shown: str) -> None:
        """Store a new exchange, as `keep` does, where there is none yet.

        Raises:
            MessageError: another page has gone on with the conversation, or it is another user's.
            StorageError: it cannot be stored.
        """
        with self._database.begin() as database:
            if database.get(ExchangeRow, (session, place)) is not None:
                raise MessageError(GONE_ON)
            self._store(database, (user, session, catalogue), place, shown)

    def cut(self, user: str, session: str, place: int) -> None:
        """Delete the exchanges from a place on.

        Raises:
            MessageError: another user began the conversation.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            later = (ExchangeRow.session == session, ExchangeRow.place >= place)
            database.execute(delete(ExchangeRow).where(*later))

    def exchanges(self, user: str, session: str, catalogue: str) -> list[str]:
        """Return a conversation's exchanges in order; none if it is another user's or catalogue's.

        Raises:
            StorageError: they cannot be read.
        """
        with self._database.begin() as database:
            owner, talk = database.get(OwnerRow, session), database.get(TalkRow, session)
            if owner is None or owner.user != user or talk is None or talk.catalogue != catalogue:
                return []
            kept = select(ExchangeRow).where(ExchangeRow.session == session)
            return [row.shown for row in database.scalars(kept.order_by(ExchangeRow.place))]

    def talks(self, user: str, catalogue: str) -> list[KeptTalk]:
        """Return a user's conversations about a catalogue, the latest first."""
        theirs = (
            select(TalkRow)
            .join(OwnerRow, OwnerRow.session == TalkRow.session)
            .where(OwnerRow.user == user, TalkRow.catalogue == catalogue)
            .order_by(TalkRow.at.desc())
            .limit(_LISTED)
        )
        with self._database.begin() as database:
            return [
                KeptTalk(row.session, row.title, row.words, row.at.replace(tzinfo=UTC))
                for row in database.scalars(theirs)
            ]

    def entitle(self, user: str, session: str, words: str) -> None:
        """Let a conversation be found by some words; the first ones are its title.

        Raises:
            MessageError: another user began the conversation.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            if (talk := database.get(TalkRow, session)) is not None and words not in talk.words:
                talk.title = talk.title or _title(words)
                talk.words = f"{talk.words} {words}".strip()[:_LONGEST_WORDS]

    def rename(self, user: str, session: str, title: str) -> None:
        """Give a conversation another title; an empty one changes nothing.

        Raises:
            MessageError: another user began the conversation.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            if (talk := database.get(TalkRow, session)) is not None:
                talk.title = _title(title) or talk.title

    def remove(self, user: str, session: str) -> None:
        """Delete a conversation.

        Raises:
            MessageError: another user began the conversation.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            delete_sessions(database, [session])


def _title(words: str) -> str:
    return " ".join(words.split())[:_LONGEST_TITLE]
