"""Which stored conversation a list of messages continues, and the last answer of each.

Knows a user's turns and the memory; knows no protocol. A conversation is identified by its user's
messages alone: who sends the same ones again goes on from where they led, who changes one parts
from there. What is not stored (a restart, a history from elsewhere) is answered again, unseen.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from assistant.api.open_agent import OpenAgent
from assistant.api.running import TurnRunner
from assistant.events import Done
from assistant.turn.request import Request
from retrieval.errors import InputError, MessageError

_KEPT = 500  # sessions, each with its last answer; the oldest end
_ANSWERED_AGAIN = 12  # turns of an unknown history, the latest


class Conversations:
    """The conversations of all callers, each apart."""

    def __init__(self, agent: OpenAgent, runner: TurnRunner, most: int = _KEPT) -> None:
        """Begin with none; there will be at most so many."""
        self._agent, self._runner, self._most = agent, runner, most
        self._known: OrderedDict[str, str] = OrderedDict()  # digest of the turns → session
        self._last: OrderedDict[tuple[str, str], Done] = OrderedDict()  # by user and session
        self._forgetful: set[str] = set()  # users of whom nothing is remembered
        self._changing = threading.Lock()

    async def after(self, earlier: Sequence[Request], user: str) -> str:
        """Return a session of its own that stands where the earlier turns of a user led.

        Raises:
            StorageError: the conversation cannot be stored.
        """
        session = secrets.token_hex(16)
        known = self._parted(earlier, user, session)
        for turn in earlier[known:][-_ANSWERED_AGAIN:]:
            try:
                await self._runner.done(turn, session)
            except InputError:  # it was refused then, too
                continue
        return session

    def keep(self, turns: Sequence[Request], user: str, done: Done) -> None:
        """Know from now on where these turns of a user led."""
        with self._changing:
            self._known[_key(turns, user)] = done.session
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        self.keep_answer(user, done.session, done)

    def keep_answer(self, user: str, session: str, done: Done) -> None:
        """Keep the last answer of a session, to be explained; the oldest sessions end."""
        with self._changing:
            self._last[(user, session)] = done
            self._last.move_to_end((user, session))
            ended = list(self._last)[: max(0, len(self._last) - self._most)]
            for one in ended:
                del self._last[one]
        if ended:
            self._agent.memory.branches.drop([one for _, one in ended])

    def answer(self, user: str, session: str) -> Done:
        """Return the last answer of a session.

        Raises: MessageError when none is known.
        """
        found = self._last.get((user, session))
        if found is None:
            raise MessageError(f"session {session[:40]!r}: no answer is known here, ask first")
        return found

    def remember_nothing(self, user: str) -> None:
        """Keep no like, dislike or sentence of a user who stands for many, or for nobody."""
        if user not in self._forgetful:
            self._agent.memory.switch(user, on=False)
            self._forgetful.add(user)

    def close(self) -> None:
        """End all sessions."""
        self._agent.memory.branches.drop([session for _, session in self._last])

    def _parted(self, earlier: Sequence[Request], user: str, session: str) -> int:
        """Let a session begin where as many turns as are known led; return how many these are."""
        for known in range(len(earlier), 0, -1):
            key = _key(earlier[:known], user)
            with self._changing:
                found = self._known.get(key)
                if found is not None:
                    self._known.move_to_end(key)
            if found is not None and self._agent.memory.branches.part(user, found, session):
                return known
        return 0


def session_of(user: str, named: str) -> str:
    """Return under which id the memory knows a session that a caller names: never another's."""
    return sha256(f"{user}\n{named}".encode()).hexdigest()[:32]


def _key(turns: Sequence[Request], user: str) -> str:
    digest = sha256(user.encode())
    for turn in turns:
        files: tuple[Path | None, ...] = (*turn.photos, turn.recording)
        names = [one.name if one else "" for one in files]  # digests of their content
        digest.update(repr((turn.words, names)).encode())
    return digest.hexdigest()
