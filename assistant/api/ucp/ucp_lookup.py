"""UCP's lookup and product: identifiers → products, and what can be chosen of one.

Knows the protocol's rules for options: what is selected, what gives way where nothing fits, what is
there beside it. Searches nothing.
"""

from collections.abc import Mapping, Sequence

from assistant.api.answer_items import PublicAddress
from assistant.api.ucp.envelope import LOOKUP, UcpRefusedError, envelope, told
from assistant.api.ucp.identifiers import Identified, identified
from assistant.api.ucp.ucp_filters import filter_constraints
from assistant.api.ucp.ucp_products import (
    available_first,
    option_choices,
    option_labels,
    product_of,
)
from assistant.api.ucp.ucp_records import (
    UcpInput,
    UcpLookupAnswer,
    UcpMessage,
    UcpOption,
    UcpOptionValue,
    UcpProduct,
    UcpProductAnswer,
)
from assistant.api.ucp.ucp_requests import LARGEST_BATCH, UcpLookupRequest, UcpProductRequest
from retrieval.constraints import fitting_variants, satisfies_all
from retrieval.items import Catalogue, Constraint, Item, Variant, normal

Options = Mapping[str, str]  # name → label


def look_up(
    asked: UcpLookupRequest, catalogue: Catalogue, address: PublicAddress
) -> UcpLookupAnswer:
    """Answer a lookup: each product once, its variants with the identifiers that led to them.

    Raises: UcpRefusedError when there are too many identifiers.
    """
    ids = list(dict.fromkeys(asked.ids))
    if len(ids) > LARGEST_BATCH:
        content = f"{len(ids)} identifiers: send at most {LARGEST_BATCH}"
        raise UcpRefusedError(400, "request_too_large", content)
    limits, messages = filter_constraints(asked.filters, asked.context, catalogue)
    named: dict[str, list[Identified]] = {}
    for one in ids:
        found = identified(one, catalogue)
        messages += [] if found else [told("not_found", one)]
        for each in found:
            named.setdefault(each.item.id, []).append(each)
    products = []
    for several in named.values():
        item = several[0].item
        if item.price is None:
            messages.append(told("no_price", f"{item.id}: its record has no price"))
        elif satisfies_all(item, limits):
            products += _correlated(several, item, limits, catalogue, address)
    return UcpLookupAnswer(ucp=envelope(LOOKUP), products=products, messages=messages or None)


def product_detail(
    asked: UcpProductRequest, catalogue: Catalogue, address: PublicAddress
) -> UcpProductAnswer:
    """Answer the question for one product, with what can be chosen of it.

    Raises: UcpRefusedError when an option is selected twice.
    """
    names = [normal(one.name) for one in asked.selected or ()]
    if len(set(names)) < len(names):
        raise UcpRefusedError(400, "invalid_request", "selected: name each option once")
    found = next(iter(identified(asked.id, catalogue)), None)
    limits, messages = filter_constraints(asked.filters, asked.context, catalogue)
    if found is None:
        return _not_found(f"Product not found: {asked.id}")
    item = found.item
    if item.price is None or not satisfies_all(item, limits):
        why = "its record has no price" if item.price is None else "the filters leave it out"
        return _not_found(f"Product not found: {asked.id} ({why})")
    sold = fitting_variants(item, limits) if limits else item.variants
    wanted = {one.name: one.label for one in asked.selected or ()}
    product = _with_options(item, sold, found.variant, wanted, asked.preferences or ())
    answer = product_of(item, product[0], address, catalogue.profile)
    answer.options, answer.selected = _signals(item, product[1]), option_choices(product[1]) or None
    return UcpProductAnswer(ucp=envelope(LOOKUP), product=answer, messages=messages or None)


def _not_found(content: str) -> UcpProductAnswer:
    lost = UcpMessage(type="error", code="not_found", content=content, severity="unrecoverable")
    return UcpProductAnswer(ucp=envelope(LOOKUP, failed=True), messages=[lost])


def _correlated(
    named: Sequence[Identified],
    item: Item,
    limits: Sequence[Constraint],
    catalogue: Catalogue,
    address: PublicAddress,
) -> list[UcpProduct]:
    """Return the product of an item with the variants that identifiers led to, if any fits."""
    sold = fitting_variants(item, limits) if limits else item.variants
    led: dict[str, tuple[Variant, list[UcpInput]]] = {}
    inputs = [UcpInput(id=one.said, match=one.match) for one in named]
    if not item.variants:
        product = product_of(item, (), address, catalogue.profile)
        product.variants[0].inputs = inputs
        return [product]
    for one, said in zip(named, inputs, strict=True):
        variant = one.variant or next(iter(available_first(sold)), None)
        if variant is not None and variant in sold:
            led.setdefault(variant.code, (variant, []))[1].append(said)
    if not led:
        return []
    product = product_of(item, [one for one, _ in led.values()], address, catalogue.profile)
    for shown, (_, said_of_it) in zip(product.variants, led.values(), strict=True):
        shown.inputs = said_of_it
    return [product]


def _with_options(
    item: Item,
    sold: Sequence[Variant],
    named: Variant | None,
    wanted: Options,
    preferences: Sequence[str],
) -> tuple[list[Variant], Options]:
    """Return the variants to show, the featured one first, and what is selected in effect."""
    if not item.variants:
        return [], {}
    if named is not None:
        same = [one for one in sold if _has(one, named.options) and one != named]
        return [named, *same], named.options
    selected = _relaxed(_as_spelled(wanted, item), sold, preferences)
    if selected:
        return available_first(one for one in sold if _has(one, selected)), selected
    featured = available_first(sold)[0]
    return [featured], featured.options


def _as_spelled(wanted: Options, item: Item) -> dict[str, str]:
    """Return selections as the record spells them; what it does not have stays as it is."""
    labels = option_labels(item)
    names = {normal(name): name for name in labels}
    spelled = {}
    for name, label in wanted.items():
        own = names.get(normal(name), name)
        known = {normal(one): one for one in labels.get(own, ())}
        spelled[own] = known.get(normal(label), label)
    return spelled


def _relaxed(
    selected: dict[str, str], sold: Sequence[Variant], preferences: Sequence[str]
) -> dict[str, str]:
    """Drop selections until a variant fits: what no preference names first, then from the end."""
    order = {normal(name): place for place, name in enumerate(preferences)}
    kept = sorted(selected, key=lambda name: order.get(normal(name), len(order)))
    while kept and not any(_has(one, {name: selected[name] for name in kept}) for one in sold):
        kept.pop()
    return {name: label for name, label in selected.items() if name in kept}


def _signals(item: Item, selected: Options) -> list[UcpOption] | None:
    """Return the options of an item, each value with whether it goes with what is selected."""
    found = []
    for name, labels in option_labels(item).items():
        values = []
        for label in labels:
            fit = [one for one in item.variants if _has(one, {**selected, name: label})]
            there = any(one.stock is None or one.stock > 0 for one in fit)
            values.append(UcpOptionValue(label=label, available=there, exists=bool(fit)))
        found.append(UcpOption(name=name, values=values))
    return found or None


def _has(variant: Variant, options: Options) -> bool:
    return all(variant.options.get(name) == label for name, label in options.items())
