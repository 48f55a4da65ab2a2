"""What does the user want done? Wordings that tell it surely.

Pure patterns over the message, and what stands on screen; knows no catalogue and no model. What
no pattern knows is a search, or a refinement of the last one.
"""

import re
from typing import Literal

from assistant.understanding.tokens.cues import Sentence, read_sentence

Intent = Literal[
    "search", "refine", "more like", "less like", "compare", "why", "why not", "about",
    "overview", "smalltalk", "help", "out of scope",
]  # fmt: skip
FINDS: tuple[Intent, ...] = ("search", "refine", "more like", "less like")  # these show items


def _any(*wordings: str, whole: bool = False) -> re.Pattern[str]:
    """Compile alternatives that stand as whole words, at the message's beginning if `whole`."""
    alternatives = "|".join(wordings)
    return re.compile(
        rf"^\W*(?:(?:and|so|but)\W+)?(?:{alternatives})" if whole else rf"\b(?:{alternatives})\b",
        re.I,
    )


_HELP = _any(
    r"help\W*$",
    r"what can you do",
    r"how (?:do|does) (?:you|this|it) work",
    r"who are you",
    r"what are you\W*$",
    whole=True,
)
_ELSEWHERE = _any(  # what no catalogue answers
    r"who (?:won|wins|invented|wrote|discovered|painted|founded|(?:is|was) (?:the )?"
    r"(?:president|king|queen|prime minister|chancellor))",
    r"what(?:['’]?s| is| was) the (?:capital|population|weather|date|time|meaning of life)",
    r"(?:what|how) (?:will|is|was) the weather",
    r"will it (?:rain|snow|be (?:sunny|cold|warm|hot) (?:today|tomorrow|tonight))",
    r"what (?:time|day) is it",
    r"(?:tell me|say|make) (?:me )?(?:a|another) (?:joke|riddle)",
    r"write (?:me )?(?:a|an|some) (?:poem|story|essay|song|code|program)",
    whole=True,
)
_COURTESY = (
    r"hi|hello|hey|good (?:morning|evening|afternoon)|thanks?|thank you|thx|cheers|bye|goodbye|"
    r"great|perfect|nice|cool|ok(?:ay)?|hallo|danke|hola|gracias|bonjour|merci|你好|谢谢"
)
_COURTESY_TAIL = (
    r"there|you|so much|a lot|very much|magpie|that'?s (?:great|perfect|all)|"
    r"(?:(?:you are|that is|how|that'?s) )?(?:very )?kind|for (?:your|the) help"
)
_SMALLTALK = re.compile(rf"^\W*(?:{_COURTESY})(?:\W+(?:{_COURTESY}|{_COURTESY_TAIL}))*\W*$", re.I)
_COMPARE = _any(
    r"compare",
    r"comparison",
    r"differen(?:ce|t) between",
    r"differ from",
    r"versus",
    r"vs",
    r"which (?:one )?(?:is|of (?:them|these|those|the two))",
)
_WHY = _any(r"why (?:this|these|that|those|did you|the|it|is|are)")
_WHY_NOT = _any(
    r"why not",
    r"why (?:is|are|was|were|do|did|does|has|have)(?:n['’]?t|\b.{1,60}\bnot\b)",
    r"why (?:is|are|was|were) .{1,60} (?:missing|left out|excluded)",
    r"what(?:'?s| is) wrong with",
)
_LIKE = _any(
    r"(?:more|something|anything|others?|similar|one|just|exactly) (?:like|to)",
    r"like (?:the|this|that|it|number|#?\d)",
    r"similar to",
    r"same (?:as|but|in)",
    r"but in",
)
_QUESTION = _any(
    r"is|are|does|do|can|has|have|what|how|which|will|would|where|was",
    r"tell me (?:more )?about",
    r"more (?:info|information|details) (?:on|about)",
    r"details of",
    whole=True,
)
_ITEM_ASKED = _any(  # a question whose subject is an item: a value in it is no wish
    r"(?:is|are|was|does|do|has|have|can|could|will|would)(?:n['’]?t)? "
    r"(?:the|that|this|it|these|those|they|#|(?:number|no\.?|option|item) (?=\w))(?!\w)",
    whole=True,
)
# The same as other languages word it, translated: "is of wool the first?", "the first is in wool?"
_PLACED = r"the (?:first|second|third|fourth|fifth|sixth|last)(?: one)?"
_ASKED_BACKWARDS = re.compile(
    rf"^\W*(?:{_PLACED} (?:is|are|has|have|how|what) [^,;.]+"
    rf"|(?:of (?:what|which) \w+ )?(?:is|are|has|have) (?:(?!there\b|you\b)[^,;.]+ )?{_PLACED})"
    r"\s*\?\W*$",
    re.I,
)
_STOP = re.compile(r"(?<=[.!?;])\s+")
_OTHERS = _any(
    r"something else",
    r"anything else",
    r"others?",
    r"another(?: one)?",
    r"(?:something|anything) (?:quite |completely |entirely )?different",
    r"(?:some )?different ones?",
    r"not (?:these|those|this one|that one)",
    r"show me more",
    r"more options",
    r"more of (?:these|those|them)",
    r"what else",
    r"similar(?: ones?| things?)?(?=\W*$)",
    r"more of the same",
    r"next",
    r"^\W*more(?: please)?\W*$",
)
_COMPARED = (
    "bigger smaller larger longer shorter lighter heavier warmer cooler softer brighter darker "
    "simpler nicer newer older thicker thinner wider narrower taller cosier plainer quieter louder "
    "stronger sturdier prettier cuter smarter finer roomier"
).replace(" ", "|")
_BIT = r"(?:(?:a (?:bit|little)|bit|much|slightly|even|rather|somewhat) )?"
_MORE = rf"{_BIT}(?:more|less)\s+(?!like\b|of\b|than\b|expensive\b|about\b|info|details?\b)[\w-]+"
_CHANGED = re.compile(  # "something warmer", "less colourful, please", "is there a smaller one?"
    rf"^(?P<lead>.{{0,40}}?)(?P<how>\b(?:(?:some|any)thing\s+(?:{_MORE}|{_BIT}[\w-]+er)"
    rf"|(?:an?\s+)?{_BIT}[\w-]+er\s+ones?|{_BIT}(?:{_COMPARED})|{_MORE}(?:\s+ones?)?))"
    r"(?:,?\s+(?:please|instead|then|if possible))*\W*$",
    re.I,
)
_ELLIPTIC = re.compile(  # "without fringe", "with pockets", "for my sister"
    r"^\W*(?:(?:and|but|or|only|just|also|maybe)\s+)*(?:without|with|in|for|of|not|no)\b", re.I
)
_OPEN = _any(  # it is left to Magpie what to show
    r"(?:(?:can|could|would|will) you )?(?:please )?(?:just )?(?:recommend|suggest)"
    r"(?: (?:me|us))? (?:something|anything|a few things|some things)"
    r"(?: (?:for me|(?:you think )?i (?:might|would|could|may|'d) (?:like|love)))?",
    r"^(?:can|could|would|will) you (?:recommend|suggest)(?: (?:me|us))?(?=\W*$)",
    r"^(?:please )?(?:recommend|suggest)(?: (?:me|us))?(?=\W*$)",
    r"what (?:else )?(?:would|can|could|do|should|might) (?:you|i|we) "
    r"(?:recommend|suggest|like|love|enjoy|(?:get|buy|pick|choose)(?=\W*$))"
    r"(?: (?:to )?me)?(?! (?:about|of|in)\b)",
    r"what(?:'s| is) (?:there )?for me(?=\W*$)",
    r"surprise me(?: with(?: something| anything)?)?",
    r"i (?:do not|don't|don’t) know what (?:i (?:want|need|like)|to (?:get|buy))",
    r"(?:do you have )?any (?:recommendations|suggestions|ideas)(?: for me)?",
    r"(?:show me |find me |give me )?(?:something|anything|things) (?:for me(?=\W*$)|i(?: would|'d|"
    r" might| may|'ll| will) (?:like|love|enjoy))",
)


