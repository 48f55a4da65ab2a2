"""Another order than by score: what is wished for first, or by a field that the user names.

Pure. Knows candidates and the profile of the fields; searches nothing.
"""

from collections.abc import Sequence

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Reading
from retrieval.constraints import measured_value, satisfies_all
from retrieval.items import Candidate, Constraint, raw_value, read_date


def wished_first(
    ranked: Sequence[Candidate], preferences: Sequence[Constraint]
) -> tuple[Candidate, ...]:
    """Put first what meets most of what is only wished for; between equals the score decides."""
    if not preferences:
        return tuple(ranked)
    met = {c.item.id: sum(satisfies_all(c.item, (one,)) for one in preferences) for c in ranked}
    return tuple(sorted(ranked, key=lambda c: -met[c.item.id]))


def by_field(
    candidates: Sequence[Candidate], reading: Reading, vocabulary: Vocabulary
) -> Sequence[Candidate]:
    """Sort by the field that the user names; what the record does not say of it is left out.

    Of prices in several currencies each is sorted apart, the catalogue's most common first. Of
    dates the day counts, though limits compare their years.
    """
    field = vocabulary.profile.fields.get(reading.order)
    if field is not None and field.type == "date":
        dated = [(read_date(raw_value(c.item, field.name)), c) for c in candidates]
        days = [(at, c) for at, c in dated if at is not None]
        return [c for _, c in sorted(days, key=lambda pair: pair[0], reverse=reading.descending)]
    measured = Constraint(reading.order, ">=", 0.0, unit=field.unit if field else "")
    valued = [(v, c) for c in candidates if (v := measured_value(c.item, measured)) is not None]
    valued.sort(key=lambda pair: pair[0], reverse=reading.descending)
    if reading.order == "price":
        money = list(vocabulary.catalogue.currencies)
        valued.sort(key=lambda pair: money.index(pair[1].item.currency))
    return [candidate for _, candidate in valued]
