"""The words that are searched for: a message without prices, politeness and what is excluded.

Pure. Knows what of a message was understood; searches nothing.
"""

from collections.abc import Sequence

from assistant.understanding.dialogue_state import Also, Ask, Change, TurnTo
from assistant.understanding.tokens.lead import without_lead
from assistant.understanding.tokens.text import cut, folded_words
from assistant.understanding.value_names import Mention
from assistant.understanding.wishes import Limit
from retrieval.items import Constraint

_DANGLING = frozenset(  # what a phrase does not end with; nor with a mark that stands alone
    ["", *"not no without please but and or in with for than under except of a an the".split()]
)
_MARKS = " ,.;:!?"


def new_phrase(message: str, limits: Sequence[Limit], mentions: Sequence[Mention]) -> str:
    """Word a search without prices, politeness and what is excluded."""
    spans = [limit.span for limit in limits] + [m.clause for m in mentions if m.negated]
    said = without_lead(cut(message, spans)).split()
    while said and said[-1].strip(_MARKS).lower() in _DANGLING:
        said.pop()
    return " ".join(said).strip(_MARKS)


def refined_phrase(
    phrase: str,
    mentions: Sequence[Mention],
    changes: Sequence[Change],
    standing: Sequence[Constraint],
) -> str:
    """Keep the former phrase but for the words that a change replaces, and add the new ones."""
    fields = {
        change.constraint.field for change in changes if isinstance(change, Ask | Also | TurnTo)
    }
    before = [c for c in standing if c.field in fields]
    replaced = {w for c in before for text in (c.said, *c.values) for w in folded_words(text)}
    kept = [word for word in phrase.split() if not set(folded_words(word)) & replaced]
    return " ".join(dict.fromkeys([*kept, *(m.said for m in mentions if not m.negated)]))
