"""What does the user want done? What the wording leaves no doubt about.

Pure. Knows cues and what stands on screen; knows no catalogue and no model. What no cue tells is a
search, or a refinement of the last one.
"""

from typing import Literal

from assistant.understanding.acts.talk_cues import first_word, is_courtesy
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.lead import lead_end
from assistant.understanding.tokens.text import Span, cut, sentences

Intent = Literal[
    "search", "refine", "more like", "less like", "compare", "why", "why not", "about",
    "overview", "smalltalk", "about you", "complaint", "help", "out of scope", "advice",
]  # fmt: skip
FINDS: tuple[Intent, ...] = ("search", "refine", "more like", "less like")  # these show items

_LEAD = 40  # characters that may stand before "something warmer"


def sure_intent(
    sentence: Sentence,
    *,
    shown: bool,
    meant: bool,
    unlike: bool,
    changed: bool,
    more: bool = True,
) -> Intent | None:
    """Return the intent that the wording leaves no doubt about, else None.

    `shown` tells whether items are on screen, `meant` whether the message points at one of them,
    `unlike` whether it points away from one, `changed` whether it sets or clears a constraint,
    `more` whether it says anything else.
    """
    if is_courtesy(sentence):
        return "smalltalk"
    if sentence.cue_at(_asks_from(sentence), "talk elsewhere") and not changed:
        return "out of scope"
    about = meant and asks_about(sentence)
    if about and not (changed or asks_why_not(sentence) or compares(sentence)):
        return "about"
    found = _about_shown(sentence, meant=meant, unlike=unlike, changed=changed) if shown else None
    bare = meant and not (unlike or changed or more)  # "the tartan one"
    return "about" if found is None and bare else found


def asks_about(sentence: Sentence) -> bool:
    """Tell whether a message asks something of an item: "how loud is that"."""
    if not sentence.tokens:
        return False
    parts = [0, *(at + 1 for at in range(len(sentence.tokens) - 1) if sentence.is_break(at))]
    starts = [at + (sentence.cue_at(at, "act opening") is not None) for at in parts]
    return any(
        sentence.cue_at(at, "ask about") and not sentence.cue_at(at + 1, "point list")
        for at in starts
        if at + 1 < len(sentence.tokens)
    )


def asks_of_several(sentence: Sentence, meant: int) -> bool:
    """Tell whether a message asks how several shown items are: "is 1 or 2 the lighter one?"."""
    return meant > 1 and sentence.cue_at(_asks_from(sentence), "act of_several") is not None


def compares(sentence: Sentence) -> bool:
    """Tell whether a message compares: "what is the difference between"."""
    return sentence.has("act compare")


def asks_why_not(sentence: Sentence) -> bool:
    """Tell whether the user asks why something was not chosen."""
    for at in range(len(sentence.tokens)):
        if sentence.cue_at(at, "act why_not"):
            return True
        if cue := sentence.cue_at(at, "act asks_why"):
            rest = range(cue.end, len(sentence.tokens))
            return any(sentence.cue_at(n, "act missing") for n in rest)
    return False


def _about_shown(sentence: Sentence, *, meant: bool, unlike: bool, changed: bool) -> Intent | None:
    """Return the intent of a message that may speak of what is on screen."""
    if compares(sentence):
        return "compare"
    if meant and asks_why_not(sentence):
        return "why not"
    if sentence.has("act why"):
        return "why"
    if unlike and not meant:
        return "less like"
    return _of_those(sentence, changed=unlike or changed) if meant else None


def _of_those(sentence: Sentence, *, changed: bool) -> Intent | None:
    """Tell a search from shown items from a question about them."""
    every = sentences(sentence.message) or [sentence.message]
    last = read_sentence(every[-1], sentence.language)
    if any(_asks_of_item(one) for one in (sentence, last)):
        return "about"
    if not changed and len(every) > 1 and _ends_asking(last) and _opens_asking(last):
        return "about"  # "I like the second. What is it made of?"
    if changed or _likens(sentence):
        return "more like"
    return "about" if _opens_asking(sentence) or _ends_asking(sentence) else None


def _asks_of_item(sentence: Sentence) -> bool:
    """Tell whether the subject of a question is an item: a value in it is no wish.

    "Does the second …", and as other languages word it, "is of wool the first?".
    """
    opens, parts = _asks_from(sentence), range(1, len(sentence.tokens))
    for at in (opens, *(at for at in parts if sentence.is_break(at - 1))):
        verb = sentence.cue_at(at, "act item_asked")
        if verb and sentence.cue_at(verb.end, "act item"):
            return True
    verb = sentence.cue_at(opens, "act item_asked")
    ends = [at for at, token in enumerate(sentence.tokens) if token.kind != "mark"]
    if not _ends_asking(sentence) or not ends or sentence.part(opens) != (opens, ends[-1] + 1):
        return False
    last = ends[-1] if sentence.cue_at(ends[-1], "point things") is None else ends[-1] - 1
    placed = (sentence.tokens[last].text,) in sentence.cues.places
    return (verb is not None and placed) or _placed_first(sentence, opens)


