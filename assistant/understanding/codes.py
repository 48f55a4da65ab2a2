"""A message that names items by their codes: which, and what the rest of it asks.

Knows which codes stand in a message and what is on screen. A code is taken out before anything else
is read, so that no number in it becomes a limit, a value or a place on screen. Reads nothing of the
rest itself: it is given the function that does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import Change, Drop, TurnTo
from assistant.understanding.tokens.lead import without_lead
from assistant.understanding.tokens.text import blanked, folded_words
from retrieval.codes.index import NamedCode
from retrieval.constraints import satisfies_all
from retrieval.items import Constraint, Item

ReadRest = Callable[[str, Conversation], Reading]

_POINTS = ("compare", "why not", "why", "less like")  # these speak of an item, and do not seek it
_MARKS = " ,.;:!?"


def codes_named(message: str, vocabulary: Vocabulary, shown: int) -> tuple[NamedCode, ...]:
    """Return the codes that a message names; "item 2" is none where a second item is `shown`.

    What is only written as a model number ("RTX4070") is none where some record speaks of it.
    """
    return tuple(
        one
        for one in vocabulary.catalogue.codes.named(message)
        if not 0 < one.place <= shown
        and (one.ids or one.said != one.code or not set(folded_words(one.code)) <= vocabulary.known)
    )


def read_around(
    codes: Sequence[NamedCode],
    message: str,
    now: Conversation,
    vocabulary: Vocabulary,
    read: ReadRest,
) -> Reading:
    """Read a message that names codes: a search that begins with their items.

    Where the rest compares them or asks about them, they are what it speaks of. Earlier limits that
    none of the items keeps lapse: who names a code means this item.
    """
    ids = dict.fromkeys(id_ for one in codes for id_ in one.ids)
    items = [vocabulary.catalogue.items[id_] for id_ in ids]
    numbered = _as_numbers(codes, items, message, now, read) if items else None
    if numbered and _points(numbered, codes, items, message, now):
        return numbered
    rest = read(blanked(message, [one.span for one in codes]), now)
    asks_about = numbered is not None and numbered.intent == "about"  # what it asks is no limit
    changes = () if asks_about else tuple(_kept(rest.changes, items))
    lapsed = [Drop(name) for name in _broken(now.state.constraints, items)]
    said = " ".join(one.said for one in codes)
    return replace(
        rest,
        intent="search",
        phrase=f"{'' if asks_about else rest.phrase} {said}".strip(),
        changes=(*lapsed, *changes),
        meant=(),
        unlike=(),
        missing="" if items else rest.missing,
        others=False,
        codes=tuple(codes),
        open=False,
    )


def _as_numbers(
    codes: Sequence[NamedCode],
    items: Sequence[Item],
    message: str,
    now: Conversation,
    read: ReadRest,
) -> Reading:
    """Read each code as the number of its item, as if it stood on screen."""
    shown = (*now.shown, *(item for item in items if item not in now.shown))
    numbers = {item.id: number for number, item in enumerate(shown, start=1)}
    parts, at = [], 0
    for one in (one for one in codes if one.ids):
        named = " and ".join(f"number {numbers[id_]}" for id_ in one.ids)
        parts += [message[at : one.span[0]], named]
        at = one.span[1]
    return read("".join([*parts, message[at:]]), replace(now, shown=shown))


def _points(
    numbered: Reading,
    codes: Sequence[NamedCode],
    items: Sequence[Item],
    message: str,
    now: Conversation,
) -> bool:
    """Tell whether a message speaks of the items of its codes, instead of seeking them."""
    alike = numbered.intent == "more like" and any(one.likened for one in codes)
    on_screen = all(item in now.shown for item in items)
    asks = numbered.intent == "about" and on_screen and _asks(message, codes)
    return alike or asks or numbered.intent in _POINTS


def _asks(message: str, codes: Sequence[NamedCode]) -> bool:
    """Tell whether a message says more of a code than that the user looks for it."""
    return bool(without_lead(blanked(message, [one.span for one in codes])).strip(_MARKS))


def _kept(changes: Sequence[Change], items: Sequence[Item]) -> Iterator[Change]:
    """Yield the changes without a kind of thing that none of the items is called."""
    for change in changes:
        asked = change.constraint if isinstance(change, TurnTo) else None
        if not (items and asked and _broken((asked,), items)):
            yield change


def _broken(constraints: Sequence[Constraint], items: Sequence[Item]) -> list[str]:
    """Return the fields of the constraints that none of some items satisfies."""
    broken = [c for c in constraints if not any(satisfies_all(item, (c,)) for item in items)]
    return list(dict.fromkeys(one.field for one in broken)) if items else []
