"""What people say in a domain → the words for it that are understood in every catalogue.

Knows a domain's lists ("who would I get on with?" is "surprise me", "climbs" is "climbing"); reads
no message.
"""

import re
from collections.abc import Iterable

from retrieval.domain import Domain

_FIRST_IDEOGRAPH = "\u2e80"


def in_common_words(message: str, domain: Domain, language: str) -> str:
    """Return a message with a domain's own phrases of a language replaced, the longest first."""
    meant = {
        phrase.casefold(): common
        for common, phrases in domain.says.get(language, {}).items()
        for phrase in phrases
    }
    if not meant:
        return message
    return re.sub(any_phrase(meant), lambda found: meant[found[0].casefold()], message, flags=re.I)


def any_phrase(phrases: Iterable[str]) -> str:
    """Return a pattern for any of some phrases, each alone: "women's football" has no "women".

    Chinese has no spaces between words, so that its phrases stand anywhere.
    """
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(
        re.escape(one) if one[:1] >= _FIRST_IDEOGRAPH else rf"(?<![\w-]){re.escape(one)}(?![\w’'-])"
        for one in longest
    )
