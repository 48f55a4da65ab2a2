"""What is said of words that limit nothing: wishes, and values whose meaning is unclear.

Knows the user's own words; decides nothing.
"""

from collections.abc import Sequence


def only_wished(said: Sequence[str]) -> str:
    """Say that something was taken as a wish; "" for nothing."""
    return f"I took “{_listed(said)}” as a wish that orders, not as a must." if said else ""


def left_open(said: Sequence[str]) -> str:
    """Say that it is unclear whether something is wanted; "" for nothing."""
    listed = _listed(said)
    return f"I was not sure whether you want “{listed}”, so it limits nothing." if said else ""


def _listed(said: Sequence[str]) -> str:
    return "”, “".join(dict.fromkeys(said))
