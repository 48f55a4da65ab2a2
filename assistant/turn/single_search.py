"""A single search without a conversation: words, a photo, a recording → candidates.

Knows retrieval; knows neither the dialogue state nor the language model. It does the same as the
retrieval part of a turn, and times each stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from assistant.answering.lead_text import code_not_found
from assistant.answering.remarks import read_in_currency
from assistant.answering.render import render
from assistant.answering.utterances import utter
from assistant.turn.catalogue_language import catalogue_language
from assistant.turn.input import Listened, Surroundings, listen
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.dialogue_state import Ask
from assistant.understanding.languages.lexicon import PIVOT
from assistant.understanding.money import money_doubts
from assistant.understanding.wishes import read_wishes
from retrieval.domains.consent import without_protected
from retrieval.domains.periods import without_period
from retrieval.domains.wording import in_common_words
from retrieval.embed import Encoders, MediaEmbedder, embed_query
from retrieval.errors import MessageError
from retrieval.index.index import Index
from retrieval.items import Candidate, Constraint, Query
from retrieval.search import rank


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of one search."""

    query: Query
    transcript: str
    candidates: tuple[Candidate, ...]
    timings_ms: Mapping[str, float]
    notice: str = (
        ""  # how a recording without speech was used; which code no item has; the currency
    )


def find_once(
    request: Request,
    index: Index,
    encoders: Encoders,
    *,
    limit: int,
    constraints: tuple[Constraint, ...] = (),
    liked: tuple[str, ...] = (),
) -> SearchResult:
    """Search once; limits on prices and other numbers are applied, as in a conversation.

    `constraints` and the ids of `liked` items come from a program, beside what the words say; with
    them alone, what satisfies them is found.

    Raises:
        InputError: nothing to search for, or a photo or recording that cannot be used.
    """
    timings: dict[str, float] = {}
    started, media = perf_counter(), MediaEmbedder(encoders)
    listened, vocabulary = Listened(), Vocabulary(index.catalogue)
    if request.recording is not None:
        around = Surroundings(vocabulary, catalogue_language(index.catalogue))
        listened = listen(request.recording, index, media, around)
        timings["transcribe"] = _since(started)
    heard, sounds = listened.transcript, listened.sounds
    text = f"{request.words} {heard.words}".strip()
    if not (text or request.photos or sounds or constraints or liked):
        nothing = "nothing to search for: give words, --photo or --recording"
        raise MessageError(render(listened.notices, PIVOT) or nothing)
    text, protected = without_protected(text, index.catalogue.domain)
    text, period = without_period(text, index.catalogue, PIVOT)
    text = in_common_words(text, index.catalogue.domain, PIVOT)
    codes = index.catalogue.codes.named(text)
    wishes = read_wishes(text, vocabulary, [one.span for one in codes])
    limits = tuple(one for limit in wishes.limits if not limit.soft for one in limit.constraints)
    limits += (period,) if period else ()
    doubts = money_doubts(map(Ask, limits), index.catalogue)
    query = Query(text, request.photos, (*constraints, *limits), sounds=sounds, liked=liked)
    if request.balance is not None:
        query = replace(query, balance=request.balance)
    searching = perf_counter()
    vectors = embed_query(query, media)
    found = tuple(rank(query, vectors, index, limit=limit))
    timings |= {"search": _since(searching), "total": _since(started)}
    unknown = code_not_found([one.code for one in codes if not one.ids])
    refused = [utter("notice.protected", said=said) for said in protected]
    read_in = read_in_currency(doubts, index.catalogue.currencies)
    notice = render((*listened.notices, *unknown, *read_in, *refused), PIVOT)
    return SearchResult(query, heard.words, found, timings, notice)


def _since(started: float) -> float:
    return round(1000 * (perf_counter() - started), 1)
