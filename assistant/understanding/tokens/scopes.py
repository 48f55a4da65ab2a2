"""What a message says of each thing that it names: wanted, denied, owned, wished for, or unclear.

NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029) over tokens: cues that deny what follows or
precedes, cues that only look so, and what ends a denial. The same walk finds what somebody has
already. What stands under a verb that nobody knows ("red gives me headaches") is unclear: it may be
a denial in other words, so it becomes no filter. Knows tokens and cues; knows no catalogue.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.understanding.tokens.cues import Cue, Sentence
from assistant.understanding.tokens.text import says_something

Stance = Literal["wanted", "denied", "owned", "unclear"]

_REACH = 4  # content words that may stand between a denial and what it denies
_STEERING = (
    "denial before", "denial after", "denial apparent", "denial ends", "owned before",
    "owned after", "owned apparent", "words wishes",
)  # fmt: skip
_STOPS = frozenset(".!?;:()")
_LISTED = ("words joins",)


@dataclass(frozen=True, slots=True)
class Named:
    """Tokens that name something of the catalogue."""

    start: int
    end: int
    field: str
    kind: bool = False  # it is the kind of thing
    stance: Stance = "wanted"
    soft: bool = False  # it would be nice, but is no must
    reach: tuple[int, int] = (0, 0)  # its tokens, with the words that deny it

    @property
    def tokens(self) -> tuple[int, int]:
        """Return its tokens with what denies them."""
        return self.reach if self.reach[1] else (self.start, self.end)


def with_stances(
    sentence: Sentence,
    named: Sequence[Named],
    familiar: Container[str],
    quiet: Container[int] = (),
) -> list[Named]:
    """Return what is named with its stance, in order.

    `familiar` are the catalogue's own words, `quiet` the tokens that only point or take back.
    """
    cues = list(_steering(sentence, named))
    found = [
        replace(one, stance="owned")
        if _is_part(sentence, one, named) or _is_of_cue(one, cues)
        else one
        for one in named
    ]
    for cue in cues:
        for at, stance, reach in _reached(sentence, cue, found, cues):
            if found[at].stance == "wanted":
                found[at] = replace(found[at], stance=stance, reach=reach)
    found = [
        replace(one, stance="unclear")
        if one.stance == "wanted" and _is_unclear(sentence, one, found, cues, familiar, quiet)
        else one
        for one in found
    ]
    return [replace(one, soft=is_soft(sentence, one.start, one.end, found)) for one in found]


def _is_of_cue(one: Named, cues: Sequence[Cue]) -> bool:
    """Tell whether a word is only a part of what steers: "can't bear" names no bear."""
    return any(
        cue.start <= one.start and one.end <= cue.end and one.end - one.start < cue.end - cue.start
        for cue in cues
        if "words wishes" not in cue.roles
    )


def _is_part(sentence: Sentence, one: Named, named: Sequence[Named]) -> bool:
    """Tell whether a kind is only what another comes with or is for: "a washer with a hose"."""
    start = sentence.part(one.start)[0]
    if not one.kind or not any(o.kind and start <= o.start < one.start for o in named):
        return False
    at = one.start
    while at > 0 and sentence.tokens[at - 1].text in ("a", "an", "the", "my", "your"):
        at -= 1
    while at > 0 and any(other.end == at and not other.kind for other in named):
        at -= 1
    while at > 0 and sentence.tokens[at - 1].text in ("a", "an", "the"):
        at -= 1
    cue = sentence.cue_before(at, "words parts", "words wishes")
    return cue is not None and "words parts" in cue.roles


def _steering(sentence: Sentence, named: Sequence[Named]) -> Iterator[Cue]:
    """Yield the cues that steer, from left to right, none over another or over what is named."""
    taken = {at for one in named if one.end - one.start > 1 for at in range(one.start, one.end)}
    at = 0
    while at < len(sentence.tokens):
        cue = sentence.cue_at(at, *_STEERING) or _having(sentence, at)
        if cue is None or not taken.isdisjoint(range(cue.start, cue.end)):
            at += 1
            continue
        yield cue
        at = cue.end


def _having(sentence: Sentence, at: int) -> Cue | None:
    """Return the verb by which somebody has something: "my wife has", "we already own"."""
    verb = sentence.cue_at(at, "owned verbs")
    if verb is None or at == 0:
        return None
    person = sentence.cue_before(at, "owned people")
    theirs = at > 1 and sentence.cue_before(at - 1, "owned possessives")
    return Cue(frozenset({"owned before"}), verb.start, verb.end) if person or theirs else None


def _with_subject(sentence: Sentence, at: int) -> int:
    """Return where who denies something begins: "my mother can't stand"."""
    if sentence.cue_before(at, "owned people"):
        return at - 1
    return at - 2 if at > 1 and sentence.cue_before(at - 1, "owned possessives") else at


def _reached(
    sentence: Sentence, cue: Cue, named: Sequence[Named], cues: Sequence[Cue]
) -> Iterator[tuple[int, Stance, tuple[int, int]]]:
    """Yield what a cue speaks of: its number, its stance, and the tokens of both."""
    if "denial apparent" in cue.roles:
        return
    behind = _behind(sentence, cue, named) if "denial after" in cue.roles else []
    for at in behind:
        yield at, "denied", (named[at].start, cue.end)
    if "owned after" in cue.roles:
        for at in _behind(sentence, cue, named):
            yield at, "owned", (named[at].start, cue.end)
    if "denial before" in cue.roles and not behind:
        ahead = list(_ahead(sentence, cue, named, cues, reach=_REACH))
        for at in ahead:
            yield at, "denied", (_with_subject(sentence, cue.start), named[at].end)
        if not ahead and _says_of_subject(sentence, cue):
            for at in _behind(sentence, cue, named):
                yield at, "denied", (named[at].start, cue.end)
    elif "owned before" in cue.roles:
        for at in _ahead(sentence, cue, named, cues, reach=1, whole=True):
            yield at, "owned", (cue.start, named[at].end)


def _says_of_subject(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether a denial that reaches nothing ahead speaks of what stands before it.

    "Nubuck is never going to happen" does, "mugs that are not too big" does not.
    """
    start = cue.start
    while start > 0 and sentence.cue_at(start - 1, "words copulas"):
        start -= 1
    verb = start < cue.start or sentence.tokens[cue.start].text.endswith("nt")
    verb = verb or bool(sentence.cue_at(cue.start, "words copulas"))
    relative = start > 0 and sentence.tokens[start - 1].text in ("that", "which", "who")
    ends = sentence.is_break(cue.end)
    return not relative and (verb or ends) and start > 0 and not sentence.is_break(start - 1)


