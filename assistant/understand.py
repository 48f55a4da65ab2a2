"""Read a message: what changes in the ledger, what is searched for, which shown item is meant.

What code can read surely, code reads: amounts, the catalogue's own values, negations, "the second
one". The language model is asked only when words are left over that code cannot place, and it
fills a form; it never sees an id and never touches the ledger.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from assistant.amounts import Limit, read_limits
from assistant.language_model import LanguageModel
from assistant.ledger import Ask, Change, Drop, Ledger, TurnTo, Undo
from assistant.prompt import load_prompt
from assistant.references import references
from assistant.vocabulary import Mention, Vocabulary, words
from retrieval.items import Constraint, Item, normal

Intent = Literal[
    "search", "refine", "more like", "compare", "why", "about", "smalltalk", "help", "out of scope"
]
Order = Literal["", "cheapest", "dearest"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What earlier turns left behind."""

    ledger: Ledger = Ledger()
    shown: tuple[Item, ...] = ()  # on screen, in order
    phrase: str = ""  # what was searched for last
    photos: tuple[Path, ...] = ()  # the photos of that search
    seen: frozenset[str] = frozenset()  # ids shown at any time


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message was understood to say."""

    intent: Intent
    phrase: str = ""  # what to search for; stands alone
    changes: tuple[Change, ...] = ()
    meant: tuple[Item, ...] = ()
    order: Order = ""
    missing: str = ""  # a thing asked for that no record mentions
    others: bool = False  # the user wants other items than those shown
    sure: bool = True  # code could place every word


class Form(BaseModel):
    """What the language model fills in."""

    intent: Literal["search", "refine", "about", "smalltalk", "help", "out of scope"]
    thing: str = Field(max_length=40)
    phrase: str = Field(max_length=100)


_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("help", re.compile(r"^\W*(?:help|what can you do|how (?:do|does) (?:you|this|it) work|who are you|what are you)\b", re.I)),
    ("smalltalk", re.compile(r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon)|thanks?|thank you|thx|cheers|bye|goodbye|great|perfect|nice|cool|ok(?:ay)?|hallo|danke|hola|gracias|bonjour|merci|你好|谢谢)(?:\W+(?:there|you|so much|a lot|very much|magpie|that'?s (?:great|perfect|all)|for (?:your|the) help))*\W*$", re.I)),
    ("compare", re.compile(r"\b(?:compare|comparison|differen(?:ce|t) between|differ from|versus|vs\.?|which (?:one )?(?:is|of (?:them|these|those)))\b", re.I)),
    ("why", re.compile(r"^\W*why\b|\bwhy (?:this|these|that|did you|the)\b", re.I)),
    ("more like", re.compile(r"\b(?:more|something|anything|others?|similar|one|just)\s+(?:like|to)\s+(?:the|this|that|it|number|#|\d)|\blike (?:the|number|#)\s*\w+(?: one)?\b|\bsimilar to\b", re.I)),
)  # fmt: skip
_QUESTION = re.compile(
    r"^\W*(?:is|are|does|do|can|has|have|what|how|tell me|which|will|would|who|where)\b.*",
    re.I | re.S,
)
_ABOUT = re.compile(
    r"\b(?:tell me (?:more )?about|more (?:info|information|details) (?:on|about)|details of)\b",
    re.I,
)
_UNDO = re.compile(r"^\W*(?:undo|go back|take that back|never ?mind that)\b", re.I)
_AFRESH = re.compile(r"\b(?:start over|start again|forget everything|new search|reset)\b", re.I)
_FREE_PRICE = re.compile(
    r"\b(?:(?:ignore|forget(?: about)?|drop|lift|remove|never mind|no) (?:the |my |any )?(?:budget|price(?: limit)?|limit)"
    r"|(?:budget|price|money) (?:is|does)(?:n'?t| not) (?:an? )?(?:issue|problem|matter)|any price|whatever the price|at any price)\b",
    re.I,
)
_FREE_FIELD = re.compile(r"\b(?:any|forget the|ignore the|whatever|no matter (?:the|what)) (colou?r|brand|size|material|pattern|category)\b", re.I)  # fmt: skip
_CHEAPER = re.compile(
    r"\b(?:cheaper|less expensive|lower(?: in)? price[d]?|more affordable)\b(?! than \$?\d)", re.I
)
_DEARER = re.compile(r"\b(?:more expensive|pricier|fancier|more luxurious|higher priced)\b", re.I)
_ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    (
        "cheapest",
        re.compile(r"\b(?:cheapest|least expensive|lowest price[d]?|most affordable)\b", re.I),
    ),
    (
        "dearest",
        re.compile(
            r"\b(?:most expensive|priciest|dearest|highest price[d]?|most luxurious)\b", re.I
        ),
    ),
)
_STOCK = re.compile(
    r"\b(?:in stock|not sold out|available (?:now|today|right now)|that you (?:still )?have)\b",
    re.I,
)
_OTHERS = re.compile(r"\b(?:something else|anything else|others?|another(?: one)?|different ones?|show me more|more options|what else|next)\b", re.I)  # fmt: skip
_FILLER = re.compile(
    r"^(?:\W*\b(?:hi|hello|hey|please|ok(?:ay)?|so|now|well|and|but|actually|instead|can you|could you|would you|"
    r"i'?d|i'?m|i am|i|we|you|want|wanted|need|would|like|love|prefer|to (?:see|buy|get|have)|looking|searching|after|for|show|find|get|give|"
    r"recommend|suggest|bring|me|us|do|have|got|carry|sell|is there|are there|any|some|what about|how about|maybe|let'?s see)\b\W*)+",
    re.I,
)
_STOP = frozenset(
    """a an the and or but of in on at to for from with without by as is are be it its this that these those there
    i me my we us our you your he she they them one ones some any something anything thing stuff item product please
    want need like love look find show get give buy have got carry sell recommend suggest see prefer would could can
    do does did will shall should just really very too so more most less least also only not no nor now then still
    good great nice best better new other another else same instead maybe around about under over between below above
    up than if when where which what who how why because into out off all both each every much many lot few bit kind
    sort type style color colour price cost cheap expensive budget dollar euro pound usd made make made suitable
    person people someone somebody friend idea option choice let im id dont doesnt isnt wasnt hi hello hey ok okay
    thank thanks rather quite pretty perhaps actually""".split()
)


def read_by_code(message: str, now: Conversation, vocabulary: Vocabulary) -> Reading:
    """Read what can be read surely; `sure` tells whether that was everything."""
    limits = read_limits(message)
    pointed = references(message, now.shown)
    mentions = [
        m for m in vocabulary.mentions(message)
        if not any(_inside(m.span, x.span) for x in (*limits, *pointed))
    ]  # fmt: skip
    meant = tuple(reference.item for reference in pointed)
    left = _left_over(message, [x.span for x in (*limits, *mentions, *pointed)])
    changes = (
        *_controls(message, vocabulary),
        *_asked(message, limits, mentions, meant, now, vocabulary),
    )
    order = next((order for order, pattern in _ORDERS if pattern.search(message)), "")
    intent = _intent(
        message, meant, mentions, left, now, vocabulary, changed=bool(changes or order)
    )
    unknown = [word for word in left if word not in vocabulary.known]
    settled = intent in ("help", "smalltalk", "compare", "why", "more like", "about")
    return Reading(
        intent,
        phrase=_phrase(message, intent, limits, mentions, changes, now),
        changes=() if intent in ("help", "smalltalk", "compare", "why", "about") else changes,
        meant=meant,
        order=order,
        missing=_missing(message, left, unknown, mentions, vocabulary)
        if intent == "search"
        else "",
        others=bool(_OTHERS.search(message)) and not meant,
        sure=settled or not unknown and (intent != "refine" or not left or bool(changes)),
    )


def read_with_model(
    message: str, now: Conversation, surely: Reading, model: LanguageModel, vocabulary: Vocabulary
) -> Reading:
    """Let the language model place what code could not; what code read surely stands.

    Raises:
        LanguageModelError: the model failed; the caller goes on with `surely`.
    """
    prompt = load_prompt("understand", expects=frozenset({"before", "message"}))
    chat = prompt.fill(before=now.phrase or "nothing", message=message[:600])
    form = model.fill(chat, Form, max_tokens=70)
    intent: Intent = form.intent
    if intent == "about" and not (surely.meant or now.shown):
        intent = "search"
    if surely.changes and intent not in ("search", "refine"):
        intent = surely.intent
    thing = words(form.thing)
    missing = form.thing.strip() if thing and not set(thing) & vocabulary.known else ""
    phrase = form.phrase.strip() if intent in ("search", "refine") else ""
    return replace(
        surely,
        intent=intent,
        phrase=phrase or surely.phrase,
        meant=surely.meant or (now.shown[:1] if intent == "about" else ()),
        missing=missing if intent == "search" else "",
        sure=True,
    )


def _controls(message: str, vocabulary: Vocabulary) -> list[Change]:
    """Read what clears or takes back."""
    if _UNDO.search(message):
        return [Undo()]
    changes: list[Change] = [Drop()] if _AFRESH.search(message) else []
    if _FREE_PRICE.search(message):
        changes.append(Drop("price"))
    for match in _FREE_FIELD.finditer(message):
        stem = match[1].lower().replace("color", "colour")
        changes += [
            Drop(n) for n in vocabulary.facets if n.replace("color", "colour").endswith(stem)
        ]
    return changes


def _asked(
    message: str,
    limits: Sequence[Limit],
    mentions: Sequence[Mention],
    meant: Sequence[Item],
    now: Conversation,
    vocabulary: Vocabulary,
) -> list[Change]:
    """Read what is asked for, as constraints with the user's own words."""
    changes: list[Change] = []
    positive: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.negated:
            changes.append(Ask(Constraint(mention.field, "not in", mention.values, mention.said)))
        else:
            positive.setdefault(mention.field, []).append(mention)
    kind = next((name for name in vocabulary.kinds if name in positive), None)
    for name, several in positive.items():
        if name in vocabulary.kinds and name != kind:
            continue
        values = tuple(dict.fromkeys(v for mention in several for v in mention.values))
        said = " ".join(mention.said for mention in several)
        one = (
            Constraint(name, "=", values[0], said)
            if len(values) == 1
            else Constraint(name, "in", values, said)
        )
        changes.insert(0, TurnTo(one)) if name == kind else changes.append(Ask(one))
    changes += [Ask(Constraint("price", limit.op, limit.amount, limit.said)) for limit in limits]
    if _STOCK.search(message) and "stock" in vocabulary.catalogue.values:
        changes.append(Ask(Constraint("stock", ">=", 1.0, "in stock")))
    return changes + _relative(message, meant, now)


