"""Who may be found, and what of them may be used: decided before a record is stored or encoded.

Knows items and a domain's rules. What somebody keeps private, and what nobody may be chosen by, is
taken out of the record, so that nothing later can match it, quote it or filter by it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from retrieval.domain import Domain
from retrieval.domains.wording import any_phrase
from retrieval.items import Item, field_values, normal

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
_WORD = re.compile(r"[^\W_]+")
_OWN = ("description", "category", "brand", "pictures", "recordings", "videos", "url")
_EMPTY = {"pictures": (), "recordings": (), "videos": ()}


@dataclass(frozen=True, slots=True)
class Admitted:
    """A record as far as it may be used."""

    item: Item
    withheld: tuple[str, ...] = ()  # values that nobody may read or hear
    linked: bool = True  # whether it may be told who is linked with it


def admit(item: Item, domain: Domain) -> Admitted | None:
    """Return what may be used of a record, None for somebody who does not want to be found."""
    rules, have = domain.consent, item.attributes
    listed = domain.field_of(rules.listed, have) if rules.listed else ""
    if listed and normal(have[listed]) in rules.no:
        return None
    said = domain.field_of(rules.private, have) if rules.private else ""
    private = set(field_values(item, said)) if said else set()
    fields = {name for one in private for name in (one, domain.field_of(one, have)) if name}
    withheld = [have[name] for name in (*fields, *rules.protected) if have.get(name)]
    gone = {*fields, *rules.protected, listed, said}
    kept = {name: value for name, value in have.items() if name not in gone}
    emptied = {name: _EMPTY.get(name, "") for name in _OWN if name in fields}
    values = tuple(one for raw in withheld for one in _values(raw))
    told = replace(item, attributes=kept, **emptied)  # type: ignore[arg-type]
    shown = replace(told, description=without_values(told.description, values))
    return Admitted(shown, values, linked=domain.ties.unlinked not in private)


def without_values(text: str, withheld: Iterable[str]) -> str:
    """Leave out each sentence of a text that says a withheld value."""
    secret = [f" {_plain(value)} " for value in withheld]
    if not secret:
        return text
    kept = (s for s in _SENTENCE.split(text) if not any(one in f" {_plain(s)} " for one in secret))
    return " ".join(kept)


def without_protected(message: str, domain: Domain) -> tuple[str, tuple[str, ...]]:
    """Return a message without the words by which nobody is chosen, and those words."""
    said: list[str] = []
    words = [word for several in domain.consent.protected.values() for word in several]
    if words:
        pattern = any_phrase(words)
        said = re.findall(pattern, message, flags=re.I)
        message = " ".join(re.sub(pattern, " ", message, flags=re.I).split()) if said else message
    return message, tuple(dict.fromkeys(map(str.casefold, said)))


def _values(raw: str) -> Iterator[str]:
    """Yield a cell and each of its values, as text may say them."""
    yield raw
    yield from (part for part in re.split(r"\s*[,;|/]\s*", raw) if len(part) > 2)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(normal(text)))
