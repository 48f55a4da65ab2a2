"""Which facts of an item are worth saying for this request, and in which order.

Pure but for the `likeness` of meaning that is passed in. What the request named comes first, then
what lies nearest to it in meaning, then what sets the item apart from all that fit. It chooses
among true facts, so a poor choice is dull and never false.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.recommending.evidence import has, is_prose, quotations
from assistant.recommending.facts import Fact, Money, Place
from assistant.understanding.value_names import KIND_FIELDS, NO_VALUES
from retrieval.field_profile import CatalogueProfile, FieldProfile
from retrieval.items import Constraint, Item, field_quantities, field_values, normal, raw_value
from retrieval.units import Quantity, converted

Likeness = Callable[[Sequence[str]], Sequence[float]]  # texts → cosine with the request

_SAID = 3  # facts in a sentence
_FILLED = 2  # facts in a sentence, where the request alone does not give them
_CLOSE = 0.35  # cosine of a field's value with the request from which it is worth saying
_QUOTED = 0.40  # the same of a sentence of the record
COMPARED = 500  # items among which "the lightest" is worth saying, at most
_LEAST_COMPARED = 3
_NEAR_LIMIT = 0.15  # of a limit: how far a price may be from it to be worth a word
_SHORT = 6  # words of a value that is said
_PLAIN = frozenset({"stock", "currency", "plain"}) | frozenset(KIND_FIELDS)
_UNINTERESTING = frozenset({"code", "stock", "url", "review count", "year", "date"})
_PRAISED = frozenset({("price", "least"), ("rating", "most")})
_SEARCHED = ("near", "without", "budget")  # what the card tells of the search


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """What an answer is an answer to."""

    constraints: tuple[Constraint, ...]
    likeness: Likeness
    fitting: tuple[Item, ...]  # all items that fit, () where they are too many to compare
    profile: CatalogueProfile


def chosen(item: Item, reasons: Sequence[Fact], asked: AnswerRequest) -> tuple[Fact, ...]:
    """Return the facts to say of an item: at most three for one sentence, then a quotation."""
    told = [fact for fact in reasons if fact.kind not in ("quote", "spoken", *_SEARCHED)]
    told = [fact for fact in told if not _said_by_opening(fact, asked.constraints)]
    told = list(_within_both_limits(told, item))
    known = {str(fact.places.get("field")) for fact in told} | _named(asked.constraints)
    first = list(_firsts(item, asked))[:1]
    surpassed = {fact.places["field"] for fact in first} - {"price"}  # "the longest" says the value
    told = [fact for fact in told if fact.places.get("field") not in surpassed] + first
    known |= {str(fact.places.get("field")) for fact in told}
    told += _nearest_values(item, known, asked, fill=max(0, _FILLED - len(told)))
    quote = _quote(item, reasons, asked.likeness)
    return (*told[:_SAID], *quote)


def quoted_once(facts: Sequence[Fact], said: set[Place]) -> tuple[Fact, ...]:
    """Return facts without sentences that were `said` of another item; note those that are left."""
    left = tuple(fact for fact in facts if fact.places.get("text") not in said)
    said |= {fact.places["text"] for fact in left if "text" in fact.places}
    return left


def _within_both_limits(told: Sequence[Fact], item: Item) -> Iterator[Fact]:
    """Yield facts, and a value that keeps a lower and an upper limit once, without its gaps."""
    kept = [str(fact.places["field"]) for fact in told if fact.kind == "kept"]
    said = set[str]()
    for fact in told:
        name = str(fact.places.get("field"))
        if fact.kind != "kept" or kept.count(name) == 1:
            yield fact
        elif name not in said:
            said.add(name)
            yield has(item, name)


def _said_by_opening(fact: Fact, constraints: Sequence[Constraint]) -> bool:
    """Tell whether the opening says a fact of every item: "in red" where only red was asked for.

    The price stands behind the title: how far it is below a limit is worth saying only near it.
    """
    if fact.kind == "price":
        gap, limit = fact.places["gap"], fact.places["limit"]
        if isinstance(gap, Money) and isinstance(limit, Money):
            return gap.amount > _NEAR_LIMIT * limit.amount
    return fact.kind == "has" and any(
        one.field == fact.places["field"] and one.wants and len(one.values) == 1
        for one in constraints
    )


def _named(constraints: Sequence[Constraint]) -> set[str]:
    return {one.field for one in constraints if not one.excludes}


def _nearest_values(item: Item, known: set[str], asked: AnswerRequest, *, fill: int) -> list[Fact]:
    """Return the fields nearest in meaning to the request; `fill` up with what few others share."""
    names = [n for n in item.attributes if n not in known and _worth_saying(item, n, asked)]
    names = list({normal(raw_value(item, n)): n for n in reversed(names)}.values())[::-1]
    near = dict(
        zip(names, asked.likeness([f"{n} {raw_value(item, n)}" for n in names]), strict=True)
    )
    close = sorted((n for n in names if near[n] >= _CLOSE), key=lambda n: -near[n])
    rare = [
        n for n in sorted(names, key=lambda n: _share(item, n, asked.fitting)) if n not in close
    ]
    return [has(item, name) for name in (*close, *rare[: max(0, fill - len(close))])]


def is_interesting(name: str, profile: CatalogueProfile) -> bool:
    """Tell whether a field can matter to a shopper: no code, no count of reviews, no stock."""
    field = profile.fields.get(name)
    dull = field is not None and (field.role in _UNINTERESTING or field.type == "code")
    return not dull and name not in _PLAIN


def _worth_saying(item: Item, name: str, asked: AnswerRequest) -> bool:
    """Tell whether a value says something of an item: no prose, and no plain "no"."""
    value = raw_value(item, name).casefold()
    if is_prose(value):
        return False
    short = 0 < len(value.split()) <= _SHORT and value not in NO_VALUES and value not in _PLAIN
    return short and is_interesting(name, asked.profile)


def _share(item: Item, name: str, fitting: Sequence[Item]) -> float:
    """Return the share of all that fit which have the same value."""
    own = field_values(item, name)
    return sum(field_values(one, name) == own for one in fitting) / max(1, len(fitting))


def _firsts(item: Item, asked: AnswerRequest) -> Iterator[Fact]:
    """Yield in what the item is first of all that fit: the cheapest, the best rated, the lightest.

    Beside price and rating only in what the request speaks of, and only where all of them tell it,
    in one unit.
    """
    if not _LEAST_COMPARED <= len(asked.fitting) <= COMPARED:
        return
    count = len(asked.fitting)
    for field in asked.profile.fields.values():
        for words, side in ((field.least, "least"), (field.most, "most")):
            if (
                words
                and _is_praise(field, side, asked.constraints)
                and _is_first(item, field, side, asked)
            ):
                told: dict[str, Place] = {"word": words[0], "side": side, "count": count}
                yield Fact("first", "catalogue", {**has(item, field.name).places, **told})


def _is_praise(field: FieldProfile, side: str, constraints: Sequence[Constraint]) -> bool:
    """Tell whether to be first on a side is good: who wants at most 1.5 kg, wants no heaviest."""
    bad = "<=" if side == "most" else ">="
    limits = [one for one in constraints if one.field == field.name != "price" and not one.excludes]
    if limits:
        return not any(one.op == bad for one in limits)
    return (field.role, side) in _PRAISED and (field.role != "price" or field.name == "price")


def _is_first(item: Item, field: FieldProfile, side: str, asked: AnswerRequest) -> bool:
    """Tell whether an item's quantity lies wholly before that of every other that fits."""
    own = _quantity(item, field)
    if own is None or (field.name == "price" and len({i.currency for i in asked.fitting}) > 1):
        return False
    others = [_quantity(one, field) for one in asked.fitting if one.id != item.id]
    if side == "least":
        return all(one is not None and own.high < one.low for one in others)
    return all(one is not None and own.low > one.high for one in others)


def _quantity(item: Item, field: FieldProfile) -> Quantity | None:
    found = field_quantities(item, field.name)
    if field.name == "price":  # its unit is the currency, the same of all
        return next(iter(found), None)
    return next((q for one in found if (q := converted(one, field.unit)) is not None), None)


def _quote(item: Item, reasons: Sequence[Fact], likeness: Likeness) -> list[Fact]:
    """Return the sentence of the record that is nearest to the request, if one is near."""
    told = quotations(item)
    if not told:
        return []
    near = list(likeness([str(one.places["text"]) for one in told]))
    best = near.index(max(near))
    if near[best] >= _QUOTED:
        return [told[best]]
    return [fact for fact in reasons if fact.kind in ("quote", "spoken")][:1]
