"""Everything that stands in a message: what it wishes, whom it points at, how it steers.

Knows the readers of this room, and in which order they take their tokens; decides no intent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.understanding.acts.intents import (
    asks_of_several,
    asks_why_not,
    open_spans,
    without_others,
)
from assistant.understanding.acts.references import references, titled, unwanted
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.controls import control_spans
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import Ask, Change
from assistant.understanding.overview import OverviewAsked, asks_of_shown, read_overview
from assistant.understanding.state_updates import changes_asked
from assistant.understanding.title_words import denied_things, spans_left
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.spelling import corrected
from assistant.understanding.tokens.text import (
    Span,
    blanked,
    cut,
    folded_words,
    says_something,
)
from assistant.understanding.value_names import Mention
from assistant.understanding.wishes import Wishes, read_wishes
from retrieval.items import Catalogue, Item, field_values

_SAID = ("wanted", "denied")  # what somebody has, and what is unclear, is not asked for
_ASKED = 3  # items that one question can be about


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What stands in a message."""

    asked: Sentence  # spelt right
    sentence: Sentence  # without what leaves it to Magpie what to show
    opened: bool  # it leaves that to Magpie
    wishes: Wishes
    mentions: tuple[Mention, ...]  # values that are wanted or denied
    meant: tuple[Item, ...]
    unlike: tuple[Item, ...]
    changes: tuple[Change, ...]
    overview: OverviewAsked | None
    controls: tuple[Span, ...]  # what steers the state and names nothing
    order: str  # the field to sort by, "" for none
    left: tuple[str, ...]  # folded content words that nothing explains
    spans_left: tuple[str, ...]  # runs of them, as they are written

    @property
    def plain(self) -> str:
        """Return the message without what steers the state."""
        return blanked(self.sentence.message, self.controls)


def gather(message: str, now: Conversation, vocabulary: Vocabulary, *, photo: bool) -> Gathered:
    """Return what stands in a message; with a `photo`, "this" is what the photo shows."""
    asked = read_sentence(corrected(message, vocabulary.spelt))
    leaves_open = open_spans(asked)
    sentence = read_sentence(blanked(asked.message, leaves_open))
    controls = control_spans(sentence, vocabulary)
    pointed = [
        one
        for one in references(sentence, now.shown, photo=photo)
        if not any(_within(sentence.span(one.start, one.end), span) for span in controls)
    ]  # "leave the price out of it" points at nothing
    pointing = [sentence.span(one.start, one.end) for one in pointed]
    wishes = read_wishes(
        sentence.message, vocabulary, [*controls, *pointing], now.state.constraints
    )
    mentions = tuple(m for m in wishes.mentions if m.stance in _SAID)
    unlike = unwanted(sentence, pointed)
    meant = tuple(one.item for one in pointed if one.item not in unlike)
    if asks_why_not(sentence):  # of what is not on screen as well
        every = vocabulary.catalogue.items.values()
        meant = (titled(sentence.message, every) or meant)[:_ASKED]
    controls += [*(one.span for one in wishes.steps), *(one.span for one in wishes.adjustments)]
    orders = [order.span for order in wishes.orders]
    taken = [*(limit.span for limit in wishes.limits), *pointing, *(m.clause for m in mentions)]
    gathered = Gathered(
        asked=asked,
        sentence=sentence,
        opened=bool(leaves_open) and not photo,
        wishes=wishes,
        mentions=mentions,
        meant=meant,
        unlike=unlike,
        changes=(),
        overview=None if meant or photo else read_overview(wishes, vocabulary),
        controls=tuple(controls),
        order=_order(wishes, now, vocabulary),
        left=_left_over(blanked(sentence.message, [*controls, *orders]), taken),
        spans_left=spans_left(wishes, [*controls, *orders, *taken]),
    )
    return _with_changes(gathered, now, vocabulary, photo=photo)


def _with_changes(
    found: Gathered, now: Conversation, vocabulary: Vocabulary, *, photo: bool
) -> Gathered:
    """Add the changes of the state; a question about what is shown asks for none."""
    if not (found.overview or found.controls or photo) and asks_of_shown(found.wishes, vocabulary):
        return replace(found, meant=found.meant or now.shown[:1])
    if asks_of_several(found.sentence, len(found.meant)):
        return found
    on_screen = found.meant or _of_one_kind(now.shown, vocabulary)
    changes = changes_asked(found.wishes, on_screen, now.state.constraints, vocabulary)
    denied = (Ask(one) for one in denied_things(found.wishes, vocabulary))
    return replace(found, changes=(*changes, *denied))


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _order(wishes: Wishes, now: Conversation, vocabulary: Vocabulary) -> str:
    """Return the field to sort by, "" for none.

    Of the fields that the word can mean, it is the one that most items of the kind have.
    """
    if not wishes.orders:
        return ""
    order = wishes.orders[0]
    wanted = (m for m in wishes.mentions if m.field in vocabulary.kinds and m.stance == "wanted")
    ids: Collection[str] = vocabulary.ids_of((m.field, m.values) for m in wanted)
    ids = ids or {item.id for item in now.shown} or set(vocabulary.catalogue.items)
    return max(order.fields, key=lambda name: _filled(name, ids, vocabulary.catalogue))


def _filled(name: str, ids: Collection[str], catalogue: Catalogue) -> int:
    """Return how many of some items say something of a field."""
    columns = catalogue.quantities.column(name).values()
    return len({id_ for column in columns for id_ in column.ids.tolist()} & set(ids))


def _of_one_kind(shown: Sequence[Item], vocabulary: Vocabulary) -> Sequence[Item]:
    """Return the shown items of the first one's kind, which "cheaper" is measured against."""
    kind = next(iter(vocabulary.kinds), "")
    return [one for one in shown if field_values(one, kind) == field_values(shown[0], kind)]


def _left_over(message: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the folded content words outside the spans that are already understood."""
    rest = without_others(read_sentence(cut(message, spans)))
    return tuple(word for word in folded_words(rest) if says_something(word))
