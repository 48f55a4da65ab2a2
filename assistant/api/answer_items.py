"""What a turn found and understood, as structured values for programs.

Knows items and the last event of a turn; knows no protocol and no server. Text of a record is data
here: it stays as the record has it, and whoever shows it escapes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field

from assistant.events import Done
from retrieval.items import Candidate, Constraint, Item


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where programs reach the server; empty where there is none, as over standard streams."""

    base: str = ""  # "http://127.0.0.1:7960", without a slash at its end

    def picture(self, item: Item, place: int) -> str:
        """Return the address of one of an item's pictures, "" where no server has it."""
        return f"{self.base}/pictures/{quote(item.id, safe='')}/{place}" if self.base else ""


class FoundItem(BaseModel):
    """An item that was found, and why."""

    id: str
    title: str
    description: str = ""
    category: str = ""
    brand: str = ""
    price: float | None = Field(default=None, description="In whole units of the currency.")
    currency: str = ""
    url: str = ""
    picture: str = Field(default="", description="An address of this server.")
    attributes: dict[str, str] = {}
    score: float = Field(default=0.0, description="The sum of the contributions.")
    contributions: dict[str, float] = {}
    reasons: list[str] = Field(default=[], description="Why it is here, each true of its record.")


class UnderstoodLimit(BaseModel):
    """A condition that every found item satisfies."""

    field: str
    op: str
    value: Any
    unit: str = ""
    said: str = Field(default="", description="The words that set it.")


class NextMessage(BaseModel):
    """A message that leads somewhere."""

    message: str
    count: int = Field(description="Items that then fit; 0 where it is about those found.")


class TurnAnswer(BaseModel):
    """What one turn came to."""

    session: str = Field(description="Goes on with this conversation.")
    answer: str
    intent: str
    language: str
    transcript: str = Field(default="", description="What a recording was heard to say.")
    limits: list[UnderstoodLimit] = []
    items: list[FoundItem] = []
    near: list[FoundItem] = Field(default=[], description="Where nothing fits: what comes close.")
    suggestions: list[NextMessage] = []
    notice: str = Field(default="", description="What was missing or could not be used.")
    model: str = Field(default="", description="The language model that took part, if one did.")
    timings_ms: dict[str, float] = {}


def found_item(
    candidate: Candidate, address: PublicAddress, reasons: Sequence[str] = ()
) -> FoundItem:
    """Return a candidate as programs see it."""
    item = candidate.item
    return FoundItem(
        id=item.id,
        title=item.title,
        description=item.description,
        category=item.category,
        brand=item.brand,
        price=item.price,
        currency=item.currency,
        url=item.url,
        picture=address.picture(item, 0) if item.pictures else "",
        attributes=dict(item.attributes),
        score=round(candidate.score, 6),
        contributions={name: round(part, 6) for name, part in candidate.contributions.items()},
        reasons=list(reasons),
    )


def understood(limits: Sequence[Constraint]) -> list[UnderstoodLimit]:
    """Return conditions as programs see them."""
    return [
        UnderstoodLimit(field=one.field, op=one.op, value=one.value, unit=one.unit, said=one.said)
        for one in limits
    ]


def turn_answer(done: Done, address: PublicAddress, session: str) -> TurnAnswer:
    """Return the last event of a turn as programs see it."""
    return TurnAnswer(
        session=session,
        answer=done.answer,
        intent=done.intent,
        language=done.language,
        transcript=done.transcript,
        limits=understood(done.constraints),
        items=[
            found_item(one, address, done.reasons.get(one.item.id, ())) for one in done.candidates
        ],
        near=[found_item(Candidate(item, 0.0), address) for item in done.near],
        suggestions=[NextMessage(message=s.message, count=s.count) for s in done.suggestions],
        notice=done.notice,
        model=done.model,
        timings_ms=dict(done.timings_ms),
    )
