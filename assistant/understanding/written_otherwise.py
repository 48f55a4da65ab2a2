"""Values that are written otherwise: "reds" for red wines, "scraf", "sun glases".

Knows which words stand for values and which words the records use; knows no message.
"""

from collections.abc import Collection, Sequence

from rapidfuzz.distance import OSA

from assistant.understanding.tokens.spelling import nearest_word
from assistant.understanding.tokens.text import Token, says_something
from assistant.understanding.value_names import Meanings, ValueNames


def called_otherwise(
    key: tuple[str, ...],
    run: Sequence[Token],
    steering: Collection[str],
    names: ValueNames,
    known: Collection[str],
) -> Meanings:
    """Read "reds" as red wines, and what has a slip of the pen: "since" is no "science"."""
    plural = len(key) == 1 and run[0].text != run[0].word
    meant = names.plurals.get(key[0], ()) if plural else ()
    steers = len(run) == 1 and run[0].text in steering
    return meant or (() if steers else _written_otherwise(key, names, known))


def _written_otherwise(key: tuple[str, ...], names: ValueNames, known: Collection[str]) -> Meanings:
    """Read "scraf" as "scarf" and "sun glases" as "sunglasses"."""
    if len(key) == 2:
        joined, lettered = "".join(key), len(key[0]) == 1 and key[0] not in ("a", "i")
        if not (says_something(key[0]) or lettered) or not says_something(key[1]):
            return ()
        if meant := names.phrases.get((joined,)):
            return meant  # "t-shirts", "sweat shirt"
        parts = any(key[n : n + 1] in names.phrases for n in (0, 1))
        return () if parts or lettered else _misspelt(joined, names, known, surely=True)
    return _misspelt(key[0], names, known) if len(key) == 1 else ()


def _misspelt(
    word: str, names: ValueNames, known: Collection[str], *, surely: bool = False
) -> Meanings:
    """Return what a word stands for with a slip of the pen, if no record uses it as it is."""
    if word in known:
        return ()
    singles = [key[0] for key in names.phrases if len(key) == 1]
    meant = nearest_word(word, singles, surely=surely)
    fields = {field for field, _ in names.phrases.get((meant,), ())}
    if fields == {"brand"} and OSA.distance(word, meant) > 1:
        return ()  # "electric" is no Electra
    return names.phrases[(meant,)] if meant else ()