def _ahead(
    sentence: Sentence,
    cue: Cue,
    named: Sequence[Named],
    cues: Sequence[Cue],
    *,
    reach: int,
    whole: bool = False,
) -> Iterator[int]:
    """Walk on from a cue; `whole` takes the kind of thing along with what describes it.

    "No leather wallets" denies the leather and wants the wallets.
    """
    starts = {one.start: n for n, one in enumerate(named)}
    ends = (c for c in cues if c is not cue and c.roles != {"words wishes"})
    stops = {c.start for c in ends if c.start > cue.end or "denial ends" not in c.roles}
    tokens, at, last = sentence.tokens, cue.end, None
    if at < len(tokens) and tokens[at].kind == "mark" and tokens[at].text not in "-\"'":
        return
    while at < len(tokens):
        if at in starts:
            this = named[starts[at]]
            beside = last is not None and last.end == at
            if beside and not whole and last is not None and this.kind and not last.kind:
                return
            yield starts[at]
            last, at = this, this.end
            continue
        token = tokens[at]
        if token.text in _STOPS or at in stops:
            return
        if last is not None:
            following = _next_listed(sentence, at, starts)
            if following is None:
                return
            joined = tokens[at].text in ("and", ",", "&")
            other = named[starts[following]]
            if joined and other.field != last.field:
                return
            if sentence.cue_at(other.end, "words permits"):
                return  # "not pink, red is fine"
            at = following
            continue
        if token.text == ",":
            return
        reach -= says_something(token.word)
        if reach < 0:
            return
        at += 1


