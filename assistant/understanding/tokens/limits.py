"""Which field does an amount speak of, and which side of it is wanted?

Knows the catalogue's profile: the units of its fields, and where their values lie. An amount
becomes a limit where its unit, a field's name or a word that compares a field says what it
measures; a bare one with a side ("under 40") is money. Where that stays open there is none.
"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.understanding.tokens.amounts import Amount
from assistant.understanding.tokens.bounds import constraints_of, is_bound, unit_of
from assistant.understanding.tokens.fields import FieldWord, is_measured
from assistant.understanding.tokens.sides import AFTER, BEFORE, SideReader
from assistant.understanding.tokens.text import says_something
from retrieval.field_profile import CatalogueProfile, FieldProfile
from retrieval.items import Catalogue, Constraint
from retrieval.units import Quantity, converted, dimension_of, unit_named

_YEAR = range(1400, 2101)
_NEAR_YEARS = 60  # before and after those that a field has
_PLAUSIBLE = (0.2, 5.0)  # of the least and the most that a field has
_OF_UNIT, _OF_MONEY = 3, 6  # what a unit says for a field, and a currency for the price
_WITHIN = 0.3  # where a field's values lie, and not only near: a child of 1.18 m, no frame
_SAME_UNIT = 0.25  # "29 inch" of a wheel in inches before a frame in centimetres
_ENOUGH = 3  # what must speak for a field
_LEFT = 2  # of it, once it is known where the field's values lie


@dataclass(frozen=True, slots=True)
class AmountLimit:
    """What an amount asks of a field, and the tokens that say it."""

    constraints: tuple[Constraint, ...]
    start: int
    end: int
    amount: Amount


_Scored = tuple[float, bool, int, FieldProfile]


def _as_likely(one: _Scored, other: _Scored) -> bool:
    """Tell whether nothing but the length of their names parts two fields that differ."""
    alike = one[:2] == other[:2]
    return alike and not set(one[3].name.split()) < set(other[3].name.split())


@dataclass(frozen=True)
class AmountReader(SideReader):
    """One message's amounts, and what its words say of them."""

    catalogue: Catalogue
    profile: CatalogueProfile
    wanted: Collection[str] = ()  # ids of the items of the wanted kind, () where none is named

    def limits(self) -> Iterator[AmountLimit]:
        """Yield what each amount asks for, where that is not open."""
        for amount in map(self._counting, self.amounts):
            field = self._field(amount)
            if field is None:
                continue
            side, strict, start, end = self.side(amount, field)
            sized = field.type == "sizes"
            if side == "exact" and not sized and self._likely(amount, field) < 0:
                continue  # no phone of "5G" weighs five grams
            said = self.sentence.text(start, end)
            made = tuple(constraints_of(amount, field, side, said, self.catalogue, strict=strict))
            if made:
                yield AmountLimit(made, start, end, amount)

    def _counting(self, amount: Amount) -> Amount:
        """Take "450 lumens" for a bare number where a column is called so and has no unit."""
        return replace(amount, unit="") if amount.unit in self._counted_units else amount

    @cached_property
    def _counted_units(self) -> frozenset[str]:
        """Return the units that are the names of columns without a unit."""
        fields = (f for f in self.profile.fields.values() if not f.unit and is_measured(f))
        units = (unit_named(field.name) for field in fields)
        return frozenset(unit.name for unit in units if unit)

    def _field(self, amount: Amount) -> FieldProfile | None:
        """Return the field that an amount speaks of, None where that is open."""
        scored: list[_Scored] = []
        counted = self._is_counted(amount)
        fields = [one for one in self.profile.fields.values() if is_measured(one)]
        if self.sentence.cue_before(amount.start, "bound person"):  # "I weigh 145 kilos"
            fields = [one for one in fields if is_bound(one) or one.type == "range"] or fields
        for field in fields:
            said = self._score(amount, field)
            if said >= _ENOUGH:
                score = said + self._likely(amount, field)
                if score >= _LEFT:
                    rates = field.role == ("review count" if counted else "rating")
                    score += _SAME_UNIT * bool(amount.unit and amount.unit == field.unit)
                    scored.append((score, rates, -len(field.name.split()), field))
        if not scored:
            return self._money(amount)
        scored.sort(key=lambda one: one[:3], reverse=True)
        if len(scored) > 1 and _as_likely(scored[0], scored[1]):
            return None
        return scored[0][3]

    def _money(self, amount: Amount) -> FieldProfile | None:
        """Return the price for a bare amount with a side, which counts nothing else."""
        price = next((f for f in self.profile.fields.values() if f.role == "price"), None)
        if price is None or not amount.bare or amount.others:
            return None
        if self._kinds_of_number(amount) or self._counts(amount):
            return None
        told = self.cue_before(amount) or self.cue_after(amount)
        between = amount.range and self.sentence.cue_at(amount.start, "words between")
        return price if told or between else None

    def _kinds_of_number(self, amount: Amount) -> bool:
        """Tell whether a bare number is named as a size, an age or a year."""
        before = amount.start
        sized = self.sentence.cue_before(before, "words sizes")
        if sized is not None and "size" in self.sentence.text(sized.start, sized.end).lower():
            return True
        child = self.sentence.has("words children")
        aged = self.sentence.cue_before(before, "words ages") if child else None
        said = self.sentence.text(aged.start, aged.end).lower() if aged else "for"
        return said not in ("for", "for a", "for my")

    def _counts(self, amount: Amount) -> bool:
        """Tell whether a number counts what follows it: "at least two pockets"."""
        at = amount.end
        if self.cue_after(amount) or at >= len(self.sentence.tokens):
            return False
        token = self.sentence.tokens[at]
        if at in self.named or token.kind != "word":
            return token.text == "%"
        if token.text != token.word or self.sentence.cue_at(at, "words hours"):
            return True  # "two colours", "2 in the afternoon"
        return says_something(token.word) and token.text not in self.sentence.cues.steering

    def _score(self, amount: Amount, field: FieldProfile) -> int:
        """Return how much speaks for a field, below 0 when it cannot be."""
        if field.role == "price":
            return self._score_of_price(amount, field)
        named, of_type = self._named(amount, field), self._of_its_type(amount, field)
        if field.role in ("year", "date") and not self._is_year(amount, field):
            return -1
        if not amount.unit:
            return -1 if amount.currencies else named + of_type
        if not unit_of(amount, field, self.catalogue):
            return -1
        if amount.currencies and not named:  # pounds: money or mass
            return -1
        return named + _OF_UNIT + of_type

    def _score_of_price(self, amount: Amount, field: FieldProfile) -> int:
        if amount.currencies:
            return _OF_MONEY
        if amount.unit:
            return -1
        money = self._speaks_of_money(amount) and not self._kinds_of_number(amount)
        return self._named(amount, field) or 4 * money  # "cheap, for a boy aged 6"

    def _stands_alone(self, amount: Amount) -> bool:
        """Tell whether a bare number is a part of its own: "boots for men, 43, up to 180"."""
        before = amount.start == 0 or self.sentence.is_break(amount.start - 1)
        beside = before or amount.start - 1 in self.named
        return amount.bare and beside and self.sentence.is_break(amount.end)

    def _is_year(self, amount: Amount, field: FieldProfile) -> bool:
        """Tell whether an amount may be a year of a field: not long before or after its years."""
        columns = self.catalogue.quantities.column(field.name).values()
        first = min((float(one.low.min()) for one in columns), default=0.0)
        last = max((float(one.high.max()) for one in columns), default=0.0)
        return first - _NEAR_YEARS <= amount.low <= last + _NEAR_YEARS

    def _speaks_of_money(self, amount: Amount) -> bool:
        """Tell whether a word for money stands near an amount that has no unit."""
        start, end = self.around(amount)
        return any(self.sentence.cue_at(at, "words money") for at in range(start, end))

    def _of_its_type(self, amount: Amount, field: FieldProfile) -> int:
        """Return what a field's type says: sizes, ages and years have words of their own."""
        sentence, before = self.sentence, amount.start
        if field.type == "sizes" and not amount.unit:
            cue = sentence.cue_before(before, "words sizes")
            alone = cue is None and self.wanted and self._stands_alone(amount)
            if alone:
                return 3 if self._likely(amount, field) > 0 else 0
            inside = cue and sentence.text(cue.start, cue.end).lower() in ("in", "in a", "in an")
            return 0 if cue is None else 3 if inside else 4
        if field.role in ("year", "date") and amount.low in _YEAR and amount.low.is_integer():
            cue = sentence.cue_before(before, "words years", *BEFORE) or sentence.cue_at(
                amount.end, *AFTER
            )
            return 3 if cue or amount.range else 1
        if dimension_of(field.unit) == "age" and field.type == "range" or "age" in field.names:
            spoken = sentence.cue_before(before, "words ages")
            child = sentence.has("words children")
            if amount.unit:
                return 1 if child else 0
            return 3 if spoken and child and amount.low < 100 else 0
        return 0

    def _named(self, amount: Amount, field: FieldProfile) -> int:
        """Return how near a field's name, or a word that compares it, stands to an amount."""
        start, end = self.around(amount)
        best = 0
        for word in self.field_words:
            if field.name not in word.fields or not start <= word.start < end:
                continue
            ahead = word.start >= amount.end
            per = ahead and self._is_per(amount.end, word.start)
            if per or self._measures_another(word, amount, field):
                continue  # "below 20 a bottle" is a price, "2 years guarantee, under 200" as well
            if field.unit and not (amount.unit or ahead) and self._parted(word.end, amount.start):
                continue  # "a bottle of red under 20" as well
            gap = word.start - amount.end if ahead else amount.start - word.end
            near = 5 - min(2, gap // 2) if gap >= 0 else 5
            if field.role in ("price", "stock") and ahead and not self._beside(amount, word):
                continue  # "two for the price of one", "up to 150 that are in stock"
            if word.degree and not self._measures(word, amount):
                continue
            if word.degree:
                near = 6 if word.degree in ("high", "low") else 3  # "a mattress under 18 cm high"
            best = max(best, near + word.end - word.start - 1)
        return best

    def _measures_another(self, word: FieldWord, amount: Amount, field: FieldProfile) -> bool:
        """Tell whether a name follows another amount in its unit: "2 years", "4.5+ stars"."""
        dimension = dimension_of(field.unit)
        return not amount.unit and any(
            self._beside(other, word)
            and (other.end < word.start or (other.unit and dimension_of(other.unit) == dimension))
            for other in self.amounts
            if other != amount
        )

    def _parted(self, start: int, end: int) -> bool:
        """Tell whether a word of another meaning stands between a field's name and an amount."""
        steering = self.sentence.cues.steering
        return any(
            says_something(token.word) and token.text not in steering and token.kind == "word"
            for token in self.sentence.tokens[start:end]
        )

    def _is_per(self, start: int, end: int) -> bool:
        """Tell whether an amount is asked for each of what follows."""
        return any(self.sentence.cue_at(at, "words each") for at in range(start, end))

    def _is_counted(self, amount: Amount) -> bool:
        """Tell whether an amount counts what a field is called: "5 ratings" are no rating of 5."""
        return any(
            self._beside(amount, word) and (token.text != token.word or amount.low == 1)
            for word in self.field_words
            for token in self.sentence.tokens[word.end - 1 : word.end]
        )

    def _beside(self, amount: Amount, word: FieldWord) -> bool:
        """Tell whether a name follows an amount: "10 in stock", "six or more in stock"."""
        cue = self.sentence.cue_at(amount.end, *AFTER)
        return word.start in (amount.end, cue.end if cue else amount.end)

    def _measures(self, word: FieldWord, amount: Amount) -> bool:
        """Tell whether a comparing word speaks of an amount: "lighter than 2 kg", "3 m tall"."""
        texts = [token.text for token in self.sentence.tokens]
        if word.degree in ("high", "low"):
            return word.start == amount.end
        than = texts[word.end : word.end + 1] in (["than"], ["then"]) and word.end < amount.start
        behind = word.start > amount.end and texts[word.start - 1] == "or"
        dated = word.end == amount.start and amount.bare  # "after 2015"
        return word.degree in ("more", "less") and (than or behind or dated)

    def _likely(self, amount: Amount, field: FieldProfile) -> float:
        """Return how well an amount fits where a field's values lie, for the wanted kind."""
        columns = self.catalogue.quantities.column(field.name)
        compared = unit_of(amount, field, self.catalogue)
        lows, highs, there = [], [], False
        wanted = set(self.wanted)
        for unit, column in columns.items():
            scale = converted(Quantity(1.0, 1.0, unit), compared)
            if scale is None:
                continue
            low, high = column.low, column.high
            if wanted:
                mine = [id_ in wanted for id_ in column.ids.tolist()]
                low, high = low[mine], high[mine]
            there = there or len(low) > 0
            lows += [float(low.min()) * scale.low] if len(low) else []
            highs += [float(high[high < math.inf].max(initial=0)) * scale.low] if len(high) else []
        if not lows:
            return -math.inf
        asked = converted(Quantity(amount.low, amount.high, amount.unit), compared)
        if asked is None:
            return -math.inf
        least, most = _PLAUSIBLE
        fits = min(lows) - abs(min(lows)) * (1 - least) <= asked.low <= max(highs) * most
        within = _WITHIN * (min(lows) <= asked.low <= max(highs))
        return (0.5 + within if fits else -0.5) if there else -math.inf
