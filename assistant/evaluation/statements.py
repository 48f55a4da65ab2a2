"""The sentences of an answer that are about an item, and whether its record agrees.

Pure. Knows the claims of a turn and the records. Each fact that a sentence words is held against
the record once more: what it quotes must stand there, and every value must be the field's.
"""

from dataclasses import dataclass

from assistant.evaluation.outcome import Outcome
from assistant.recommending.facts import Fact, Money
from retrieval.items import Catalogue, Item, normal, raw_value


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about items."""

    sentence: str
    items: tuple[Item, ...]
    stands: bool


def statements(outcome: Outcome, catalogue: Catalogue) -> list[Statement]:
    """Return every sentence of an answer that is about items, in order."""
    found = []
    for claim in outcome.claims:
        items = tuple(catalogue.items[name] for name in claim.items if name in catalogue.items)
        if items:
            stands = all(supported(fact, items[0]) for fact in claim.facts)
            found.append(Statement(claim.sentence, items, stands))
    return found


def supported(fact: Fact, item: Item) -> bool:
    """Tell whether a record says what a fact says of it; what the search says is not judged."""
    places = fact.places
    match fact.kind:
        case "has" | "wished" | "kept" | "first":
            name, value = str(places["field"]), places["value"]
            if isinstance(value, Money) or name == "price":
                return isinstance(value, Money) and value.amount == item.price
            return not isinstance(value, str) or normal(value) == normal(raw_value(item, name))
        case "price":
            price = places["price"]
            return isinstance(price, Money) and price.amount == item.price
        case "quote":
            return str(places["text"]) in item.description
        case "spoken":
            return any(str(places["text"]) in one for one in item.transcripts)
        case "unsaid":
            return not raw_value(item, str(places.get("field", "")))
        case _:
            return True


def full_record(item: Item) -> str:
    """Return all that a record says, to be read beside a sentence."""
    facts = "; ".join(f"{name}: {value}" for name, value in item.attributes.items() if value)
    price = f"{item.price:g} {item.currency}" if item.price is not None else ""
    parts = (item.category, item.brand, price, facts, item.description, *item.transcripts)
    return ". ".join(part for part in parts if part)
