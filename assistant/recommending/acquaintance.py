"""What a user and an item have in common, and whom both know; which items tell the same.

Pure. Knows records, links and the domain's roles; words nothing.
"""

from collections.abc import Iterator, Sequence

from assistant.recommending.facts import Fact
from retrieval.items import Candidate, Catalogue, Item, field_values, raw_value

_NAMED = 3  # values, and acquaintances, that a fact names


def common_facts(
    candidate: Candidate, me: Item | None, known: Sequence[str], catalogue: Catalogue
) -> Iterator[Fact]:
    """Yield what an item shares with the user's own record, whom both know, what tells the same."""
    item, domain = candidate.item, catalogue.domain
    if me is not None and (both := _both(item, me, catalogue)):
        yield Fact("both", "records", {"values": both[:_NAMED]})
    linked = set(catalogue.links.get(item.id, ())) if domain.ties.worth else set()
    there = [catalogue.items[id_].title for id_ in known if id_ in linked]
    if there:
        yield Fact("ties", "links", {"count": len(there), "names": tuple(there[:_NAMED])})
    if candidate.also:
        yield Fact("also", "search", {"count": len(candidate.also)})


def _both(item: Item, me: Item, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the values that two records share, in the order of the domain's roles."""
    names = catalogue.domain.fields_of(catalogue.domain.ties.shared, item.attributes)
    shared = (
        one for name in names for one in field_values(item, name) if one in field_values(me, name)
    )
    return tuple(dict.fromkeys(map(_as_written(item), shared)))


def _as_written(item: Item) -> "_Spelling":
    return _Spelling(" , ".join(raw_value(item, name) for name in item.attributes))


class _Spelling:
    """Spells a normalised value as a record does."""

    def __init__(self, text: str) -> None:
        self._text, self._folded = text, text.casefold()

    def __call__(self, value: str) -> str:
        at = self._folded.find(value)
        return self._text[at : at + len(value)] if at >= 0 else value
