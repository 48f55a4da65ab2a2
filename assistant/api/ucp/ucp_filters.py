"""UCP's filters → constraints of a search, or messages that say why one cannot be applied.

Knows a catalogue's fields and what they are; searches nothing. What a record does not say satisfies
no filter.
"""

from collections.abc import Iterator
from typing import Literal

from assistant.api.ucp.envelope import told
from assistant.api.ucp.ucp_records import UcpMessage
from assistant.api.ucp.ucp_requests import (
    UcpAttributeFilter,
    UcpContext,
    UcpFilters,
    UcpPriceFilter,
    UcpRatingFilter,
)
from retrieval.currencies import minor_digits
from retrieval.items import Catalogue, Constraint, normal

NOT_APPLIED = "filter_not_applied"

_KNOWN = ("categories", "price", "available", "attributes", "rating")


def filter_constraints(
    filters: UcpFilters | None, context: UcpContext, catalogue: Catalogue
) -> tuple[tuple[Constraint, ...], list[UcpMessage]]:
    """Return the constraints of filters, and a message for each that cannot be applied."""
    if filters is None:
        return (), []
    found = list(_each(filters, context, catalogue))
    limits = tuple(one for one in found if isinstance(one, Constraint))
    return limits, [one for one in found if isinstance(one, UcpMessage)]


def has_filter(filters: UcpFilters | None) -> bool:
    """Tell whether filters ask for anything."""
    return filters is not None and bool(filters.model_dump(exclude_none=True))


def _each(
    filters: UcpFilters, context: UcpContext, catalogue: Catalogue
) -> Iterator[Constraint | UcpMessage]:
    if filters.categories:
        yield Constraint("category", "in", tuple(filters.categories))
    if filters.price is not None:
        yield from _price(filters.price, context, catalogue)
    if filters.available is not None:
        yield from _available(filters.available, catalogue)
    for one in filters.attributes or ():
        yield _attribute(one, catalogue)
    if filters.rating is not None:
        yield from _rating(filters.rating, catalogue)
    for name in filters.model_dump(exclude_none=True).keys() - set(_KNOWN):
        yield _unused(name[:80], "there is no such filter here")


def _price(
    asked: UcpPriceFilter, context: UcpContext, catalogue: Catalogue
) -> Iterator[Constraint | UcpMessage]:
    currency = context.currency or catalogue.currency
    if not currency or currency not in catalogue.currencies:
        there = ", ".join(one for one in catalogue.currencies if one) or "no currency"
        why = f"amounts in {currency} are" if currency else "without context.currency amounts are"
        yield _unused("price", f"{why} not converted; prices here are in {there}")
        return
    unit = 10 ** minor_digits(currency)
    ends: tuple[tuple[Literal[">=", "<="], int | None], ...] = (
        (">=", asked.min),
        ("<=", asked.max),
    )
    for op, amount in ends:
        if amount is not None:
            yield Constraint("price", op, amount / unit, unit=currency)


def _available(asked: bool, catalogue: Catalogue) -> Iterator[Constraint | UcpMessage]:
    name = _of_role("stock", catalogue) or "stock"
    if name not in catalogue.values and name not in catalogue.varying:
        yield _unused("available", "no record says what is in stock")
    elif asked:
        yield Constraint(name, ">=", 1.0)
    else:
        yield Constraint(name, "<=", 0.0)


def _attribute(asked: UcpAttributeFilter, catalogue: Catalogue) -> Constraint | UcpMessage:
    wanted = normal(asked.name)
    names = (
        one.name for one in catalogue.profile.fields.values() if wanted in map(normal, one.names)
    )
    known = wanted if wanted in catalogue.values else next(names, "")
    if known not in catalogue.values:
        return _unused(f"attributes: {asked.name}", "no record has this attribute")
    return Constraint(known, "in", tuple(asked.values))


def _rating(asked: UcpRatingFilter, catalogue: Catalogue) -> Iterator[Constraint | UcpMessage]:
    for role, least in (("rating", asked.min), ("review count", asked.min_count)):
        if least is None:
            continue
        name = _of_role(role, catalogue)
        if name:
            yield Constraint(name, ">=", float(least))
        else:
            yield _unused("rating", f"no record has a {role}")


def _of_role(role: str, catalogue: Catalogue) -> str:
    """Return the field of a catalogue that plays a role, "" if none does."""
    fields = catalogue.profile.fields.values()
    return next((one.name for one in fields if one.role == role), "")


def _unused(name: str, why: str) -> UcpMessage:
    return told(NOT_APPLIED, f"{name}: {why}", "$.products")
