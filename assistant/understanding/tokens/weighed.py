"""What cues say of each thing named, weighed against how it is meant in other messages like this.

Knows stances and likelihoods; knows no model and no catalogue. Cues decide where they speak; where
none does, likelihoods decide, and what is neither likely wanted nor refused becomes no filter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from assistant.stance.said import Meaning, Meant, MessageReader
from assistant.understanding.tokens.doubt import leaves_words
from assistant.understanding.tokens.naming import Named, Naming, Stance

Side = Literal["most", "least", "about", "exact"]  # of an amount
_SIDES: Mapping[Meaning, Side] = {"max": "most", "min": "least", "near": "about"}

# Likelihoods from which on other messages are believed. Of shoppers' messages that none was learned
# from, .95 took 1 wish in 300 for a refusal and found 4 of 10 refusals that no cue tells; .5 took 1
# in 50 and found 7 of 10.
_SURE, _SURELY, _LIKELY, _DOUBTED = 0.95, 0.9, 0.7, 0.5


def weighed(naming: Naming, named: Sequence[Named], reader: MessageReader) -> list[Named]:
    """Return what is named with the stance that both tell.

    A wish becomes a refusal only in a message that says more than cues and names explain: nobody
    refuses "this lamp, but yellow", however like "anything but yellow" it is.
    """
    sentence, more = naming.sentence, leaves_words(naming)
    said = reader(sentence.message, [sentence.span(one.start, one.end) for one in named])
    return [_weighed(one, meant, more) for one, meant in zip(named, said.meant, strict=True)]


def _weighed(one: Named, meant: Meant, more: bool) -> Named:
    stance = one.stance if one.kind else _stance(one.stance, meant, more)
    soft = one.soft or meant["soft"] >= _LIKELY
    reach = one.reach if stance == one.stance else one.tokens if stance == "denied" else (0, 0)
    return replace(one, stance=stance, soft=soft, reach=reach)


def _stance(cues: Stance, meant: Meant, more: bool) -> Stance:
    """Weigh one thing; of the kind of thing that is sought the cues tell alone."""
    match cues:
        case "wanted" | "denied" | "unclear" if meant["free"] >= _LIKELY:
            return "released"
        case "wanted" if more and meant["not"] >= _DOUBTED:
            return "denied" if meant["not"] >= _SURE else "unclear"
        case "unclear" if meant["not"] >= _LIKELY:
            return "denied"
        case "unclear" if meant["want"] + meant["soft"] >= _LIKELY:
            return "wanted"
        case "owned" if meant["not"] >= _SURELY:
            return "denied"
    return cues


def likely_side(meant: Meant) -> Side | None:
    """Return which side of an amount is surely meant, None where that is open."""
    return next((side for name, side in _SIDES.items() if meant[name] >= _LIKELY), None)
