"""In which language the records of a catalogue are written: by majority, or as its owner says.

Pure: each record that tells its language has one vote, so that a foreign one among many, or a few
words that several languages share, decide nothing.
"""

from collections import Counter

from assistant.understanding.languages.language import read_language
from assistant.understanding.languages.lexicon import PIVOT, lexicons
from retrieval.items import Catalogue

_ASKED = 100  # records, from all over the catalogue
_WORDS = 60  # of a record, from its beginning
_UNTOLD = "?"  # what a record says that tells no language


def catalogue_language(catalogue: Catalogue) -> str:
    """Return the language of a catalogue's texts, ISO 639-1.

    It is English unless more than half of the records that tell a language tell another.
    """
    said = catalogue.profile.language
    if said in {PIVOT, *(one.language for one in lexicons())}:
        return said
    items = list(catalogue.items.values())
    every = max(1, len(items) // _ASKED)
    texts = (f"{item.title}. {item.description}" for item in items[::every][:_ASKED])
    votes = Counter(map(_told, texts))
    del votes[_UNTOLD]
    language, count = votes.most_common(1)[0] if votes else (PIVOT, 0)
    return language if 2 * count > votes.total() else PIVOT


def _told(text: str) -> str:
    beginning = " ".join(text.split()[:_WORDS])
    return read_language(beginning, frozenset(), own=PIVOT, former=_UNTOLD)