def _next_listed(sentence: Sentence, at: int, starts: dict[int, int]) -> int | None:
    """Return where a list goes on after "or", "," and the like."""
    first = at
    while sentence.cue_at(at, *_LISTED):
        at += 1
    if at == first:
        return None
    while at < len(sentence.tokens) and at not in starts and sentence.cue_at(at, "words filler"):
        at += 1
    return at if at in starts else None


def _behind(sentence: Sentence, cue: Cue, named: Sequence[Named]) -> list[int]:
    """Walk back from a cue that denies what stands before it."""
    ends = {one.end: n for n, one in enumerate(named)}
    found: list[int] = []
    at = cue.start
    while at > 0:
        if at in ends:
            found.append(ends[at])
            at = named[ends[at]].start
        elif found and not sentence.cue_at(at - 1, *_LISTED):
            break
        elif sentence.tokens[at - 1].text in _STOPS - {"?"}:
            break
        elif (
            found
            or sentence.tokens[at - 1].text in (",", "?")
            or sentence.cue_at(at - 1, "words filler", "owned people")
        ):
            at -= 1
        else:
            break
    if len({named[n].kind for n in found}) > 1:  # of "leather bags, no thanks" the leather
        return [n for n in found if not named[n].kind]
    return found


def _is_unclear(
    sentence: Sentence,
    one: Named,
    named: Sequence[Named],
    cues: Sequence[Cue],
    familiar: Container[str],
    quiet: Container[int],
) -> bool:
    """Tell whether a value stands under a verb that nobody knows."""
    start, end = sentence.part(one.start)
    taken = {at for other in named for at in range(other.start, other.end)}
    steered = {at for c in cues for at in range(c.start, c.end)}
    covered = {at for c in sentence.found for at in range(c.start, c.end)}

    def unknown(at: int) -> bool:
        token = sentence.tokens[at]
        return (
            token.kind == "word"
            and says_something(token.word)
            and at not in taken
            and at not in covered
            and at not in quiet
        )

    doubt = False
    for at in range(start, one.start):
        if at in steered:
            doubt = False
        elif sentence.cue_at(at, "words pronouns"):
            after = at + 1
            while after < one.start and not unknown(after) and after not in (taken | steered):
                after += 1
            doubt = doubt or (after < one.start and unknown(after))
    if doubt:
        return True
    after = one.end
    while after < end and (after in taken or not says_something(sentence.tokens[after].word)):
        after += 1
    if after >= end or not unknown(after) or sentence.tokens[after].word in familiar:
        return False
    if after + 1 < end and sentence.cue_at(after + 1, "words objects"):
        return True
    first = min(o.start for o in named if start <= o.start < end)
    beside = all(at in taken for at in range(first, one.end))
    if first > start or not beside:
        return False
    told = sentence.cue_at(one.end, "words copulas") or sentence.cue_at(after - 1, "words copulas")
    return bool(told) or not any(o.kind for o in named if start <= o.start < end)


def is_soft(sentence: Sentence, start: int, end: int, named: Sequence[Named] = ()) -> bool:
    """Tell whether tokens stand under "ideally" and the like."""
    first, last = sentence.part(start)
    for at in range(first, last):
        cue = sentence.cue_at(at, "soft words")
        if cue is None or any(o.start <= at < o.end for o in named):
            continue
        if cue.start == start or sentence.cue_at(cue.start, "denial before", "denial apparent"):
            continue
        follows = any(token.kind == "number" for token in sentence.tokens[cue.end : last]) or any(
            cue.end <= other.start < last for other in named
        )
        if (follows and start >= cue.end) or (not follows and end <= cue.start):
            return True
    return False
