"""The values that a message names → changes of the state: wanted, denied, allowed, let go of.

Pure. Knows a message's wishes, the catalogue's fields and what holds; merges nothing itself.
"""

from collections.abc import Iterator, Sequence

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.dialogue_state import (
    Allow,
    Also,
    Ask,
    Change,
    Drop,
    Prefer,
    TurnTo,
)
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.value_names import COLOUR_FIELDS, NO_VALUES, Mention
from assistant.understanding.wishes import Wishes
from retrieval.items import Constraint, raw_value

_SEVERAL = 1.5  # values of a cell, on average, where each is asked for beside the others
_NEAR = 3  # characters between a value and what lets go of it


def named_values(
    wishes: Wishes, standing: Sequence[Constraint], vocabulary: Vocabulary
) -> Iterator[Change]:
    """Read values: the kind of thing first, because turning to it lets others lapse."""
    released = [
        m
        for m in wishes.mentions
        if m.field not in vocabulary.kinds and _releases(wishes.sentence, m, standing)
    ]
    yield from (Drop(mention.field) for mention in released)
    mentions = [m for m in wishes.mentions if m not in released]
    yield from _let_be(mentions, standing)
    wanted = _wanted(mentions, vocabulary)
    kind = next((name for name in vocabulary.kinds if (name, False) in wanted), None)
    if kind and wishes.sentence.has("same words"):
        yield Ask(_one_of(kind, wanted[kind, False]))
    elif kind:
        turned = _one_of(kind, wanted[kind, False])
        yield from (Drop(name) for name in _lapsing(turned, standing, vocabulary))
        yield TurnTo(turned)
    for (name, soft), several in wanted.items():
        if soft:
            yield Prefer(_one_of(name, several))
        elif name not in vocabulary.kinds:
            yield from _wish(name, several, wishes.sentence, standing, vocabulary)
    yield from (_without(mention) for mention in mentions if mention.negated)


def _let_be(mentions: Sequence[Mention], standing: Sequence[Constraint]) -> Iterator[Change]:
    """Read "black is ok again": no exclusion of it stands any more, and no wish for it."""
    for mention in mentions:
        held = [
            c for c in standing if c.field == mention.field and set(c.values) & set(mention.values)
        ]
        if mention.stance == "released" and held:
            wished = any(c.wants for c in held)
            yield Drop(mention.field) if wished else Allow(_one_of(mention.field, [mention]))


def _wanted(
    mentions: Sequence[Mention], vocabulary: Vocabulary
) -> dict[tuple[str, bool], list[Mention]]:
    """Return what is wanted and not denied as well, by field and whether it is only wished for."""
    wanted: dict[tuple[str, bool], list[Mention]] = {}
    denied = {(m.field, value) for m in mentions if m.negated for value in m.values}
    for mention in mentions:
        values = {(mention.field, value) for value in mention.values}
        if mention.stance == "wanted" and not denied.issuperset(values):
            soft = mention.soft and mention.field not in vocabulary.kinds
            wanted.setdefault((mention.field, soft), []).append(mention)
    return wanted


def _lapsing(
    kind: Constraint, standing: Sequence[Constraint], vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield the fields of standing constraints of which no item of another kind says anything."""
    ids = vocabulary.ids_of([(kind.field, kind.values)])
    items = [vocabulary.catalogue.items[id_] for id_ in ids]
    for one in standing:
        kept = one.field in (*vocabulary.kinds, "price", "stock", "id") or one.excludes
        if not kept and not any(raw_value(item, one.field) for item in items):
            yield one.field
    for name in vocabulary.kinds:
        if any(one.field == name and one.excludes for one in standing):
            yield name


def _releases(sentence: Sentence, mention: Mention, standing: Sequence[Constraint]) -> bool:
    """Tell whether a message lets go of a wish: "forget the grill", "the steel doesn't matter".

    Words that also deny let go only of what was wished for; "doesn't matter" never denies.
    """
    start, end = mention.clause
    roles = {
        role
        for cue in sentence.found
        if start <= sentence.tokens[cue.start].span[0] <= end + _NEAR
        for role in cue.roles
    }
    if "denial waive" in roles and not mention.negated:
        return True
    wished = [c for c in standing if c.field == mention.field and c.wants]
    held = any(set(c.values) & set(mention.values) for c in wished)
    flag = NO_VALUES.issuperset(mention.values) and bool(wished)
    return "denial release" in roles and ((held and mention.negated) or flag)


def _without(mention: Mention) -> Ask | Prefer:
    said, must = mention.said, mention.recorded
    denied = Constraint(mention.field, "not in", mention.values, said, recorded=must)
    return Prefer(denied) if mention.soft else Ask(denied)


def _wish(
    name: str,
    several: Sequence[Mention],
    sentence: Sentence,
    standing: Sequence[Constraint],
    vocabulary: Vocabulary,
) -> Iterator[Change]:
    """Ask for values, for each of several, or allow them beside those that hold."""
    between = sentence.tokens[several[0].end : several[-1].start]
    if any(c.field == name for c in standing) and _permitted(sentence, several):
        yield Allow(_one_of(name, several))
    elif _holds_several(name, vocabulary) and "or" not in [token.text for token in between]:
        yield from (Also(_one_of(name, [one])) for one in several)
    else:
        yield Ask(_one_of(name, several))


def _holds_several(name: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a record says several things at once in a field, such as its features."""
    field = vocabulary.profile.fields.get(name)
    if field is None or field.type != "several values" or name.rstrip("s") in COLOUR_FIELDS:
        return False
    held = sum(len(ids) for ids in vocabulary.catalogue.values.get(name, {}).values())
    return held >= _SEVERAL * field.filled


def _permitted(sentence: Sentence, mentions: Sequence[Mention]) -> bool:
    """Tell whether values are allowed beside those that hold: "green is fine too", "or green"."""
    if any(sentence.cue_at(at, "words permits") for at in range(len(sentence.tokens))):
        return True
    before = sentence.tokens[: mentions[0].start]
    said = [token.text for token in before if token.kind == "word" and token.text != "and"]
    return "or" in said[:1]


def _one_of(name: str, mentions: Sequence[Mention]) -> Constraint:
    values = tuple(dict.fromkeys(value for mention in mentions for value in mention.values))
    said = " or ".join(dict.fromkeys(mention.said for mention in mentions))
    if len(values) == 1:
        return Constraint(name, "=", values[0], said)
    return Constraint(name, "in", values, said)
