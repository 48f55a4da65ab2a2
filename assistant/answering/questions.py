"""What could be asked next: one counted question, and suggestions that lead to items.

Pure. Proposes from the items that fit; whoever proposes a message to the user first reads it as the
user's own would be read, so that none leads to nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.choose import is_interesting
from assistant.answering.utterances import FieldName, Series, Utterance, utter
from assistant.recommending.facts import Money
from assistant.understanding.value_names import KIND_FIELDS, NO_VALUES
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Constraint, Item, field_values, raw_value

_ASKED = 4  # values of a question
_PROPOSED = 2  # of them that are proposed as answers
_FILLED = 0.6  # share of the items that must have one of the values that are named
_MOST_VALUES = 12  # of a field that can be asked for
_OF_FEW = ("one of few values", "several values")
_ENOUGH = 3  # items from which a price limit in their middle is worth proposing


@dataclass(frozen=True, slots=True)
class Proposal:
    """A message that the user could send next, and what it would ask for."""

    message: Utterance
    asks: Constraint | None = None  # None where it asks for no other items
    loosens: bool = False  # it gives up a limit


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A message that leads somewhere, to be sent by one press."""

    message: str  # in the user's language
    count: int  # items that then fit, 0 where it is about those on screen


@dataclass(frozen=True, slots=True)
class CountedQuestion:
    """A question on the field that parts the items best, with the number of items by answer."""

    field: str
    values: tuple[tuple[str, int], ...]  # as the records spell them, the most frequent first


def counted_question(
    fitting: Sequence[Item], constraints: Sequence[Constraint], profile: CatalogueProfile
) -> CountedQuestion | None:
    """Return the question whose answer leaves the fewest items on average; None for none."""
    taken = {one.field for one in constraints if one.wants and len(one.values) == 1}
    if taken & set(KIND_FIELDS):
        taken |= set(KIND_FIELDS)
    found = []
    for name in profile.fields:
        if name in taken or not _can_be_asked(name, profile):
            continue
        counts = _counts(fitting, name)
        filled = sum(bool(field_values(item, name)) for item in fitting)
        named = sum(n for _, n in counts.most_common(_ASKED))
        enough = min(filled, named) >= _FILLED * len(fitting)
        if 1 < len(counts) <= _MOST_VALUES and enough:
            left = sum(n * n for n in counts.values()) / sum(counts.values())
            found.append((name not in KIND_FIELDS, left, name, counts))
    if not found:
        return None
    _, _, name, counts = min(found, key=lambda one: one[:3])
    spelled = {v: raw_value(i, name) for i in fitting for v in field_values(i, name)}
    told = [(_spelling(value, spelled[value]), n) for value, n in counts.most_common(_ASKED)]
    return CountedQuestion(name, tuple(told))


def _can_be_asked(name: str, profile: CatalogueProfile) -> bool:
    few = profile.fields[name].type in _OF_FEW
    return name in KIND_FIELDS or (few and is_interesting(name, profile))


def question_text(question: CountedQuestion) -> Utterance:
    """Word a counted question: "Which colour: navy blue (4), red (3)?"."""
    told = tuple(utter("overview.value", value=v, count=n) for v, n in question.values)
    return utter("ask.which", field=FieldName(question.field), values=Series(told))


def proposals(
    fitting: Sequence[Item],
    shown: Sequence[Item],
    question: CountedQuestion | None,
    constraints: Sequence[Constraint],
) -> Iterator[Proposal]:
    """Yield what could be asked next, the most helpful first."""
    if question is not None:
        for value, _ in question.values[:_PROPOSED]:
            if value.casefold() not in NO_VALUES:
                asks = Constraint(question.field, "=", value)
                yield Proposal(utter("ask.value", value=value), asks)
    yield from _prices(fitting, constraints)
    if len(shown) > 1:
        yield Proposal(utter("ask.compare"))
    if question is not None:
        value = question.values[0][0]
        yield Proposal(utter("ask.without", value=value), Constraint(question.field, "!=", value))


def loosening(tightest: Constraint) -> tuple[Proposal, ...]:
    """Return messages that give up the limit which stands in the way."""
    key = "ask.any_price" if tightest.field == "price" else "ask.any"
    return (Proposal(utter(key, field=tightest.field), loosens=True),)


def _prices(fitting: Sequence[Item], constraints: Sequence[Constraint]) -> Iterator[Proposal]:
    """Yield a limit on the price that about half of the items keep."""
    currencies = {item.currency for item in fitting if item.price is not None}
    prices = sorted(item.price for item in fitting if item.price is not None)
    if (
        len(currencies) != 1
        or len(prices) < _ENOUGH
        or any(c.field == "price" for c in constraints)
    ):
        return
    middle = _round_price(prices[len(prices) // 2])
    if prices[0] < middle < prices[-1]:
        limit = Money(middle, currencies.pop())
        yield Proposal(utter("ask.under", price=limit), Constraint("price", "<=", middle))


def _round_price(price: float) -> float:
    """Round to two significant digits, as a person names a budget."""
    return float(f"{price:.2g}")


def _counts(items: Sequence[Item], name: str) -> Counter[str]:
    return Counter(value for item in items for value in field_values(item, name))


def _spelling(value: str, raw: str) -> str:
    return raw if raw.casefold() == value else value
