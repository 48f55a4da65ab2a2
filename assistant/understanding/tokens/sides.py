"""Which side of an amount is wanted: at most, at least, about it, or just that?

Knows cues, the words that compare fields, and what may stand between them and an amount.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.stance.said import Meant
from assistant.understanding.tokens.amounts import Amount
from assistant.understanding.tokens.cues import Cue, Sentence
from assistant.understanding.tokens.fields import FieldWord
from assistant.understanding.tokens.text import says_something
from assistant.understanding.tokens.weighed import Side, likely_side
from retrieval.field_profile import FieldProfile

Steering = tuple[str, bool | None, int, int]  # a side, strict or not (None: loose), its tokens

_LOOKED = 10  # tokens on either side of an amount
BEFORE = (
    "most before", "most strict", "least before", "least strict", "least loose", "about before",
)  # fmt: skip
AFTER = ("most after", "least after", "about after")


@dataclass(frozen=True)
class SideReader:
    """One message's amounts, with the words that may say which side of them is wanted."""

    sentence: Sentence
    amounts: Sequence[Amount]
    field_words: Sequence[FieldWord]
    named: Collection[int]  # tokens that name a value or a kind
    meant: Mapping[Amount, Meant] = field(default_factory=dict, kw_only=True)

    def side(self, amount: Amount, field: FieldProfile) -> tuple[Side, bool, int, int]:
        """Return which side is wanted, whether the amount itself is left out, and the tokens."""
        several = bool(amount.others) and field.role == "price"  # "20 or 30 dollars"
        if (amount.range or several) and not self.cue_before(amount, "denial before"):
            return "exact", False, amount.start, self._end(amount)
        for found in (
            self._compared(amount, field),
            self._than(amount),
            self.cue_after(amount),
            self.cue_before(amount),
            self.cue_before(amount, "exact sure"),  # "exactly 4 stars"
        ):
            if found is None:
                continue
            side, strict, start, end = found
            if self._rejects(end) and side in ("most", "least"):  # "over 600 g is too heavy"
                side, strict = "least" if side == "most" else "most", strict is False
            if side == "about" and field.type in ("range", "sizes"):
                side = "exact"
            if strict is None:  # "from": a wine from 2019 is of that year
                side = "exact" if field.role in ("year", "date") else side
            denied = self._denied(start, amount, side) if side in ("most", "least") else None
            if denied is not None:
                side, strict = "least" if side == "most" else "most", strict is False
                start = denied
            return side, bool(strict), min(start, amount.start), max(end, self._end(amount))  # type: ignore[return-value]
        side = self.told_side(amount) or self._usual(field)
        return side, False, self._usual_start(amount), self._end(amount)

    def told_side(self, amount: Amount) -> Side | None:
        """Return the side that other messages like this tell where no cue does, None for none."""
        meant = self.meant.get(amount)
        return likely_side(meant) if meant else None

    def _rejects(self, at: int) -> bool:
        """Tell whether what an amount says is then called too much."""
        while not self.sentence.is_break(at):
            if self.sentence.cue_at(at, "denial rejects"):
                return True
            per = at > 0 and self.sentence.tokens[at - 1].text == "per"  # "600 g per shoe"
            if not (per or self.passable(at, at + 1)):
                return False
            at += 1
        return False

    def _usual(self, field: FieldProfile) -> Side:
        """Return the side of an amount that is named alone."""
        return field.alone or "exact"  # type: ignore[return-value]

    def _usual_start(self, amount: Amount) -> int:
        cue = self.sentence.cue_before(amount.start, "exact before", "words sizes", "words ages")
        return cue.start if cue else amount.start

    def _end(self, amount: Amount) -> int:
        """Return where an amount ends with the field's name that follows it."""
        here = (w.end for w in self.field_words if w.start == amount.end and not w.degree)
        return max((amount.end, *here))

    def _compared(self, amount: Amount, field: FieldProfile) -> Steering | None:
        """Read "lighter than 2 kg" and "0 °C or colder"."""
        texts = [token.text for token in self.sentence.tokens]
        for word in self.field_words:
            if word.degree not in ("more", "less") or field.name not in word.fields:
                continue
            side = "least" if word.degree == "more" else "most"
            between = texts[word.end : amount.start]
            single = word.end == amount.start and word.degree and field.role in ("year", "date")
            if word.end <= amount.start and (
                single
                or (
                    between[:1] in (["than"], ["then"])
                    and self.passable(word.end + 1, amount.start)
                )
            ):
                strict = texts[word.start] != "since"
                return side, strict, word.start, amount.end
            behind = texts[amount.end : word.start]
            if (
                word.start > amount.end
                and behind[-1:] == ["or"]
                and self.passable(amount.end, word.start - 1)
            ):
                return side, False, amount.start, word.end
        return None

    def _than(self, amount: Amount) -> Steering | None:
        """Read any word that compares: "brighter than 300 lumens"."""
        at = amount.start - 2
        if at < 0 or self.sentence.tokens[at + 1].text not in ("than", "then"):
            return None
        if not self.sentence.tokens[at].text.endswith(self.sentence.cues.endings):
            return None
        side = "most" if self.sentence.cue_at(at, "compare less") else "least"
        return side, True, at, amount.end

    def cue_before(self, amount: Amount, *roles: str) -> Steering | None:
        """Return the side that words before an amount ask for, over a field's name between.

        "No more than about 14" is at most 14.
        """
        at, first, about = amount.start, self.around(amount)[0], None
        while at > first - 1 and at >= 0:
            cue = self.sentence.cue_before(at, *(roles or BEFORE))
            if cue is not None and cue.start >= first and not self._is_name(cue):
                role = next(role for role in sorted(cue.roles) if role in (roles or BEFORE))
                strict = None if role.endswith("loose") else role.endswith("strict")
                found = role.split()[0], strict, cue.start, amount.end
                if role != "about before":
                    return found
                about, at = about or found, cue.start
                continue
            if at == 0 or not self.passable(at - 1, at):
                break
            at -= 1
        return about

    def cue_after(self, amount: Amount) -> Steering | None:
        """Return the side that words behind an amount and its noun ask for."""
        at, last = amount.end, self.around(amount)[1]
        while at < last:
            cue = self.sentence.cue_at(at, *AFTER)
            if cue is not None and not self._is_name(cue):
                if any(other.start == cue.end for other in self.amounts):
                    return None  # "over 5 and under 10"
                role = next(role for role in sorted(cue.roles) if role in AFTER)
                return role.split()[0], False, amount.start, cue.end
            if not self.passable(at, at + 1) or self.sentence.cue_at(at, *BEFORE):
                return None
            at += 1
        return None

    def _is_name(self, cue: Cue) -> bool:
        """Tell whether a cue is a part of a field's name: "minimum safety age"."""
        return any(
            word.start <= cue.start and cue.end <= word.end and word.end - word.start > 1
            for word in self.field_words
        )

    def _denied(self, start: int, amount: Amount, side: str) -> int | None:
        """Return where a denial of a side begins: "don't want to spend more than", None if none."""
        at, first = start, self.sentence.part(amount.start)[0]
        while at > first:
            if self.sentence.cue_before(at, "denial apparent"):
                return None
            if cue := self.sentence.cue_before(at, "denial before"):
                return cue.start
            token = self.sentence.tokens[at - 1]
            if at - 1 in self.named or token.kind == "number":
                return None
            steers = token.text in self.sentence.cues.steering or not says_something(token.word)
            if not steers and not self.passable(at - 1, at):
                return self._denied_afar(first, at, amount, side)
            at -= 1
        return None

    def _denied_afar(self, first: int, at: int, amount: Amount, side: str) -> int | None:
        """Return where a denial with other words behind it begins, if it turns the side round.

        Other messages tell: "I should not wish to spend more than", "no leather, more than".
        """
        meant = self.meant.get(amount)
        same, other = ("max", "min") if side == "most" else ("min", "max")
        if not meant or meant[other] <= meant[same]:  # type: ignore[index]
            return None
        cues = (self.sentence.cue_before(n, "denial before") for n in range(at - 1, first, -1))
        return next((cue.start for cue in cues if cue), None)

    def passable(self, start: int, end: int) -> bool:
        """Tell whether tokens may stand between an amount and what steers it."""
        inside = {at for w in self.field_words for at in range(w.start, w.end)}
        for at in range(start, end):
            token = self.sentence.tokens[at]
            small = token.kind == "word" and not says_something(token.word)
            if not (
                small
                or at in inside
                or at in self.named
                or self.sentence.cue_at(at, "words filler")
            ):
                return False
        return True

    def around(self, amount: Amount) -> tuple[int, int]:
        """Return the tokens that may speak of an amount: its part, up to the next amounts."""
        start, end = self.sentence.part(amount.start)
        for other in self.amounts:
            if other.end <= amount.start:
                start = max(start, other.end)
            elif other.start >= amount.end:
                end = min(end, other.start)
        return max(start, amount.start - _LOOKED), min(end, amount.end + _LOOKED)
