"""Store conversations and opinions in a database, so that both survive restarts.

◆ SQLAlchemy (SQLite by default, any URL). Knows the parts of a conversation and of an opinion;
stores no catalogue: items are stored by id, and the caller passes the catalogue to look them up.

A user's data is read and written only under that user's name. A session that one user began is
refused to all others. When remembering is off, opinions are neither stored nor used, and of a
conversation only what its next turn needs is stored: the constraints with the words that set them,
the search phrase, the paths of photos and sounds, what was shown (ids and titles) and its reasons.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from assistant.events import Done
from assistant.memory.branches import Branches
from assistant.memory.database import Database, check_owner, delete_sessions
from assistant.memory.history import TalkHistory
from assistant.memory.kept_items import KeptItems
from assistant.memory.profile import Opinion, OpinionSource, ProfileEdit, ProfileLine
from assistant.memory.tables import (
    EditRow,
    FormerStateRow,
    KeptItemRow,
    OpinionRow,
    OwnerRow,
    SessionRow,
    SwitchRow,
    TurnRow,
)
from assistant.recommending.facts import fact_json, read_fact
from assistant.understanding.acts.feedback import Feeling
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState
from retrieval.constraints import as_it_fits
from retrieval.errors import BAD_VALUE, StorageError
from retrieval.items import Catalogue, Constraint, Item


class Memory:
    """Conversations and opinions in a database."""

    def __init__(self, url: str, *, remembers: bool = True) -> None:
        """Open the database, and bring its tables up to date.

        `remembers` is the switch for all users; each user also has their own switch.

        Raises:
            StorageError: the database cannot be opened or written.
        """
        self._database, self._remembers = Database(url), remembers
        self.history = TalkHistory(self._database, keeps=remembers)
        self.kept = KeptItems(self._database)
        self.branches = Branches(self._database)

    def recall(self, session: str, catalogue: Catalogue, user: str) -> Conversation:
        """Return a session's conversation, empty if it is new or of another catalogue.

        A shown item that has left the catalogue since keeps its place, with its title alone.

        Raises:
            MessageError: another user began the session.
            StorageError: what is kept of it is damaged.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            row = database.get(SessionRow, session)
            known = row is not None and row.catalogue == catalogue.name
            state = row.state if row is not None and known else ""
        try:
            return _conversation(json.loads(state), catalogue) if state else Conversation()
        except BAD_VALUE as error:
            damaged = f"conversation {session!r} at {self._database.place} is damaged ({error})"
            raise StorageError(f"{damaged}: begin a new one") from error

    def keep(
        self, user: str, words: str, now: Conversation, done: Done, catalogue: Catalogue
    ) -> None:
        """Store a session's state after a turn and, unless remembering is off, what was said.

        `words` is the typed text; if it is empty, the transcript is stored instead.

        Raises:
            MessageError: another user began the session.
        """
        shown = [candidate.item.id for candidate in done.candidates]
        remembers = self.remembers(user)
        with self._database.begin() as database:
            check_owner(database, done.session, user)
            database.merge(OwnerRow(session=done.session, user=user))
            row = database.get(SessionRow, done.session) or SessionRow(id=done.session, state="")
            former = FormerStateRow(session=done.session, state=row.state)
            row.catalogue, row.state = catalogue.name, json.dumps(_state(now))
            database.add(row)
            database.flush()
            if remembers:
                words, listed = words or done.transcript, json.dumps(shown)
                turn = TurnRow(session=done.session, words=words, answer=done.answer, shown=listed)
                database.add(turn)
                database.flush()
                former.turn = turn.id
            database.merge(former)

    def take_back(self, user: str, session: str) -> bool:
        """Undo the last turn of a conversation; tell whether it could be undone.

        Raises:
            MessageError: another user began the session.
        """
        with self._database.begin() as database:
            check_owner(database, session, user)
            row, former = database.get(SessionRow, session), database.get(FormerStateRow, session)
            if row is None or former is None:
                return False
            row.state = former.state
            database.execute(delete(TurnRow).where(TurnRow.id == former.turn))
            database.delete(former)
            return True

    def turns(self, session: str) -> list[tuple[str, str]]:
        """Return the messages and answers of a session, oldest first."""
        asked = select(TurnRow).where(TurnRow.session == session).order_by(TurnRow.id)
        with self._database.begin() as database:
            return [(row.words, row.answer) for row in database.scalars(asked)]

    @property
    def remembers_anybody(self) -> bool:
        """Tell whether opinions are stored and used for any user."""
        return self._remembers

    def remembers(self, user: str) -> bool:
        """Tell whether this user's opinions are stored and used."""
        if not self._remembers:
            return False
        with self._database.begin() as database:
            return database.get(SwitchRow, user) is None

    def switch(self, user: str, *, on: bool) -> None:
        """Turn remembering on or off for a user; stored data stays until `forget` is called."""
        with self._database.begin() as database:
            database.execute(delete(SwitchRow).where(SwitchRow.user == user))
            if not on:
                database.add(SwitchRow(user=user))

    def feel(
        self, user: str, catalogue: str, item: Item, feeling: Feeling, source: OpinionSource
    ) -> None:
        """Store a user's opinion of an item, replacing an earlier one."""
        key = {"user": user, "catalogue": catalogue, "item": item.id}
        felt = {"title": item.title, "feeling": feeling, "source": source}
        with self._database.begin() as database:
            database.merge(OpinionRow(**key, **felt, at=datetime.now(UTC)))

    def feel_nothing(self, user: str, catalogue: str, item: str) -> None:
        """Delete a user's opinion of an item."""
        with self._database.begin() as database:
            if row := database.get(OpinionRow, (user, catalogue, item)):
                database.delete(row)

    def opinions(self, user: str, catalogue: str) -> tuple[Opinion, ...]:
        """Return a user's opinions of a catalogue's items, oldest first."""
        theirs = select(OpinionRow).where(
            OpinionRow.user == user, OpinionRow.catalogue == catalogue
        )
        with self._database.begin() as database:
            rows = database.scalars(theirs.order_by(OpinionRow.at, OpinionRow.item))
            return tuple(_opinion(row) for row in rows)

    def edits(self, user: str) -> tuple[ProfileEdit, ...]:
        """Return the changes that a user made to the profile, oldest first."""
        theirs = select(EditRow).where(EditRow.user == user).order_by(EditRow.id)
        with self._database.begin() as database:
            return tuple(
                ProfileEdit("added" if row.kind == "added" else "removed", row.text)
                for row in database.scalars(theirs)
            )

    def add_sentence(self, user: str, sentence: str) -> None:
        """Store a sentence written by the user, once even if it is added twice."""
        self._edit(user, ProfileEdit("added", sentence))

    def remove_line(self, user: str, line: ProfileLine) -> None:
        """Delete a sentence written by the user, or hide a counted one permanently."""
        kept = ProfileEdit("added", line.text) if line.said else ProfileEdit("removed", line.key)
        self._edit(user, kept, undo=line.said)

    def _edit(self, user: str, edit: ProfileEdit, *, undo: bool = False) -> None:
        same = (EditRow.user == user, EditRow.kind == edit.kind, EditRow.text == edit.text)
        with self._database.begin() as database:
            database.execute(delete(EditRow).where(*same))
            if not undo:
                database.add(EditRow(user=user, kind=edit.kind, text=edit.text))

    def forget(self, user: str, *, conversations: bool = False) -> int:
        """Delete a user's opinions, edits and kept items, and optionally the conversations.

        Returns:
            How many of all these were deleted, in every catalogue. The switch does not change.
        """
        own = select(OwnerRow.session).where(OwnerRow.user == user)
        with self._database.begin() as database:
            opinions = database.scalars(select(OpinionRow).where(OpinionRow.user == user)).all()
            edits = database.scalars(select(EditRow).where(EditRow.user == user)).all()
            kept = database.scalars(select(KeptItemRow).where(KeptItemRow.user == user)).all()
            sessions = list(database.scalars(own)) if conversations else []
            for row in (*opinions, *edits, *kept):
                database.delete(row)
            delete_sessions(database, sessions)
        return len(opinions) + len(edits) + len(kept) + len(sessions)

    def close(self) -> None:
        """Close the database connections."""
        self._database.close()