def _relative(message: str, meant: Sequence[Item], now: Conversation) -> list[Change]:
    """Read "cheaper" against the item that is meant, else against the middle of what is shown."""
    prices = sorted(item.price for item in (meant or now.shown) if item.price is not None)
    if not prices:
        return []
    middle = prices[len(prices) // 2]
    if found := _CHEAPER.search(message):
        return [Ask(Constraint("price", "<=", round(middle - 0.01, 2), found[0]))]
    if found := _DEARER.search(message):
        return [Ask(Constraint("price", ">=", round(middle + 0.01, 2), found[0]))]
    return []


def _intent(
    message: str,
    meant: Sequence[Item],
    mentions: Sequence[Mention],
    left: Sequence[str],
    now: Conversation,
    vocabulary: Vocabulary,
    *,
    changed: bool,
) -> Intent:
    for intent, pattern in _PATTERNS:
        if pattern.search(message) and (intent in ("help", "smalltalk") or now.shown):
            if intent != "more like" or meant:
                return intent
    if meant and not changed and (_QUESTION.match(message) or _ABOUT.search(message)):
        return "about"
    if meant and changed:
        return "more like"
    named = any(m.field in vocabulary.kinds and not m.negated for m in mentions)
    if not now.shown or named or not (changed or _OTHERS.search(message)) or len(left) > 1:
        return "search"
    return "refine"


def _phrase(
    message: str,
    intent: Intent,
    limits: Sequence[Limit],
    mentions: Sequence[Mention],
    changes: Sequence[Change],
    now: Conversation,
) -> str:
    """Word the search without prices, politeness and what is excluded."""
    spans = [limit.span for limit in limits] + [m.span for m in mentions if m.negated]
    rest = _FILLER.sub("", _cut(message, spans))
    rest = re.sub(
        r"\b(?:not|no|without|please|but|and|or|in|with|for|than|under|except)\W*$",
        "",
        rest.strip(),
        flags=re.I,
    )
    if intent != "refine":
        return rest.strip(" ,.;:!?")
    replaced = {
        word
        for change in changes if isinstance(change, Ask)
        for old in now.ledger.constraints if old.field == change.constraint.field
        for word in words(old.said)
    }  # fmt: skip
    kept = [word for word in now.phrase.split() if not set(words(word)) & replaced]
    added = [m.said for m in mentions if not m.negated]
    return " ".join(dict.fromkeys([*kept, *added]))


def _missing(
    message: str,
    left: Sequence[str],
    unknown: Sequence[str],
    mentions: Sequence[Mention],
    vocabulary: Vocabulary,
) -> str:
    """Return the thing asked for when no record mentions it: the last word that code cannot place."""
    if not left or left[-1] not in unknown or any(m.field in vocabulary.kinds for m in mentions):
        return ""
    found = [w for w in re.findall(r"[^\W\d_]+", message) if words(w) == [left[-1]]]
    return found[-1] if found and found[-1].isascii() else ""


def _left_over(message: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the folded content words outside the spans that are already understood."""
    rest = _cut(message, spans)
    for pattern in (_CHEAPER, _DEARER, _STOCK, _FREE_PRICE, _FREE_FIELD, *(p for _, p in _ORDERS)):
        rest = pattern.sub(" ", rest)
    return [w for w in words(normal(rest)) if w not in _STOP and not w.isdigit() and len(w) > 1]


def _cut(message: str, spans: Sequence[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(message[at:start])
        at = max(at, end)
    return " ".join(" ".join([*kept, message[at:]]).split())


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