def sure_intent(
    message: str,
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
    if _HELP.search(message):
        return "help"
    if _SMALLTALK.search(message):
        return "smalltalk"
    if _ELSEWHERE.search(message) and not changed:
        return "out of scope"
    about = meant and asks_about(read_sentence(message))
    if about and not (changed or asks_why_not(message) or _COMPARE.search(message)):
        return "about"
    found = _about_shown(message, meant=meant, unlike=unlike, changed=changed) if shown else None
    bare = meant and not (unlike or changed or more)  # "the tartan one"
    return "about" if found is None and bare else found


def asks_about(sentence: Sentence) -> bool:
    """Tell whether a message asks something of an item: "how loud is that"."""
    if not sentence.tokens:
        return False
    parts = [0, *(at + 1 for at in range(len(sentence.tokens) - 1) if sentence.is_break(at))]
    starts = [at + (sentence.tokens[at].text in ("and", "so", "ok")) for at in parts]
    return any(
        sentence.cue_at(at, "ask about") and sentence.tokens[at + 1 : at + 2][0].text != "about"
        for at in starts
        if at + 1 < len(sentence.tokens)
    )


def talk_intent(message: str) -> Intent | None:
    """Return the intent of talk, of a message that asks for nothing that a catalogue has."""
    sentence = read_sentence(message)
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "talk help", "talk chat")
        if cue and (sentence.is_break(cue.end) or at == 0):
            return "help" if "talk help" in cue.roles else "smalltalk"
    return None


