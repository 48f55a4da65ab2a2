"""What the items on screen all keep: "Here are six striped scarves at most $40".

Pure. Worded from constraints, which every shown item satisfies, so it is true by construction.
"""

from collections.abc import Sequence

from assistant.answering.messages import SHOWN_VALUES, constraint_text
from assistant.recommending.evidence import price_text
from assistant.understanding.value_names import COLOUR_FIELDS, KIND_FIELDS
from retrieval.english import number_word, plural
from retrieval.items import Constraint, normal

_SINGULAR = ("article type", "kind", "type")  # fields whose values name one thing
_ADJECTIVES = ("pattern", "style")


def opening(
    count: int, constraints: Sequence[Constraint], currency: str, *, listed: bool = False
) -> str:
    """Say how many items follow and what they all keep, "" when nothing was asked of them.

    `listed` gives the limits one after another, as a sentence that is to be translated needs them.
    """
    if not count or not any(constraint_text(c, currency) for c in constraints):
        return ""
    if listed:
        things = "One item fits" if count == 1 else f"{count} items fit"
        kept = [text for c in constraints if (text := constraint_text(c, currency))]
        return f"{things}: {', '.join(kept)}."
    looks = [_wished(c) for c in constraints if c.field in _ADJECTIVES and c.wants]
    things = " ".join([*looks, _things(count, constraints)])
    told = [_phrase(c, currency) for c in constraints if c.field != "price"]
    kept = [phrase for phrase in (*told, _price_kept(constraints, currency)) if phrase]
    kept.sort(key=lambda phrase: phrase.startswith(("not ", "no ")))
    apart = ", " if kept and kept[0].startswith(("not ", "no ")) else " "
    start = f"Here {'is' if count == 1 else 'are'} {number_word(count)} {things}"
    return f"{start}{apart if kept else ''}{', '.join(kept)}."


def _things(count: int, constraints: Sequence[Constraint]) -> str:
    """Name the kind that was asked for: "scarves", "mugs or bowls"; "items" when it has no name."""
    kinds = [c for c in constraints if c.field in KIND_FIELDS and c.wants]
    names = kinds[0].values if kinds else ()
    if not names or len(names) > SHOWN_VALUES or any(mark in n for n in names for mark in ",&/"):
        return "item" if count == 1 else "items"
    if kinds[0].field not in _SINGULAR and not all(name.endswith("s") for name in names):
        listed = "items" if count > 1 else "item"
        return f"{listed} from {' or '.join(names)}"
    if count > 1:
        return " or ".join(plural(name) for name in names)
    if any(name.endswith("s") and not name.endswith("ss") for name in names):
        return f"choice of {' or '.join(names)}"
    return " or ".join(names)


def _phrase(constraint: Constraint, currency: str) -> str:
    """Word what an item keeps so that it can follow its name."""
    name = constraint.field
    if name in ("id", "stock") or isinstance(constraint.value, float | int):
        told = constraint_text(constraint, currency)
        return f"with {told}" if told and name != "stock" else told
    if name == "title":
        return constraint_text(constraint, currency)
    told = _wished(constraint)
    if not constraint.wants:
        return (
            f"no {' or '.join(map(plural, constraint.values))}"
            if name in KIND_FIELDS
            else f"not {_before(name)}{told}"
        )
    if name in KIND_FIELDS or name in _ADJECTIVES:
        return ""
    return f"{_before(name)}{told}"


def _before(name: str) -> str:
    if name in COLOUR_FIELDS:
        return "in "
    return {"material": "made of ", "brand": "by ", "pattern": "", "style": ""}.get(
        name, f"with {name} "
    )


def _price_kept(constraints: Sequence[Constraint], currency: str) -> str:
    """Say the price range that was asked for."""
    limits = {
        c.op: (c.strict, price_text(c.value, c.unit or currency))
        for c in constraints
        if c.field == "price" and isinstance(c.value, float | int)
    }
    least, most = limits.get(">="), limits.get("<=")
    if least and most:
        return f"between {least[1]} and {most[1]}"
    if most:
        return f"{'under' if most[0] else 'at most'} {most[1]}"
    return f"{'over' if least[0] else 'at least'} {least[1]}" if least else ""


def _wished(constraint: Constraint) -> str:
    """Name a constraint's values: in the user's own word where it names them all."""
    values, said = constraint.values, normal(constraint.said)
    if len(values) > 1 and said and all(said in value.split() for value in values):
        return said
    names = [value.title() if constraint.field == "brand" else value for value in values]
    more = " or similar" if len(values) > SHOWN_VALUES else ""
    return " or ".join(names[:SHOWN_VALUES]) + more
