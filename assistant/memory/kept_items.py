"""The items that a user keeps for later, in each catalogue.

◆ SQLAlchemy. Knows ids and titles; an item that has left the catalogue keeps its title.
"""

from dataclasses import dataclass

from sqlalchemy import select

from assistant.memory.database import Database
from assistant.memory.tables import KeptItemRow
from retrieval.items import Item


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item that a user keeps."""

    id: str
    title: str  # when it was kept


class KeptItems:
    """The items that every user keeps, each for its owner alone."""

    def __init__(self, database: Database) -> None:
        """Keep them in an open database."""
        self._database = database

    def add(self, user: str, catalogue: str, item: Item) -> None:
        """Keep an item; a kept one stays where it is.

        Raises:
            StorageError: it cannot be stored.
        """
        key = {"user": user, "catalogue": catalogue, "item": item.id}
        with self._database.begin() as database:
            if database.get(KeptItemRow, key) is None:
                database.add(KeptItemRow(**key, title=item.title))

    def remove(self, user: str, catalogue: str, item: str) -> None:
        """Let go of an item, if it is kept.

        Raises:
            StorageError: the change cannot be stored.
        """
        with self._database.begin() as database:
            if row := database.get(KeptItemRow, (user, catalogue, item)):
                database.delete(row)

    def of(self, user: str, catalogue: str) -> tuple[KeptItem, ...]:
        """Return what a user keeps of a catalogue, in the order of keeping."""
        theirs = (KeptItemRow.user == user, KeptItemRow.catalogue == catalogue)
        rows = select(KeptItemRow).where(*theirs).order_by(KeptItemRow.at, KeptItemRow.item)
        with self._database.begin() as database:
            return tuple(KeptItem(row.item, row.title) for row in database.scalars(rows))
