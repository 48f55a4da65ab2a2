"""Has a reply lost its thread? Pure: tokens in, yes or no out."""

from collections.abc import Sequence

_TIMES = 3  # a reply that says the same thing so often in a row has lost its thread


def repeats_itself(written: Sequence[int]) -> bool:
    """Tell whether a reply ends in the same words, three times in a row."""
    for period in range(4, len(written) // _TIMES + 1):
        last = written[-period:]
        if all(written[-(n + 1) * period : -n * period] == last for n in range(1, _TIMES)):
            return True
    return len(written) >= 12 and len(set(written[-12:])) == 1