def _opinion(row: OpinionRow) -> Opinion:
    feeling: Feeling = "like" if row.feeling == "like" else "dislike"
    source: OpinionSource = "card" if row.source == "card" else "words"
    return Opinion(row.item, row.title, feeling, source, row.at.replace(tzinfo=UTC))


def _state(now: Conversation) -> dict[str, Any]:
    return {
        "constraints": [asdict(c) for c in now.state.constraints],
        "preferences": [asdict(c) for c in now.state.preferences],
        "before": [[asdict(c) for c in earlier] for earlier in now.state.before[-8:]],
        "shown": [item.id for item in now.shown],
        "titles": {item.id: item.title for item in now.shown},
        "phrase": now.phrase,
        "photos": [str(photo) for photo in now.photos],
        "sounds": [str(sound) for sound in now.sounds],
        "balance": now.balance,
        "liked": list(now.liked),
        "disliked": list(now.disliked),
        "seen": sorted(now.seen),
        "facts": {id_: [fact_json(one) for one in told] for id_, told in now.reasons.items()},
        "language": now.language,
        "turns": now.turns,
        "order": now.order,
        "descending": now.descending,
    }


def _conversation(state: dict[str, Any], catalogue: Catalogue) -> Conversation:
    standing = DialogueState(
        read_constraints(state["constraints"]),
        tuple(read_constraints(earlier) for earlier in state["before"]),
        read_constraints(state.get("preferences", [])),
    )
    titles = state.get("titles", {})  # conversations kept by earlier versions have none
    gone = {id_: Item(id_, title) for id_, title in titles.items() if id_ not in catalogue.items}
    known = [catalogue.items.get(one) or gone.get(one) for one in state["shown"]]
    shown = tuple(as_it_fits(one, standing.constraints) for one in known if one)
    photos = tuple(Path(photo) for photo in state["photos"] if Path(photo).exists())
    facts = state.get("facts", {})  # conversations kept by earlier versions have sentences
    return Conversation(
        state=standing,
        shown=shown,
        phrase=state["phrase"],
        photos=photos,
        sounds=tuple(Path(one) for one in state.get("sounds", ()) if Path(one).exists()),
        balance=state.get("balance", 0.5),  # conversations kept by earlier versions have none
        liked=tuple(state.get("liked", ())),
        disliked=tuple(state.get("disliked", ())),
        seen=frozenset(state["seen"]),
        reasons={id_: tuple(map(read_fact, told)) for id_, told in facts.items()},
        language=state.get("language", ""),
        turns=state.get("turns", 0),
        order=state.get("order", ""),
        descending=state.get("descending", False),
    )


def read_constraints(rows: list[dict[str, Any]]) -> tuple[Constraint, ...]:
    """Return constraints from JSON."""
    return tuple(
        Constraint(**{**row, "value": tuple(value) if isinstance(value, list) else value})
        for row in rows
        for value in (row["value"],)
    )
