"""UCP's search: words, photos, likes and filters → a page of products.

Knows how a request becomes one search, and when nothing is found; ranks nothing itself. The words
are read as in a conversation: limits in them are applied, and said.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from assistant.api.answer_items import PublicAddress
from assistant.api.sent_media import MOST_PHOTOS, SentMedia
from assistant.api.ucp.envelope import SEARCH, UcpRefusedError, envelope, told
from assistant.api.ucp.ucp_filters import filter_constraints, has_filter
from assistant.api.ucp.ucp_products import available_first, product_of
from assistant.api.ucp.ucp_records import UcpMessage, UcpPage, UcpSearchAnswer
from assistant.api.ucp.ucp_requests import LARGEST_PAGE, UcpImage, UcpLike, UcpSearchRequest
from assistant.turn.input import typed
from assistant.turn.request import Request
from assistant.turn.single_search import SearchResult, find_once
from retrieval.items import Constraint, item_text

if TYPE_CHECKING:
    from assistant.agent import Agent

PRICED = Constraint("price", ">=", 0.0)  # the protocol has no product without a price
MOST_PAGED = 1_000  # products of one search, over all pages
# Cosine of a query and a text that share no word. Measured on the demo: keyboard noise has up to
# .34 with the nearest of 280 items, things that no shop has ("spaceship") .31, synonyms .45 to .6.
LEAST_LIKENESS = 0.36

_LETTER = re.compile(r"[^\W_]")
_SILENT = {"signals", "attribution", "meta"}  # inputs of the protocol that need no answer


def search_products(
    asked: UcpSearchRequest, agent: "Agent", media: SentMedia, address: PublicAddress
) -> UcpSearchAnswer:
    """Answer a search.

    Raises:
        UcpRefusedError: nothing is asked for, or the cursor is not of this search.
        InputError: a photo cannot be used.
    """
    if not ((asked.query or "").strip() or has_filter(asked.filters) or asked.like):
        content = "give at least one of query, filters and like"
        raise UcpRefusedError(400, "invalid_request", content)
    first, limit = _first(asked), min(asked.pagination.limit, LARGEST_PAGE)
    catalogue = agent.catalogue
    limits, messages = filter_constraints(asked.filters, asked.context, catalogue)
    liked, unknown = _liked_ids(asked.like or (), agent)
    photos = tuple(media.photo(one.content_type, one.data) for one in _images(asked))
    words = _words(asked, agent)
    found = find_once(
        Request(words, photos),
        agent.index,
        agent.encoders,
        limit=first + limit + 1,
        constraints=(*limits, PRICED, *other_than(liked)),
        liked=liked,
    )
    alone = words and not photos and not liked
    candidates = () if alone and _is_nothing_like(words, found, agent) else found.candidates
    page = candidates[first : first + limit]
    messages += [*unknown, *_unused(asked), *(_said(found) if page else ())]
    return UcpSearchAnswer(
        ucp=envelope(SEARCH),
        products=[
            product_of(one.item, available_first(one.item.variants), address, catalogue.profile)
            for one in page
        ],
        pagination=_next_page(asked, first + limit, more=len(candidates) > first + limit),
        messages=messages or None,
    )


def _images(asked: UcpSearchRequest) -> list[UcpImage]:
    """Return the photos of a search; raise UcpRefusedError when they are too many."""
    images = [one.image for one in asked.like or () if one.image is not None]
    if len(images) > MOST_PHOTOS:
        content = f"like has {len(images)} images: send at most {MOST_PHOTOS}"
        raise UcpRefusedError(400, "request_too_large", content)
    return images


def _liked_ids(
    likes: Iterable[UcpLike], agent: "Agent"
) -> tuple[tuple[str, ...], list[UcpMessage]]:
    """Return the ids of known products, and a message for each other one."""
    ids = [one.id for one in likes if one.id]
    known = tuple(one for one in ids if one in agent.catalogue.items)
    return known, [told("not_found", one) for one in ids if one not in known]


def other_than(liked: tuple[str, ...]) -> tuple[Constraint, ...]:
    """Return the constraint that liked items are not found again."""
    return (Constraint("id", "not in", liked),) if liked else ()


def _words(asked: UcpSearchRequest, agent: "Agent") -> str:
    """Return the query in the catalogue's language, "" where it has no word, like "*"."""
    query = asked.query or ""
    return typed(query, "", agent).message if _LETTER.search(query) else ""


def _is_nothing_like(words: str, found: SearchResult, agent: "Agent") -> bool:
    """Tell whether no record shares a word with a query, and none is near it in meaning."""
    nearest = found.candidates[:3]
    if not nearest or found.query.constraints[-1].said or agent.index.lexical.scores(words).any():
        return False
    texts = [item_text(one.item) for one in nearest]
    return max(agent.likeness(words, texts)) < LEAST_LIKENESS


def _said(found: SearchResult) -> Iterator[UcpMessage]:
    """Say which limits the words set, and what was doubtful in them."""
    for one in found.query.constraints:
        if one.said:
            value = ", ".join(one.values) + (f" {one.unit}" if one.unit else "")
            yield told("limit_applied", f"{one.field} {one.op} {value}: “{one.said}”")
    if found.notice:
        yield told("notice", found.notice)


def _unused(asked: UcpSearchRequest) -> Iterator[UcpMessage]:
    for name in (asked.model_extra or {}).keys() - _SILENT:
        yield told("input_not_used", f"{name[:80]}: there is no such input here")


def _first(asked: UcpSearchRequest) -> int:
    """Return the place at which the page begins.

    Raises: UcpRefusedError when the cursor is none, or of another search.
    """
    cursor = asked.pagination.cursor or asked.cursor
    if not cursor:
        return 0
    try:
        read = json.loads(base64.urlsafe_b64decode(cursor))
        first, of = int(read["first"]), str(read["of"])
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise UcpRefusedError(400, "invalid_cursor", "this is no cursor of ours") from error
    if of != _digest(asked) or not 0 < first < MOST_PAGED:
        content = "this cursor is of another search: ask without it"
        raise UcpRefusedError(400, "invalid_cursor", content)
    return first


def _next_page(asked: UcpSearchRequest, first: int, *, more: bool) -> UcpPage:
    if not more or first >= MOST_PAGED:
        return UcpPage(has_next_page=False)
    cursor = json.dumps({"first": first, "of": _digest(asked)})
    return UcpPage(cursor=base64.urlsafe_b64encode(cursor.encode()).decode(), has_next_page=True)


def _digest(asked: UcpSearchRequest) -> str:
    """Return what tells one search from others, whatever its page."""
    words = asked.model_dump_json(include={"query", "filters", "like", "context"})
    return sha256(words.encode()).hexdigest()[:16]
