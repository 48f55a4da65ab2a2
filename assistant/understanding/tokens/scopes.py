"""What a message says of each thing that it names: wanted, denied, owned, wished for, or unclear.

NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029) over tokens: cues that deny what follows or
precedes, cues that only look so, and what ends a denial. The same walk finds what somebody has
already. What stands under a verb that nobody knows ("red gives me headaches") is unclear: it may be
a denial in other words, so it becomes no filter. Knows tokens and cues; knows no catalogue.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from assistant.stance.said import MessageReader
from assistant.understanding.tokens.cues import Cue, Sentence
from assistant.understanding.tokens.doubt import is_unclear
from assistant.understanding.tokens.naming import Named, Naming, Stance
from assistant.understanding.tokens.text import says_something
from assistant.understanding.tokens.weighed import weighed

_Reached = tuple[int, Stance, tuple[int, int]]  # which, its stance, the tokens that say so

_REACH = 4  # content words that may stand between a denial and what it denies
_STOPS = frozenset(".!?;:()")
_ARTICLES = frozenset(["a", "an", "the", "my", "your"])
_RELATIVE = frozenset(["that", "which", "who"])


def with_stances(
    sentence: Sentence,
    named: Sequence[Named],
    familiar: Container[str],
    quiet: Container[int] = (),
    reader: MessageReader | None = None,
) -> list[Named]:
    """Return what is named with its stance, in order.

    `familiar` are the catalogue's own words, `quiet` the tokens that only point or take back,
    `reader` tells how other messages like this mean such things.
    """
    scopes = _Scopes(sentence, named, familiar, quiet)
    stances: dict[int, tuple[Stance, tuple[int, int]]] = {
        n: ("owned", (0, 0))
        for n, one in enumerate(named)
        if scopes.is_part(one) or scopes.is_of_cue(one)
    }
    for cue in scopes.steering if named else ():
        for n, stance, reach in scopes.reached(cue):
            stances.setdefault(n, (stance, reach))
    found = []
    for n, one in enumerate(named):
        unclear: Stance = "unclear" if is_unclear(scopes, one) else "wanted"
        stance, reach = stances.get(n, (unclear, (0, 0)))
        soft = is_soft(sentence, one.start, one.end, scopes.taken)
        found.append(replace(one, stance=stance, reach=reach, soft=soft))
    return weighed(scopes, found, reader) if reader and found else found


def is_soft(sentence: Sentence, start: int, end: int, named: Container[int] = ()) -> bool:
    """Tell whether tokens stand under "ideally" and the like; `named` tokens name values."""
    first, last = sentence.part(start)
    for at in range(first, last):
        cue = sentence.cue_at(at, "soft words")
        if cue is None or at in named or cue.start == start:
            continue
        if sentence.cue_at(cue.start, "denial before", "denial apparent"):
            continue
        follows = any(
            n in named or sentence.tokens[n].kind == "number" for n in range(cue.end, last)
        )
        if (follows and start >= cue.end) or (not follows and end <= cue.start):
            return True
    return False


class _Scopes(Naming):
    """The walks from each cue to what it speaks of."""

    def is_of_cue(self, one: Named) -> bool:
        """Tell whether a word is only a part of what steers: "can't bear" names no bear."""
        cue = self.steered.get(one.start)
        return (
            cue is not None
            and "words wishes" not in cue.roles
            and one.end <= cue.end
            and one.end - one.start < cue.end - cue.start
        )

    def is_part(self, one: Named) -> bool:
        """Tell whether a kind is only what another comes with or is for: "a washer with a hose"."""
        if not one.kind:
            return False
        first, at = self.sentence.part(one.start)[0], one.start
        before = (self.ends.get(n) for n in range(first, at))
        second = any(n is not None and self.named[n].kind for n in before)
        while at > 0 and (self.text(at - 1) in _ARTICLES or self._describes(at)):
            at -= 1
        cue = self.sentence.cue_before(at, "words parts", "words wishes")
        if cue is None or "words parts" not in cue.roles:
            return False
        return second or self.text(cue.start) not in ("for", "fits", "fit")

    def _describes(self, at: int) -> bool:
        """Tell whether a value that is no kind ends before a token."""
        n = self.ends.get(at)
        return n is not None and not self.named[n].kind

    def reached(self, cue: Cue) -> Iterator[_Reached]:
        """Yield what a cue speaks of."""
        if "denial apparent" in cue.roles:
            return
        behind = self._behind(cue) if cue.roles & {"denial after", "owned after"} else []
        yield from self._beside(cue)
        if "denial that" in cue.roles and not behind and cue.end not in self.starts:
            yield from self._spoken_of(cue)
            return
        for n in behind:
            stance: Stance = "denied" if "denial after" in cue.roles else "owned"
            yield n, stance, (self.named[n].start, cue.end)
        if "denial before" in cue.roles and not behind:
            ahead = list(self._ahead(cue, _REACH))
            for n in ahead:
                yield n, "denied", (self._subject(cue.start), self.named[n].end)
            tells = not ahead and self._says_of_subject(cue)
            subject = self._behind(cue, across=()) if tells else []
            yield from ((n, "denied", (self.named[n].start, cue.end)) for n in subject)
        elif "owned before" in cue.roles:
            owned = (n for n in self._ahead(cue, 1, whole=True) if not self._is_for_whom(n, cue))
            yield from ((n, "owned", (cue.start, self.named[n].end)) for n in owned)

    def _is_for_whom(self, n: int, cue: Cue) -> bool:
        """Tell whether a thing is for what somebody owns: "a cage for my hamster".

        Of "for my brown sofa" the brown is only how that is.
        """
        this, tokens = self.named[n], self.sentence.tokens
        whose = self.sentence.cue_at(cue.start, "owned possessives")
        meant = self.sentence.cue_before(cue.start, "words parts") if whose else None
        if this.kind or meant is None or self.text(meant.start) != "for":
            return False
        goes_on = this.end < len(tokens) and not self.sentence.is_break(this.end)
        return not (goes_on and (this.end in self.starts or says_something(tokens[this.end].word)))

    def _beside(self, cue: Cue) -> Iterator[_Reached]:
        """Yield what a cue denies only right beside it: "leather free", "non-leather"."""
        if "denial close" in cue.roles and cue.start in self.ends:
            yield self.ends[cue.start], "denied", (self.named[self.ends[cue.start]].start, cue.end)
        if "denial beside" in cue.roles and cue.end in self.starts:
            yield self.starts[cue.end], "denied", (cue.start, self.named[self.starts[cue.end]].end)

    def _spoken_of(self, cue: Cue) -> Iterator[_Reached]:
        """Yield the last value before a cue that denies it from afar: "white …, skip those"."""
        before = [n for n, one in enumerate(self.named) if one.end <= cue.start and not one.kind]
        yield from ((n, "denied", (self.named[n].start, cue.end)) for n in before[-1:])

    def _subject(self, at: int) -> int:
        """Return where who denies something begins: "my mother can't stand"."""
        if self.sentence.cue_before(at, "owned people"):
            return at - 1
        return at - 2 if at > 1 and self.sentence.cue_before(at - 1, "owned possessives") else at

    def _says_of_subject(self, cue: Cue) -> bool:
        """Tell whether a denial that reaches nothing ahead speaks of what stands before it.

        "Nubuck is never going to happen" does, "mugs that are not too big" does not.
        """
        start = cue.start
        while start > 0 and self.sentence.cue_at(start - 1, "words copulas"):
            start -= 1
        if start == 0 or self.sentence.is_break(start - 1) or self.text(start - 1) in _RELATIVE:
            return False
        verb = start < cue.start or self.text(cue.start).endswith("nt")
        verb = verb or self.text(cue.start) == "never"  # "Keen never fits"
        copula = self.sentence.cue_at(cue.start, "words copulas") is not None
        return verb or copula or self.sentence.is_break(cue.end)

    def _ahead(self, cue: Cue, reach: int, *, whole: bool = False) -> Iterator[int]:
        """Walk on from a cue; `whole` takes the kind of thing along with what describes it.

        "No leather wallets" denies the leather and wants the wallets.
        """
        at = self._first_ahead(cue, reach)
        while at is not None:
            this = self.named[self.starts[at]]
            yield self.starts[at]
            if this.end not in self.starts:
                at = None if self._ends(this.end, cue) else self._next_listed(this.end, this)
            elif self.named[self.starts[this.end]].kind and not this.kind and not whole:
                return
            else:
                at = this.end

    def _first_ahead(self, cue: Cue, reach: int) -> int | None:
        """Return the first thing behind a cue, over at most `reach` content words."""
        at, tokens = cue.end, self.sentence.tokens
        if at < len(tokens) and tokens[at].kind == "mark" and tokens[at].text not in "-\"'":
            return None
        while at not in self.starts:
            if self._ends(at, cue) or tokens[at].text == ",":
                return None
            reach -= says_something(tokens[at].word)
            if reach < 0:
                return None
            at += 1
        return at

    def _ends(self, at: int, cue: Cue) -> bool:
        """Tell whether what a cue says has ended before a token."""
        return at >= len(self.sentence.tokens) or self.text(at) in _STOPS or self._stops(at, cue)

    def _stops(self, at: int, cue: Cue) -> bool:
        """Tell whether another cue that begins here ends what a cue says."""
        other = self.steered.get(at)
        if other is None or other is cue or other.start != at or "words wishes" in other.roles:
            return False
        return not (at == cue.end and "denial ends" in other.roles)

    def _next_listed(self, at: int, last: Named) -> int | None:
        """Return where a list goes on after "or", "," and the like, None where it does not."""
        first = at
        while self.sentence.cue_at(at, "words joins"):
            at += 1
        if at == first:
            return None
        while at not in self.starts and self.sentence.cue_at(at, "words filler"):
            at += 1
        if at not in self.starts:
            return None
        other = self.named[self.starts[at]]
        if self.text(first) in ("and", ",", "&") and other.field != last.field:
            return None
        return None if self.sentence.cue_at(other.end, "words permits") else at  # "red is fine"

    def _behind(self, cue: Cue, across: Sequence[str] = (",", "?", "=")) -> list[int]:
        """Walk back from a cue that speaks of what stands before it, also `across` some marks."""
        found: list[int] = []
        at = cue.start
        while at > 0:
            text = self.text(at - 1)
            if at in self.ends:
                found.append(self.ends[at])
                at = self.named[self.ends[at]].start
            elif found:
                other = self._listed_before(at, self.named[found[-1]])
                if other is None:
                    break
                at = other
            elif text in across or self.sentence.cue_at(at - 1, "words filler", "owned people"):
                at -= 1
            else:
                break
        if len({self.named[n].kind for n in found}) > 1:  # of "leather bags, no thanks" the leather
            return [n for n in found if not self.named[n].kind]
        return found

    def _listed_before(self, at: int, last: Named) -> int | None:
        """Return where a list goes on before "or", "and" and the like, None where it does not."""
        first = at
        while at > 0 and self.sentence.cue_at(at - 1, "words joins"):
            at -= 1
        other = self.ends.get(at)
        if at == first or other is None:
            return None
        either = any(self.text(n) in ("or", "nor", "/") for n in range(at, first))
        return at if either or self.named[other].field == last.field else None
