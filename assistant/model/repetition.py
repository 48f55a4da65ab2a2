"""Detect a reply that repeats itself. Pure: tokens in, True or False out."""

from collections.abc import Sequence

_TIMES = 3  # repetitions in a row after which a reply is stopped


def repeats_itself(written: Sequence[int]) -> bool:
    """Tell whether a reply ends with three equal token sequences, or twelve equal tokens."""
    for period in range(4, len(written) // _TIMES + 1):
        last = written[-period:]
        if all(written[-(n + 1) * period : -n * period] == last for n in range(1, _TIMES)):
            return True
    return len(written) >= 12 and len(set(written[-12:])) == 1
