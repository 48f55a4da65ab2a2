"""Does a value stand under a verb that nobody knows? Then it may be a denial in other words.

"Red gives me headaches" and "I loathe red" become no filter for red. Knows tokens, cues and the
catalogue's own words.
"""

from assistant.understanding.tokens.naming import Named, Naming
from assistant.understanding.tokens.text import says_something


def is_unclear(naming: Naming, one: Named) -> bool:
    """Tell whether a value stands under a verb that nobody knows."""
    start, end = naming.sentence.part(one.start)
    if _under_unknown_verb(naming, start, one.start):
        return True
    after = one.end
    while after < end and (after in naming.taken or not _speaks(naming, after)):
        after += 1
    if after >= end or not _unknown(naming, after):
        return False
    if naming.sentence.tokens[after].word in naming.familiar:
        return False
    if any(naming.sentence.cue_at(after + n, "words objects") for n in (1, 2)):
        return True  # "red gives me headaches", "steel rusts on us"
    if start not in naming.starts or any(at not in naming.taken for at in range(start, one.end)):
        return False
    told = any(naming.sentence.cue_at(at, "words copulas") for at in (one.end, after - 1))
    return told or not any(
        naming.named[naming.starts[at]].kind for at in range(start, end) if at in naming.starts
    )


def leaves_words(naming: Naming) -> bool:
    """Tell whether a message says something that no cue and no name explains."""
    return any(_unknown(naming, at) for at in range(len(naming.sentence.tokens)))


def _under_unknown_verb(naming: Naming, start: int, end: int) -> bool:
    """Tell whether somebody does what nobody knows: "I loathe", "she collects"."""
    doubt = False
    for at in range(start, end):
        if at in naming.steered:
            doubt = False
        elif not doubt and (
            naming.sentence.cue_at(at, "words pronouns")
            or naming.sentence.cue_before(at, "owned possessives")  # "my kid outgrew"
        ):
            after = at + 1
            while after < end and not (
                _unknown(naming, after) or after in naming.taken or after in naming.steered
            ):
                after += 1
            doubt = after < end and _unknown(naming, after)
    return doubt


def _speaks(naming: Naming, at: int) -> bool:
    return says_something(naming.sentence.tokens[at].word)


def _unknown(naming: Naming, at: int) -> bool:
    """Tell whether a word says what no cue and no catalogue tells."""
    word = naming.sentence.tokens[at].kind == "word" and _speaks(naming, at)
    quiet = at in naming.taken or at in naming.covered or at in naming.quiet
    return word and not quiet
