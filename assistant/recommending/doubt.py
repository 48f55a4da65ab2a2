"""Is anything of a request understood? A photo of what is not sold, words that nobody here reads.

Knows a shortlist, how familiar a photo is, and scripts; words nothing. What is shown all the same
is only the nearest, and no reason is true of it.
"""

from assistant.recommending.leads import NotUnderstood
from assistant.recommending.shortlist import Shortlist
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.languages.language import is_unreadable
from retrieval.embed import at_the_ends
from retrieval.index.index import Index
from retrieval.photo_attributes import FAMILIAR, familiarity

_NAMED = 3  # items that are named


def not_understood(found: Shortlist, index: Index, vocabulary: Vocabulary) -> NotUnderstood | None:
    """Return what of a request nothing is understood of, None where something is."""
    query, photo = found.query, at_the_ends(found.vectors, found.query.balance).photo
    titles = tuple(one.item.title for one in found.candidates[:_NAMED])
    if not titles or found.lead or query.constraints or query.sounds or query.liked:
        return None
    if not query.words and photo is not None:
        return NotUnderstood("photo", titles) if familiarity(photo, index) < FAMILIAR else None
    unread = photo is None and is_unreadable(query.words, vocabulary.known)
    return NotUnderstood("words", titles) if unread else None
