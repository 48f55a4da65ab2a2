"""A single search without a conversation: words, a photo, a recording → candidates.

Knows retrieval; knows neither the ledger nor the language model. What it does is also what the
retrieval part of a turn does, timed stage by stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from assistant.amounts import read_limits
from assistant.events import Request
from retrieval.embed import Encoders
from retrieval.errors import MessageError, RecordingError
from retrieval.index import Index
from retrieval.items import Candidate, Constraint, Query
from retrieval.search import search


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found."""

    query: Query
    transcript: str
    candidates: tuple[Candidate, ...]
    timings_ms: Mapping[str, float]


def find_once(request: Request, index: Index, encoders: Encoders, *, limit: int) -> Found:
    """Search once; a limit on price in the words is kept to, as in a conversation.

    Raises:
        InputError: nothing to search for, or a photo or recording that cannot be used.
    """
    recording = request.recording
    timings: dict[str, float] = {}
    started, transcript, notice = perf_counter(), "", ""
    if recording is not None:
        if encoders.transcriber is None:
            raise RecordingError(f"{recording}: no speech model is loaded")
        heard = encoders.transcriber.transcribe(recording)
        transcript, notice = heard.words, heard.notice
        timings["transcribe"] = _since(started)
    text = f"{request.words} {transcript}".strip()
    if not text and not request.photos:
        raise MessageError(notice or "nothing to search for: give words, --photo or --recording")
    limits = tuple(Constraint("price", x.op, x.amount, x.said) for x in read_limits(text))
    query = Query(text, request.photos, limits)
    if request.balance is not None:
        query = replace(query, balance=request.balance)
    searching = perf_counter()
    found = tuple(search(query, index, encoders, limit=limit))
    timings |= {"search": _since(searching), "total": _since(started)}
    return Found(query, transcript, found, timings)


def _since(started: float) -> float:
    return round(1000 * (perf_counter() - started), 1)
