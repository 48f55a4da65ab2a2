"""An exchange of the page ↔ JSON, so that a conversation is shown again after a restart.

Knows replies as values; knows no database. An item that has left the catalogue since keeps its
title and its place.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant.answering.questions import Suggestion
from assistant.memory.store import read_constraints
from assistant.page.markup.sent import SentFile
from assistant.page.markup.wording import wording
from assistant.page.reply import Reply, stopped
from assistant.page.session import Exchange
from assistant.turn.request import Request
from retrieval.constraints import as_it_fits
from retrieval.errors import BAD_VALUE
from retrieval.items import Candidate, Item, Preference

_TEXTS = ("heard", "answer", "notice", "language", "trouble", "waiting")


def exchange_json(exchange: Exchange) -> str:
    """Return an exchange as JSON; a recording and a video are kept by their names alone."""
    files = [
        asdict(one) if one.kind == "photo" else asdict(SentFile(one.name, one.kind, ""))
        for one in exchange.files
    ]
    reply = _reply_json(exchange.reply) if exchange.reply else None
    shown = {"words": exchange.words, "files": files, "reply": reply, "counts": exchange.counts}
    if exchange.request and exchange.request.given_up:
        shown["given_up"] = [asdict(one) for one in exchange.request.given_up]
        shown["set_instead"] = [asdict(one) for one in exchange.request.set_instead]
    return json.dumps(shown, ensure_ascii=False)


def read_exchange(kept: str, items: Mapping[str, Item], user: str) -> Exchange | None:
    """Return an exchange from JSON, None if damaged; one that was broken off says so."""
    try:
        shown = json.loads(kept)
        files = tuple(SentFile(**one) for one in shown["files"])
        reply = _reply(shown["reply"], items) if shown["reply"] else Reply(waiting="…")
        counts = bool(shown["counts"])
        words = str(shown["words"])
        given_up = read_constraints(shown.get("given_up", ()))
        instead = read_constraints(shown.get("set_instead", ()))
    except BAD_VALUE:
        return None
    if reply.waiting:
        reply = stopped(reply, wording(reply.language)("trouble.cut_off"))
    request = None if files else Request(words, given_up=given_up, set_instead=instead, user=user)
    return Exchange(words, files, request, reply, counts)


def _reply_json(reply: Reply) -> dict[str, Any]:
    return {
        **{name: getattr(reply, name) for name in _TEXTS},
        "constraints": [asdict(one) for one in reply.constraints],
        "preferences": [asdict(one) for one in reply.preferences],
        "items": [[one.item.id, one.item.title] for one in reply.candidates],
        "unread": list(reply.unread),
        "near": [[one.id, one.title] for one in reply.near],
        "compared": [[one.id, one.title] for one in reply.compared],
        "reasons": {id_: list(told) for id_, told in reply.reasons.items()},
        "suggestions": [[one.message, one.count] for one in reply.suggestions],
    }


def _reply(kept: Mapping[str, Any], items: Mapping[str, Item]) -> Reply:
    constraints = read_constraints(kept["constraints"])
    listed, near, compared = (
        [items.get(id_) or Item(id_, title) for id_, title in kept.get(name, ())]
        for name in ("items", "near", "compared")
    )
    texts: dict[str, Any] = {name: str(kept[name]) for name in _TEXTS}
    return Reply(
        **texts,
        constraints=constraints,
        preferences=tuple(Preference(**one) for one in kept["preferences"]),
        candidates=tuple(Candidate(as_it_fits(one, constraints), 0.0) for one in listed),
        near=tuple(near),
        unread=tuple(map(str, kept.get("unread", ()))),
        compared=tuple(compared),
        reasons={id_: tuple(told) for id_, told in kept["reasons"].items()},
        suggestions=tuple(Suggestion(*one) for one in kept["suggestions"]),
    )
