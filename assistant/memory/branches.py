"""Conversations that part from others: each goes on by itself from one that stays as it is.

◆ SQLAlchemy. Knows who owns a conversation and its state as one text; knows no message.
"""

from collections.abc import Sequence

from assistant.memory.database import Database, check_owner, delete_sessions
from assistant.memory.tables import OwnerRow, SessionRow


class Branches:
    """Copies of conversations, each for its owner alone."""

    def __init__(self, database: Database) -> None:
        """Keep them in an open database."""
        self._database = database

    def part(self, user: str, session: str, new: str) -> bool:
        """Begin a conversation where another one stands; tell whether that one is there.

        Raises:
            MessageError: one of the two is another user's.
            StorageError: it cannot be stored.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            check_owner(database, new, user)
            row = database.get(SessionRow, session)
            if row is None:
                return False
            database.merge(OwnerRow(session=new, user=user))
            database.merge(SessionRow(id=new, catalogue=row.catalogue, state=row.state))
            return True

    def drop(self, sessions: Sequence[str]) -> None:
        """Delete conversations that nobody goes on with."""
        with self._database.begin() as database:
            delete_sessions(database, sessions)
