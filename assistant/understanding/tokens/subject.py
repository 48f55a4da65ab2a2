"""What is sought where a message names a thing only as somebody's: "my kettle has given up".

Knows what is named and the cues that steer it; knows no conversation.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.naming import Named


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
