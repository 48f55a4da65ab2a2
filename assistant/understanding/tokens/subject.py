"""What is sought of the things that a message names: both in one, the narrower, somebody's own.

Knows what is named and the cues that steer it; knows no conversation.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.naming import Named

NamedValues = tuple[int, int, str, tuple[str, ...]]  # first token, one past the last, field, values


def as_one_kind(found: Sequence[NamedValues], kinds: Collection[str]) -> list[NamedValues]:
    """Take kinds side by side for one where something is both: "science books".

    `kinds` are the fields that name a kind.
    """
    joined: list[NamedValues] = []
    for one in found:
        last = joined[-1] if joined else None
        beside = last is not None and (last[1], last[2]) == (one[0], one[2])
        both = tuple(v for v in last[3] if v in one[3]) if beside and last else ()
        if last and both and one[2] in kinds:
            joined[-1] = (last[0], one[1], one[2], both)
        else:
            joined.append(one)
    return joined


def without_general(
    found: Sequence[NamedValues],
    kinds: Collection[str],
    standing: Sequence[tuple[str, tuple[str, ...]]],
) -> list[NamedValues]:
    """Leave out a name of several kinds where one of them is spoken of: "desk lamps, any lamp".

    `standing` are the fields and values that are spoken of already.
    """
    spoken = [*((name, values) for _, _, name, values in found if name in kinds), *standing]
    return [
        one
        for one in found
        if len(one[3]) == 1
        or not any(field == one[2] and set(values) < set(one[3]) for field, values in spoken)
    ]


def with_subject(sentence: Sentence, named: Sequence[Named]) -> list[Named]:
    """Take the kinds of thing that a message speaks of as sought where it names no other.

    Of "something for my sofa" and "to go with my sofa" the sofa is not.
    """
    if any(one.kind and one.stance in ("wanted", "denied") for one in named):
        return list(named)
    return [
        replace(one, stance="wanted", reach=(0, 0))
        if one.kind and _is_spoken_of(sentence, one)
        else one
        for one in named
    ]


def _is_spoken_of(sentence: Sentence, one: Named) -> bool:
    """Tell whether somebody speaks of a thing that they have, or of which little is clear."""
    if one.stance == "unclear":
        return True
    at = one.reach[0]
    has = sentence.cue_at(at, "owned possessives", "owned verbs") if one.reach[1] else None
    return has is not None and sentence.cue_before(at, "words parts") is None
