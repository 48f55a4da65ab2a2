"""The events of a turn → an answer, whole or in chunks.

Knows the order that a stream can keep: it takes nothing back, so items stand when their order is
final, before the first word. Items are Markdown there, the text of records escaped.
"""

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from time import time

from assistant.api.answer_items import PublicAddress, TurnAnswer, turn_answer
from assistant.api.chat.chat_records import (
    ChatChoice,
    ChatChunk,
    ChatChunkChoice,
    ChatCompletion,
    ChatDelta,
    ChatReply,
)
from assistant.events import Done, Event, Found, Ordered, Words
from assistant.recommending.evidence import price_text
from retrieval.items import Candidate

_MARK = re.compile(r"([\\`*_{}\[\]()<>#|!~])")


@dataclass(frozen=True, slots=True)
class AnswerHead:
    """What all chunks of an answer share."""

    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time()))


def completion(done: Done, address: PublicAddress) -> ChatCompletion:
    """Return the whole answer of a turn."""
    head, answer = AnswerHead(), turn_answer(done, address, done.session)
    content = "\n\n".join(filter(None, (listed(done.candidates), _spoken(done))))
    choice = ChatChoice(message=ChatReply(content=content))
    return ChatCompletion(id=head.id, created=head.created, choices=[choice], magpie=answer)


async def chunks(events: AsyncIterator[Event], address: PublicAddress) -> AsyncIterator[ChatChunk]:
    """Yield the pieces of an answer: its role, the items, the words; at the end what was found."""
    head = AnswerHead()
    yield _chunk(head, ChatDelta(role="assistant", content=""))
    candidates: tuple[Candidate, ...] = ()
    begun = False
    async for event in events:
        match event:
            case Found(candidates) | Ordered(candidates):
                pass
            case Words(text):
                if not begun and candidates:
                    yield _chunk(head, ChatDelta(content=f"{listed(candidates)}\n\n"))
                begun = True
                yield _chunk(head, ChatDelta(content=markdown(text)))
            case Done():
                if not begun and event.candidates:
                    yield _chunk(head, ChatDelta(content=listed(event.candidates)))
                if event.notice:
                    yield _chunk(head, ChatDelta(content=f"\n\n{markdown(event.notice)}"))
                answer = turn_answer(event, address, event.session)
                yield _chunk(head, ChatDelta(), answer)


def listed(candidates: tuple[Candidate, ...]) -> str:
    """Return items as a numbered list in Markdown."""
    lines = []
    for place, one in enumerate(candidates, start=1):
        price = price_text(one.item.price, one.item.currency) if one.item.price is not None else ""
        told = f"**{markdown(one.item.title)}**" + (f", {markdown(price)}" if price else "")
        lines.append(f"{place}. {told}")
    return "\n".join(lines)


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is: a record's "[here](…)" becomes no link."""
    return _MARK.sub(r"\\\1", text)


def _spoken(done: Done) -> str:
    return "\n\n".join(filter(None, (markdown(done.answer), markdown(done.notice))))


def _chunk(head: AnswerHead, delta: ChatDelta, answer: TurnAnswer | None = None) -> ChatChunk:
    choice = ChatChunkChoice(delta=delta, finish_reason=None if answer is None else "stop")
    return ChatChunk(id=head.id, created=head.created, choices=[choice], magpie=answer)