def _placed_first(sentence: Sentence, at: int) -> bool:
    """Tell whether a question begins with a place: "the first is in wool?"."""
    the = sentence.cue_at(at, "point the")
    if the is None or (sentence.tokens[the.end].text,) not in sentence.cues.places:
        return False
    thing = sentence.cue_at(the.end + 1, "point things")
    return sentence.cue_at(thing.end if thing else the.end + 1, "act item_asked") is not None


def _opens_asking(sentence: Sentence) -> bool:
    return sentence.cue_at(_asks_from(sentence), "act question") is not None


def _asks_from(sentence: Sentence) -> int:
    """Return where a question begins: behind "and", "so"."""
    opens = first_word(sentence)
    return opens + (sentence.cue_at(opens, "act opening") is not None)


def _ends_asking(sentence: Sentence) -> bool:
    return sentence.message.rstrip().endswith(("?", "？"))


def _likens(sentence: Sentence) -> bool:
    """Tell whether a message wants what is like an item: "similar to the second", "like #2"."""
    return any(
        sentence.cue_at(at, "act like")
        or ((cue := sentence.cue_at(at, "act like_number")) and _is_number(sentence, cue.end))
        for at in range(len(sentence.tokens))
    )


def _is_number(sentence: Sentence, at: int) -> bool:
    return at < len(sentence.tokens) and sentence.tokens[at].kind == "number"


def open_spans(sentence: Sentence) -> list[Span]:
    """Return where a message leaves it to Magpie what to show: "surprise me"."""
    spans: list[Span] = []
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "open words", "open last")
        alone = sentence.cue_at(at, "open alone") if lead_end(sentence) >= at else None
        cue = cue or alone
        if cue is None:
            continue
        end = cue.end
        while tail := sentence.cue_at(end, "open tail"):
            end = tail.end
        last = all(token.kind == "mark" for token in sentence.tokens[end:])
        named = sentence.cue_at(end, "open not") is not None
        if last or ("open words" in cue.roles and not named):
            spans.append(sentence.span(at, end))
    return spans


def wants_others(sentence: Sentence) -> bool:
    """Tell whether the user asks for other items than those shown."""
    return any(True for _ in _others(sentence))


def without_others(sentence: Sentence) -> str:
    """Return the message without the words that only ask for others."""
    return cut(sentence.message, [sentence.span(*place) for place in _others(sentence)])


def _others(sentence: Sentence) -> list[tuple[int, int]]:
    found, at = list[tuple[int, int]](), 0
    while at < len(sentence.tokens):
        cue = sentence.cue_at(at, "others words", "others last", "others alone")
        if cue and (
            "others words" in cue.roles
            or _only_marks(sentence, cue.end)
            and ("others last" in cue.roles or at == first_word(sentence))
        ):
            found.append((cue.start, cue.end))
            at = cue.end
        else:
            at += 1
    return found


def wanted_change(sentence: Sentence) -> str:
    """Return how other items are to be than those shown ("warmer", "more casual"), else ""."""
    for at in range(len(sentence.tokens)):
        if sentence.tokens[at].span[0] > _LEAD:
            break
        if place := _change_at(sentence, at):
            return sentence.text(*place)
    return ""


def _change_at(sentence: Sentence, at: int) -> tuple[int, int] | None:
    """Return the word that compares, if all that stands from a token on says how to change."""
    thing = sentence.cue_at(at, "change things")
    here = thing.end if thing else at + (sentence.cue_at(at, "thing articles") is not None)
    if bit := sentence.cue_at(here, "change bit"):
        here = bit.end
    start = here
    more = sentence.cue_at(here, "change more", "change less")
    if more and not sentence.cue_at(more.end, "change not"):
        here = more.end
        start = here if "change more" in more.roles else start
    if here >= len(sentence.tokens) or sentence.tokens[here].kind not in ("word", "code"):
        return None
    word = sentence.cue_at(here, "change compared")
    end = here + 1
    ones = sentence.cue_at(end, "change ones")
    ends = sentence.tokens[here].text.endswith(sentence.cues.endings)
    if not (more and here == more.end) and not word and not (ends and (thing or ones)):
        return None
    at = ones.end if ones else end
    while at < len(sentence.tokens) and (tail := sentence.cue_at(at, "change tail")):
        at = tail.end
    return (start if more else here, end) if _only_marks(sentence, at) else None


def _only_marks(sentence: Sentence, at: int) -> bool:
    return all(token.kind == "mark" for token in sentence.tokens[at:])
