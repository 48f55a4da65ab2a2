"""Fakes with real logic: small, honest stand-ins for models, stores and agents."""

import re
from collections.abc import Callable, Iterator

from assistant.events import Done, Event, Found, Heard, Ordered, Request, Understood, Words
from retrieval.errors import MessageError
from retrieval.items import Candidate, Catalogue, Constraint, Item, item_text
from retrieval.pictures import read_picture
from retrieval.protocols import Transcript


class ShelfAgent:
    """Finds items that share words with the message, and says what the record says.

    `before` is called with every event before it is yielded, so that a test can hold a turn.
    `spoken` is what every recording says.
    """

    def __init__(
        self,
        items: list[Item],
        *,
        before: Callable[[Event], None] = lambda event: None,
        spoken: str = "",
    ) -> None:
        self.catalogue = Catalogue("shelf", {item.id: item for item in items})
        self.requests: list[tuple[Request, str]] = []
        self._before, self._spoken = before, spoken

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        self.requests.append((request, session))
        for event in self._turn(request, session):
            self._before(event)
            yield event

    def _turn(self, request: Request, session: str) -> Iterator[Event]:
        if not (request.words.strip() or request.photos or request.recording):
            raise MessageError("the message is empty: write, say or show something")
        if len(request.words) > 4000:
            raise MessageError(f"the message has {len(request.words)} characters: at most 4000")
        for photo in request.photos:
            read_picture(photo, place=photo.name)
        words = request.words
        if request.recording:
            yield Heard(Transcript(self._spoken, "en", 2.0))
            words = f"{words} {self._spoken}"
        asked = _limits(words)
        yield Understood("find", asked, words)
        found = self._search(words, asked)
        yield Found(found)
        found = tuple(reversed(found))
        yield Ordered(found)
        answer = f"I found {len(found)} for “{words.strip()}”."
        for piece in re.findall(r"\S+\s*", answer):
            yield Words(piece)
        reasons = {one.item.id: (f"it is a {one.item.title}",) for one in found}
        notice = "" if found else "Nothing on the shelf fits."
        yield Done(session, "find", asked, found, reasons, answer, "shelf", notice=notice)

    def _search(self, words: str, asked: tuple[Constraint, ...]) -> tuple[Candidate, ...]:
        wanted = set(re.findall(r"\w+", words.casefold()))
        limit = min((one.value for one in asked), default=float("inf"))
        scored = [
            Candidate(item, len(wanted & set(re.findall(r"\w+", item_text(item).casefold()))))
            for item in self.catalogue.items.values()
            if item.price is None or item.price <= limit
        ]
        return tuple(sorted(scored, key=lambda one: -one.score)[:6])


def _limits(words: str) -> tuple[Constraint, ...]:
    found = re.search(r"under (\d+)", words)
    return (Constraint("price", "<=", float(found[1]), found[0]),) if found else ()
