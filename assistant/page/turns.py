"""Turns that run: each in a thread of its own, whether or not somebody is looking.

Knows conversations, the agent and the memory; knows no Gradio. The messages of one conversation are
answered one after the other, those of different ones at the same time: only at the language model
do they wait in line. A stop shows at once, and the next message begins when the thread has ended.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from assistant.model.model_queue import Ticket, holding
from assistant.page.deeds import sent_again, sent_by_chip
from assistant.page.kept_exchanges import exchange_json, read_exchange
from assistant.page.markup.troubles import RefusedError
from assistant.page.markup.wording import wording
from assistant.page.reply import Reply, first_reply, in_the_queue, stopped
from assistant.page.session import Exchange, PageAgent, PageConversation, new_session, replies
from assistant.turn.request import Request
from retrieval.errors import StorageError

_AT_ONCE = 64  # turns; most of them wait for the language model
_IDLE = 300  # conversations kept at hand
_LOOK = 0.05  # seconds between two looks at a running turn
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Desk:
    """A conversation, and the turn of it that runs."""

    now: PageConversation
    version: int = 0
    running: Ticket | None = None


class Turns:
    """The conversations that are open on the page."""

    def __init__(self, agent: PageAgent) -> None:
        """Begin with none."""
        self._agent, self._history = agent, agent.memory.history
        self._desks: dict[str, _Desk] = {}  # by session, the latest last
        self._watching: dict[str, object] = {}  # by viewer
        self._changing = threading.RLock()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="turn")

    def open(self, session: str, user: str) -> PageConversation:
        """Return a conversation of a user as it stands, a new one if there is none of that id.

        Raises:
            MessageError: it is another user's.
        """
        return self._desk(session, user).now

    def send(self, session: str, user: str, sent: Exchange) -> PageConversation:
        """Add a message, and answer it as soon as those before it are answered.

        Raises:
            MessageError: the conversation is another user's, or another process goes on with it.
            StorageError: what is kept of it cannot be read.
        """
        with self._changing:
            desk = self._desk(session, user)
            if desk.now.editing:
                self._take_back_last(desk)
            self._catch_up(desk)
            request = replace(sent.request, user=user) if sent.request else None
            place = len(desk.now.exchanges)
            sent = replace(sent, request=request)
            session, name = desk.now.session, self._agent.catalogue.name
            with suppress(StorageError):  # that it cannot be kept is said below the answer
                self._history.claim(user, session, name, place, exchange_json(sent))
            self._change(desk, place, sent)
            self._desks[desk.now.session] = desk
            self._keep(desk, place)
            self._go_on(desk)
            return desk.now

    def stop(self, session: str, user: str) -> PageConversation:
        """Stop the running turn, and keep what it shows so far."""
        with self._changing:
            desk = self._desk(session, user)
            place = _current(desk.now)
            if desk.running is not None and not desk.running.stopped and place is not None:
                desk.running.stop()
                one = desk.now.exchanges[place]
                self._change(desk, place, _ended(one, "stopped"))
            return desk.now

    def press(self, session: str, user: str, act: str) -> PageConversation:
        """Carry out what a button beside a message says; what no longer applies is ignored."""
        with self._changing:
            desk = self._desk(session, user)
            match act.split(":"):
                case ["now"]:
                    return self.stop(session, user)
                case ["drop", place] if place.isdecimal():
                    self._drop(desk, int(place))
                case ["edit"] if desk.now.can_be_changed:
                    self._set(desk, replace(desk.now, editing=True))
                case ["keep"]:
                    self._set(desk, replace(desk.now, editing=False))
                case ["undo"] if desk.now.can_be_changed and desk.now.exchanges[-1].by_hand:
                    self._take_back_last(desk)
                case chosen:
                    return self._send_deed(desk, chosen)
            return desk.now

    async def watch(self, session: str, user: str, viewer: str) -> AsyncIterator[PageConversation]:
        """Yield a conversation as it grows, until nothing of it runs or the viewer looks anew."""
        mine = self._watching[viewer] = object()
        desk, seen = self._desk(session, user), (-1, 0)
        try:
            while self._watching.get(viewer) is mine:
                ahead = desk.running.ahead if desk.running else 0
                now = desk.now
                if seen != (desk.version, ahead):
                    seen = (desk.version, ahead)
                    yield _with_place(now, ahead)
                if not now.busy:
                    return
                await asyncio.sleep(_LOOK)
        finally:
            if self._watching.get(viewer) is mine:
                del self._watching[viewer]

    def forget(self, session: str, user: str) -> None:
        """Delete a conversation, also from the memory.

        Raises:
            MessageError: it is another user's.
        """
        with self._changing:
            self.stop(session, user)
            self._history.remove(user, session)
            self._desks.pop(session, None)

    def forget_all(self, user: str) -> None:
        """Let go of every conversation of a user, whose memory is deleted."""
        with self._changing:
            for session in [one for one, desk in self._desks.items() if desk.now.user == user]:
                self.stop(session, user)
                del self._desks[session]

    def close(self) -> None:
        """Stop every turn, and wait for the threads to end."""
        with self._changing:
            for desk in self._desks.values():
                if desk.running is not None:
                    desk.running.stop()
        self._threads.shutdown(cancel_futures=True)

    # ---- one conversation -----------------------------------------------------------------------

    def _desk(self, session: str, user: str) -> _Desk:
        with self._changing:
            desk = self._desks.pop(session, None) or self._restored(session, user)
            if desk.now.exchanges:
                self._desks[desk.now.session] = desk
            if desk.now.user != user:
                raise RefusedError("not_yours")
            idle = [one for one, other in self._desks.items() if not other.now.busy]
            for one in idle[: max(0, len(idle) - _IDLE)]:
                del self._desks[one]
            return desk

    def _restored(self, session: str, user: str) -> _Desk:
        """Return a conversation from the memory, a new one if there is none there."""
        items, catalogue = self._agent.catalogue.items, self._agent.catalogue
        kept = self._history.exchanges(user, session, catalogue.name) if session else []
        read = (read_exchange(one, items, user) for one in kept)
        exchanges = tuple(one for one in read if one is not None)
        session = session if exchanges else new_session()
        about = (catalogue.name, catalogue.currency, catalogue.domain)
        return _Desk(PageConversation(session, user, *about, exchanges))

    def _catch_up(self, desk: _Desk) -> None:
        """Take up what another process has added to a conversation, while nothing of it runs."""
        if desk.now.exchanges and not desk.now.busy:
            there = self._restored(desk.now.session, desk.now.user).now
            if len(there.exchanges) > len(desk.now.exchanges):
                self._set(desk, there)

    def _send_deed(self, desk: _Desk, act: list[str]) -> PageConversation:
        """Send what a chip or a button stands for, or the last message anew."""
        now, one = desk.now, sent_by_chip(desk.now, act)
        if one is None and (one := sent_again(now, act)):
            self._take_back_last(desk)
        return self.send(now.session, now.user, one) if one else now

    def _change(self, desk: _Desk, place: int, one: Exchange) -> None:
        self._set(desk, desk.now.with_exchange(place, one))

    def _set(self, desk: _Desk, now: PageConversation) -> None:
        desk.now, desk.version = now, desk.version + 1

    def _drop(self, desk: _Desk, place: int) -> None:
        """Take back a message that waits."""
        there = desk.now.exchanges
        if place < len(there) and there[place].reply is None:
            self._set(desk, replace(desk.now, exchanges=(*there[:place], *there[place + 1 :])))
            self._history.cut(desk.now.user, desk.now.session, place)
            for later in range(place, len(desk.now.exchanges)):
                self._keep(desk, later)

    def _take_back_last(self, desk: _Desk) -> None:
        """Undo the last exchange, here and in the memory."""
        *before, last = desk.now.exchanges
        if last.counts:
            self._agent.memory.take_back(desk.now.user, desk.now.session)
        self._history.cut(desk.now.user, desk.now.session, len(before))
        self._set(desk, replace(desk.now, exchanges=tuple(before), editing=False))

    def _keep(self, desk: _Desk, place: int) -> None:
        """Store an exchange as it stands; that it cannot be is said below it."""
        now, one = desk.now, desk.now.exchanges[place]
        if self._desks.get(now.session) is not desk:  # it was deleted meanwhile
            return
        name = self._agent.catalogue.name
        try:
            self._history.keep(now.user, now.session, name, place, exchange_json(one))
            title = one.words or (one.files[0].name if one.files else "")
            self._history.entitle(now.user, now.session, title)
        except StorageError as error:
            if one.reply is not None:
                told = f"{one.reply.notice} {error}.".strip()
                self._change(desk, place, replace(one, reply=replace(one.reply, notice=told)))

    # ---- the turn that runs ---------------------------------------------------------------------

    def _go_on(self, desk: _Desk) -> None:
        """Begin the next message that waits, unless a turn still runs."""
        place = next((n for n, one in enumerate(desk.now.exchanges) if one.reply is None), None)
        if desk.running is not None or place is None:
            return
        one = desk.now.exchanges[place]
        request = one.request or Request(one.words, user=desk.now.user)
        self._change(desk, place, replace(one, request=request, reply=first_reply(request)))
        ticket = desk.running = Ticket()
        running = self._threads.submit(self._run, desk, place, request, ticket)
        running.add_done_callback(lambda ended: self._over(desk, place, ended))

    def _run(self, desk: _Desk, place: int, request: Request, ticket: Ticket) -> None:
        with holding(ticket):
            for reply in replies(self._agent, request, desk.now.session):
                if not self._publish(desk, place, reply, ticket):
                    return

    def _publish(self, desk: _Desk, place: int, reply: Reply, ticket: Ticket) -> bool:
        """Show a reply as it stands now; tell whether it is to go on."""
        with self._changing:
            if ticket.stopped:
                return False
            one = replace(desk.now.exchanges[place], reply=reply)
            self._change(desk, place, replace(one, counts=one.over and not reply.trouble))
            return True

    def _over(self, desk: _Desk, place: int, ended: Future[None]) -> None:
        """Close a turn whose thread has ended, and begin the next one."""
        if not ended.cancelled() and (error := ended.exception()) is not None:
            _log.error("a turn broke off", exc_info=error)
        with self._changing:
            desk.running = None
            one = desk.now.exchanges[place]
            if not one.over:
                self._change(desk, place, _ended(one, "ours"))
            self._keep(desk, place)
            if not ended.cancelled():
                self._go_on(desk)


def _current(now: PageConversation) -> int | None:
    """Return the place of the exchange that is being answered."""
    there = enumerate(now.exchanges)
    return next((n for n, one in there if one.reply is not None and not one.over), None)


def _ended(one: Exchange, why: str) -> Exchange:
    """Break an exchange off, and say why in the visitor's language."""
    said = wording(one.request.language if one.request else "")(f"trouble.{why}")
    return replace(one, reply=stopped(one.reply or Reply(), said))


def _with_place(now: PageConversation, ahead: int) -> PageConversation:
    """Say how many are served by the language model before the turn that runs."""
    place = _current(now)
    if not ahead or place is None:
        return now
    one = now.exchanges[place]
    reply = in_the_queue(one.reply, ahead) if one.reply else None
    return now.with_exchange(place, replace(one, reply=reply))
