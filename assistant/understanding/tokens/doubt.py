"""Does a value stand under a verb that nobody knows? Then it may be a denial in other words.

"Red gives me headaches" and "I loathe red" become no filter for red. Knows tokens, cues and the
catalogue's own words.
"""

from assistant.understanding.tokens.scene import Named, Scene
from assistant.understanding.tokens.text import says_something


def is_unclear(scene: Scene, one: Named) -> bool:
    """Tell whether a value stands under a verb that nobody knows."""
    start, end = scene.sentence.part(one.start)
    if _under_unknown_verb(scene, start, one.start):
        return True
    after = one.end
    while after < end and (after in scene.taken or not _speaks(scene, after)):
        after += 1
    if after >= end or not _unknown(scene, after):
        return False
    if scene.sentence.tokens[after].word in scene.familiar:
        return False
    if scene.sentence.cue_at(after + 1, "words objects"):
        return True  # "red gives me headaches"
    if start not in scene.starts or any(at not in scene.taken for at in range(start, one.end)):
        return False
    told = any(scene.sentence.cue_at(at, "words copulas") for at in (one.end, after - 1))
    return told or not any(
        scene.named[scene.starts[at]].kind for at in range(start, end) if at in scene.starts
    )


def _under_unknown_verb(scene: Scene, start: int, end: int) -> bool:
    """Tell whether somebody does what nobody knows: "I loathe", "she collects"."""
    doubt = False
    for at in range(start, end):
        if at in scene.steered:
            doubt = False
        elif not doubt and scene.sentence.cue_at(at, "words pronouns"):
            after = at + 1
            while after < end and not (
                _unknown(scene, after) or after in scene.taken or after in scene.steered
            ):
                after += 1
            doubt = after < end and _unknown(scene, after)
    return doubt


def _speaks(scene: Scene, at: int) -> bool:
    return says_something(scene.sentence.tokens[at].word)


def _unknown(scene: Scene, at: int) -> bool:
    """Tell whether a word says what no cue and no catalogue tells."""
    word = scene.sentence.tokens[at].kind == "word" and _speaks(scene, at)
    quiet = at in scene.taken or at in scene.covered or at in scene.quiet
    return word and not quiet
