"""English word forms that retrieval and assistant share: singular, plural, numbers in words.

Pure. Knows spelling rules and their few exceptions; knows no catalogue and no message.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

UNITS: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen".split()
        )
    }
)
TENS: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, word in zip(
            range(20, 100, 10),
            "twenty thirty forty fifty sixty seventy eighty ninety".split(),
            strict=True,
        )
    }
)
SCALES: Mapping[str, int] = MappingProxyType({"hundred": 100, "thousand": 1000})
_FROM_F = re.compile(r"(?:scar|shel|loa|lea|hal|cal|hoo)ves$")  # but sleeves, gloves, stoves
_TO_VES = {"shelf": "shelves", "scarf": "scarves", "knife": "knives"}


def singular(word: str) -> str:
    """Return the singular of a lower-case noun: "scarves" gives "scarf", "glass" is unchanged."""
    if _FROM_F.search(word):
        return word[:-3] + "f"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:ss|x|zz|ch|sh)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(noun: str) -> str:
    """Return the plural of a noun; a noun that is already plural is unchanged."""
    for one, many in _TO_VES.items():
        if noun.endswith(one):
            return noun.removesuffix(one) + many
    if noun.endswith("s") and not noun.endswith("ss"):
        return noun
    if noun.endswith(("ss", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def number_word(count: int) -> str:
    """Write a small number as a word, 0 as "no", and a large number in digits."""
    words = {number: word for word, number in UNITS.items() if 0 < number <= 12}
    return "no" if count == 0 else words.get(count, f"{count:,}")
