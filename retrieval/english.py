"""English word forms that both halves of Magpie need: one and many, and numbers in words.

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
    """Return one of what a lower-case word names: "scarves" gives "scarf", "glass" stays."""
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
    """Return several of what a noun names; one that is plural already stays."""
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
    """Write a small number in a word, "no" for none, and a large one in digits."""
    words = {number: word for word, number in UNITS.items() if 0 < number <= 12}
    return "no" if count == 0 else words.get(count, f"{count:,}")
