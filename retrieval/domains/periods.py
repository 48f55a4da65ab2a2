"""When: "yesterday", "last week" → the days that are meant, as a constraint on the date.

Knows a domain's words for periods and the dates of a catalogue. Days are counted back from the
newest item, since a collection that ended in May has no yesterday in November.
"""

import re
from datetime import timedelta

from retrieval.domains.wording import any_phrase
from retrieval.items import Catalogue, Constraint, normal, raw_value


def without_period(
    message: str, catalogue: Catalogue, language: str
) -> tuple[str, Constraint | None]:
    """Return a message without its first words for a period, and the constraint that they set."""
    domain, dates = catalogue.domain, catalogue.dates
    meant = {
        phrase.casefold(): span
        for span, phrases in domain.periods.get(language, {}).items()
        for phrase in phrases
    }
    found = re.search(any_phrase(meant), message, flags=re.I) if meant and dates else None
    if found is None:
        return message, None
    rest = " ".join((message[: found.start()] + message[found.end() :]).split())
    first, last = map(int, meant[found[0].casefold()].split("-"))
    return rest, _within(first, last, found[0], catalogue)


def _within(first: int, last: int, said: str, catalogue: Catalogue) -> Constraint:
    """Return the constraint to some days, counted back from the newest."""
    newest = max(catalogue.dates.values()).date()
    days = {newest - timedelta(days=back) for back in range(first, last + 1)}
    names = {name for item in catalogue.items.values() for name in item.attributes}
    field = catalogue.domain.field_of(catalogue.domain.recency.field, names)
    written = {
        normal(raw_value(catalogue.items[id_], field))
        for id_, at in catalogue.dates.items()
        if at.date() in days
    }
    values = tuple(sorted(written or {day.isoformat() for day in days}))
    return Constraint(field, "in", values, said)
