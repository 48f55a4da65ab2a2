"""One message with what it names and the cues that steer it, ready to be walked over.

Knows tokens, cues and places; decides nothing of what is wanted.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.understanding.tokens.cues import Cue, Sentence

Stance = Literal["wanted", "denied", "owned", "released", "unclear"]

_STEERING = (
    "denial before", "denial after", "denial close", "denial beside", "denial that",
    "denial apparent", "denial ends", "owned before", "owned after", "owned apparent",
    "words wishes",
)  # fmt: skip
_BEHIND = 3  # tokens behind a verb in which the thing stands that its particle follows
_DENIES = frozenset({"denial before"})


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


@dataclass(frozen=True)
class Naming:
    """What one message names, with the cues that steer it."""

    sentence: Sentence
    named: Sequence[Named]
    familiar: Container[str]
    quiet: Container[int]

    @cached_property
    def starts(self) -> Mapping[int, int]:
        """Which thing begins at a token."""
        return {one.start: n for n, one in enumerate(self.named)}

    @cached_property
    def ends(self) -> Mapping[int, int]:
        """Which thing ends before a token."""
        return {one.end: n for n, one in enumerate(self.named)}

    @cached_property
    def taken(self) -> frozenset[int]:
        """The tokens that name something."""
        return frozenset(at for one in self.named for at in range(one.start, one.end))

    @cached_property
    def steering(self) -> Sequence[Cue]:
        """The cues that steer, from left to right, none over another or over a longer name."""
        longer = {
            at for one in self.named if one.end - one.start > 1 for at in range(one.start, one.end)
        }
        found, at = list[Cue](), 0
        while at < len(self.sentence.tokens):
            closing = self._excepting(at) or self._putting_out(at)
            cue = closing or self.sentence.cue_at(at, *_STEERING) or self._having(at)
            if cue is None or not longer.isdisjoint(range(cue.start, cue.end)):
                at += 1
                continue
            found.append(cue)
            at = cue.end
        return found

    @cached_property
    def steered(self) -> Mapping[int, Cue]:
        """The cue over each token that has one."""
        return {at: cue for cue in self.steering for at in range(cue.start, cue.end)}

    @cached_property
    def covered(self) -> frozenset[int]:
        """The tokens that stand in any phrase that steers."""
        steering = (cue for cue in self.sentence.found if cue.steers)
        return frozenset(at for cue in steering for at in range(cue.start, cue.end))

    def _having(self, at: int) -> Cue | None:
        """Return the verb by which somebody has something: "my wife has", "we already own"."""
        verb = self.sentence.cue_at(at, "owned verbs")
        if verb is None or at == 0:
            return None
        person = self.sentence.cue_before(at, "owned people")
        theirs = at > 1 and self.sentence.cue_before(at - 1, "owned possessives")
        return Cue(frozenset({"owned before"}), verb.start, verb.end) if person or theirs else None

    def _excepting(self, at: int) -> Cue | None:
        """Return the "but" that denies what follows: "any colour but white"."""
        cue = self.sentence.cue_at(at, "denial but")
        if cue is None or at == 0:
            return None
        thing = cue.end + (self.sentence.cue_at(cue.end, "denial articles") is not None)
        start = self.sentence.part(at - 1)[0]
        every = any(self.sentence.cue_at(n, "denial any") for n in range(start, at))
        return Cue(_DENIES, cue.start, cue.end) if every and thing in self.starts else None

    def _putting_out(self, at: int) -> Cue | None:
        """Return the verb that denies what stands before its particle: "leave steel out of it"."""
        verb = self.sentence.cue_at(at, "denial verbs")
        last = self.sentence.part(at)[1]
        for start in range(verb.end, min(verb.end + _BEHIND, last)) if verb else ():
            end = self.named[self.starts[start]].end if start in self.starts else last
            behind = range(end, min(end + _BEHIND - 1, last))
            if verb and any(self.sentence.cue_at(n, "denial particles") for n in behind):
                return Cue(_DENIES, verb.start, verb.end)
        return None

    def text(self, at: int) -> str:
        """Return a token's text."""
        return self.sentence.tokens[at].text
