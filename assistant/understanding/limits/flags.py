"""Read wishes for what a record answers by yes or no: "waterproof", "without batteries".

Knows the catalogue's profile and the cues; knows no number. A field that says no of some items
("no", "2 x AA") can be asked for in the same way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.limits.cues import any_of, read_cues
from assistant.understanding.limits.spans import Span, overlap
from retrieval.items import Catalogue, CatalogueProfile, Constraint, FieldProfile

NO_VALUES = frozenset("no false n 0 none nein non".split())
_LOOKED = 30  # characters before a field's name that may deny it
_ASKING = frozenset("required needed included yes/no available".split())  # "batteries required"


@dataclass(frozen=True, slots=True)
class Flag:
    """A wish for a yes or a no, with the place in the message that set it."""

    constraint: Constraint
    span: Span


def read_flags(
    message: str, catalogue: Catalogue, profile: CatalogueProfile, taken: Sequence[Span]
) -> list[Flag]:
    """Return every yes or no that a message asks for, outside the spans that are `taken`."""
    text, found = message.lower().replace("’", "'"), list[Flag]()
    words = read_cues("en").words
    denial = rf"(?:{any_of([*words['not'], *words['free']])})[\s-]+(?:[\w']+\s+){{0,2}}$"
    for field in profile.fields.values():
        values = catalogue.values.get(field.name, {})
        no = tuple(value for value in values if value in NO_VALUES)
        yes = tuple(value for value in values if value not in NO_VALUES)
        if not (no and yes and field.type in ("yes/no", "one of few values")):
            continue
        for match in re.finditer(rf"(?<!\w)(?:{any_of(_names(field))})(?:e?s)?(?!\w)", text):
            before = text[max(0, match.start() - _LOOKED) : match.start()]
            denied = re.search(denial, before)
            start = match.start() - (len(denied[0]) if denied else 0)
            if any(overlap(match.span(), span) for span in taken):
                continue
            wanted = no if denied else yes
            said = message[start : match.end()].strip()
            found.append(Flag(Constraint(field.name, "in", wanted, said), (start, match.end())))
            break
    return found


def _names(field: FieldProfile) -> tuple[str, ...]:
    """Return what a yes or no is called: its field's name without "required" and the like."""
    bare = " ".join(word for word in field.name.split() if word not in _ASKING)
    singular = bare.removesuffix("ies") + "y" if bare.endswith("ies") else bare.removesuffix("s")
    return tuple(dict.fromkeys(name for name in (field.name, bare, singular) if name))