def _about_shown(message: str, *, meant: bool, unlike: bool, changed: bool) -> Intent | None:
    """Return the intent of a message that may speak of what is on screen."""
    if _COMPARE.search(message):
        return "compare"
    if meant and asks_why_not(message):
        return "why not"
    if _WHY.search(message):
        return "why"
    if unlike and not meant:
        return "less like"
    return _of_those(message, changed=unlike or changed) if meant else None


def _of_those(message: str, *, changed: bool) -> Intent | None:
    """Tell a search from shown items from a question about them."""
    last = _sentences(message)[-1]
    if any(_ITEM_ASKED.search(one) or _ASKED_BACKWARDS.search(one) for one in (message, last)):
        return "about"
    if not changed and last != message and last.endswith("?") and _QUESTION.search(last):
        return "about"  # "I like the second. What is it made of?"
    if changed or _LIKE.search(message):
        return "more like"
    asks = _QUESTION.search(message) or message.rstrip().endswith("?")  # "and its size?"
    return "about" if asks else None


def _sentences(message: str) -> list[str]:
    """Return the sentences of a message, itself when it has no words."""
    return [one for one in _STOP.split(message) if one.strip()] or [message]


def asks_why_not(message: str) -> bool:
    """Tell whether the user asks why something was not chosen."""
    return bool(_WHY_NOT.search(message))


def without_open(message: str) -> str:
    """Return the message without the words that leave it to Magpie what to show."""
    return _OPEN.sub(" ", message)


def wants_others(message: str) -> bool:
    """Tell whether the user asks for other items than those shown."""
    return bool(_OTHERS.search(message))


def wanted_change(message: str) -> str:
    """Return how other items are to be than those shown ("warmer", "more casual"), else ""."""
    found = _CHANGED.match(message)
    said = re.sub(r"^(?:(?:some|any)thing|an?)\s+|\s+ones?$", "", found["how"]) if found else ""
    return re.sub(rf"^{_BIT}(?:more\s+)?", "", said, flags=re.I)


def is_elliptic(message: str) -> bool:
    """Tell whether a message lacks the thing that it speaks of ("without fringe")."""
    return bool(_ELLIPTIC.search(message))


def without_others(message: str) -> str:
    """Return the message without the words that only ask for others."""
    return _OTHERS.sub(" ", message)
