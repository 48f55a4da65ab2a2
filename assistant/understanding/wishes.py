"""A message → every limit and value that it asks for, denies or wishes for, each token used once.

Knows in which order amounts, sizes and values take their tokens; knows no conversation. What it is
not sure of becomes no limit: a value under a verb that nobody knows is `unclear`, an amount whose
field is open is `open`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.stance.said import Meant
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.tokens.amounts import Amount, read_amounts
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.fields import FieldWord
from assistant.understanding.tokens.limits import AmountLimit, AmountReader
from assistant.understanding.tokens.naming import Named
from assistant.understanding.tokens.orders import Order, read_orders
from assistant.understanding.tokens.scopes import is_soft, with_stances
from assistant.understanding.tokens.steps import Adjustment, LimitStep, read_adjustments, read_steps
from assistant.understanding.tokens.text import Span, folded_words, overlap
from assistant.understanding.value_names import Mention
from retrieval.field_profile import FieldProfile
from retrieval.items import Constraint
from retrieval.units import SIZE_LADDER, dimension_of


@dataclass(frozen=True, slots=True)
class Limit:
    """Constraints on one number, and where the message asks for them."""

    constraints: tuple[Constraint, ...]
    span: Span
    number: Span
    currencies: frozenset[str]  # ISO 4217: all that its sign or name can mean
    soft: bool = False

    @property
    def said(self) -> str:
        """Return the words that set it."""
        return self.constraints[0].said


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a message asks for."""

    sentence: Sentence
    limits: tuple[Limit, ...] = ()
    mentions: tuple[Mention, ...] = ()
    open: tuple[Amount, ...] = ()  # that measure nobody knows what
    covered: frozenset[int] = frozenset()  # tokens that name values, limits and fields
    steps: tuple[LimitStep, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    orders: tuple[Order, ...] = ()


def read_wishes(
    message: str,
    vocabulary: Vocabulary,
    apart: Collection[Span] = (),
    standing: Sequence[Constraint] = (),
) -> Wishes:
    """Return what a message asks for.

    What stands in the spans `apart` means something else; `standing` are the constraints that hold:
    they tell of which kind of thing the message speaks where it names none.
    """
    sentence = read_sentence(message)
    aside = {
        at
        for at, token in enumerate(sentence.tokens)
        if any(overlap(token.span, span) for span in apart)
    }
    words = vocabulary.field_words
    field_words = words.find(sentence.tokens)
    dimensions = {dimension_of(one.unit) for one in vocabulary.profile.fields.values()}
    before = [(c.field, c.values) for c in standing if c.wants and c.field in vocabulary.kinds]
    valued = _beyond_names(vocabulary.read(sentence, aside, before), field_words)
    valued = [_as_its_field_says(sentence, one) for one in valued]
    field_words = _beyond_values(field_words, valued)
    named = {at for one in valued for at in range(one.start, one.end)}
    digits = {at for one in valued for at in range(one.start, one.end) if one.end - one.start > 1}
    kinds = [one for one in valued if one.field in vocabulary.kinds and one.stance == "wanted"]
    nouns = words.nouns | {t.word for one in kinds for t in sentence.tokens[one.start : one.end]}
    names = {word.start for word in field_words if word.end - word.start > 1}
    amounts = read_amounts(sentence, nouns, dimensions, aside | digits, names)
    steps = read_steps(sentence, amounts)
    adjustments = list(read_adjustments(sentence, field_words, amounts))
    moving = [*(one.span for one in steps), *(one.span for one in adjustments)]
    still = [
        a for a in amounts if not any(overlap(sentence.span(a.start, a.end), s) for s in moving)
    ]
    reader = AmountReader(
        sentence,
        still,
        field_words,
        named,
        vocabulary.catalogue,
        vocabulary.profile,
        vocabulary.ids_of([(one.field, one.values) for one in kinds] or before),
        meant=_amounts_meant(sentence, still, vocabulary),
    )
    found = list(reader.limits())
    denied = _denied_amounts(sentence, found, valued, vocabulary)
    limits = [_limit(sentence, one, named, denied=one.amount in denied) for one in found]
    limits += _letter_sizes(sentence, vocabulary.profile.fields.values(), limits)
    valued = _unmeasured(valued, found, sentence)
    used = {at for one in found for at in range(one.start, one.end)} | aside
    numbers = [one.number for one in limits]
    return Wishes(
        sentence,
        tuple(limits),
        tuple(
            one
            for one in valued
            if used.isdisjoint(range(one.start, one.end))
            and not any(overlap(one.span, number) for number in numbers)
        ),
        tuple(one for one in still if one not in {limit.amount for limit in found}),
        frozenset(used | named | {n for w in field_words for n in range(w.start, w.end)}),
        tuple(steps),
        tuple(adjustments),
        tuple(
            order
            for order in read_orders(sentence, field_words, amounts, vocabulary.profile)
            if not any(overlap(order.span, span) for span in apart)
        ),
    )


def _amounts_meant(
    sentence: Sentence, amounts: Sequence[Amount], vocabulary: Vocabulary
) -> Mapping[Amount, Meant]:
    """Return how each amount is meant, as far as other messages tell."""
    if vocabulary.reader is None or not amounts:
        return {}
    spans = [sentence.span(one.start, one.end) for one in amounts]
    return dict(zip(amounts, vocabulary.reader(sentence.message, spans).meant, strict=True))


def _as_its_field_says(sentence: Sentence, mention: Mention) -> Mention:
    """Take for wanted what stands under its field's own name: in a cellar wine "goes with" beef.

    Elsewhere what something is to go with is what the shopper has: "to go with my grey sofa".
    """
    name = [_root(word) for word in mention.field.split()]
    start = max(mention.start - len(name), 0)
    before = [_root(token.text) for token in sentence.tokens[start : mention.start]]
    owning = mention.stance == "owned" and mention.clause[0] == sentence.tokens[start].span[0]
    named = len(name) > 1 and before == name  # and nothing else says that it is owned
    return replace(mention, stance="wanted") if named and owning else mention


def _root(word: str) -> str:
    """Return a word without the ending of a verb or a plural: "go" of "goes"."""
    return word.casefold().removesuffix("s").removesuffix("e")


def _beyond_names(mentions: Sequence[Mention], field_words: Sequence[FieldWord]) -> list[Mention]:
    """Leave out values in a field's longer name: no pot is asked for by its diameter."""
    sizes = _sizes((word.start, word.end) for word in field_words if not word.degree)
    return [one for one in mentions if not _is_inside(one.start, one.end, sizes)]


def _beyond_values(
    field_words: Sequence[FieldWord], mentions: Sequence[Mention]
) -> list[FieldWord]:
    """Leave out fields in a value's longer name: a pressure washer speaks of no pressure."""
    sizes = _sizes((one.start, one.end) for one in mentions)
    return [one for one in field_words if not _is_inside(one.start, one.end, sizes)]


def _sizes(places: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Return for each token how long the name is in which it stands."""
    return {at: end - start for start, end in places for at in range(start, end)}


def _is_inside(start: int, end: int, sizes: Mapping[int, int]) -> bool:
    return all(sizes.get(at, 0) > end - start for at in range(start, end))


def _unmeasured(
    mentions: Sequence[Mention], limits: Sequence[AmountLimit], sentence: Sentence
) -> list[Mention]:
    """Leave out what a limit says how much there is of: "20 ft of hose" asks for no hose."""
    ends = {end: one.constraints[0].field for one in limits for end in (one.amount.end, one.end)}
    texts = sentence.tokens
    return [
        one
        for one in mentions
        if one.start == 0
        or texts[one.start - 1].text != "of"
        or not {t.word for t in texts[one.start : one.end]}
        <= set(folded_words(ends.get(one.start - 1, "")))
    ]


def _denied_amounts(
    sentence: Sentence,
    found: Sequence[AmountLimit],
    valued: Sequence[Mention],
    vocabulary: Vocabulary,
) -> set[Amount]:
    """Return the amounts that are not wanted: "60 Hz is a no go"."""
    exact = {
        (one.start, one.end): one.amount for one in found if one.constraints[0].op in ("=", "in")
    }
    named = [Named(*place, field="") for place in exact]
    named += [Named(one.start, one.end, one.field, one.field in vocabulary.kinds) for one in valued]
    named.sort(key=lambda one: one.start)
    told = with_stances(sentence, named, vocabulary.known)
    places = {(one.start, one.end) for one in told if not one.field and one.stance == "denied"}
    return {exact[place] for place in places}


def _limit(
    sentence: Sentence, found: AmountLimit, named: Collection[int], *, denied: bool
) -> Limit:
    amount, constraints = found.amount, found.constraints
    if denied:
        constraints = tuple(
            replace(one, op="not in", value=one.numbers) for one in found.constraints
        )
    return Limit(
        constraints,
        sentence.span(found.start, found.end),
        sentence.span(amount.start, amount.end),
        amount.currencies - {""},
        is_soft(sentence, found.start, found.end, named),
    )


def _letter_sizes(
    sentence: Sentence, fields: Collection[FieldProfile], limits: Sequence[Limit]
) -> Iterator[Limit]:
    """Yield the sizes in letters that a message asks for: "size M", "in L", "S or M"."""
    field = next((one for one in fields if one.type == "sizes"), None)
    if field is None:
        return
    at = 0
    while at < len(sentence.tokens):
        cue, size = sentence.cue_before(at, "words sizes"), sentence.tokens[at].text
        if size not in SIZE_LADDER or (cue is None and len(size) == 1):
            at += 1
            continue
        start = cue.start if cue else at
        end, sizes = at + 1, [size]
        while end + 1 < len(sentence.tokens) and sentence.tokens[end].text == "or":
            if sentence.tokens[end + 1].text not in SIZE_LADDER:
                break
            sizes.append(sentence.tokens[end + 1].text)
            end += 2
        span = sentence.span(start, end)
        said = sentence.text(start, end)
        value: str | tuple[str, ...] = sizes[0] if len(sizes) == 1 else tuple(sizes)
        made = Constraint(field.name, "=" if len(sizes) == 1 else "in", value, said)
        yield Limit((made,), span, sentence.span(at, end), frozenset(), is_soft(sentence, at, end))
        at = end
