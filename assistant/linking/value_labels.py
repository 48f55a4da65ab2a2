"""Find the kind of thing that is asked for under another name: "couch" for sofa.

Knows the kinds' names and the text encoder; knows no message. A name is taken only where it is near
to one kind and clearly nearer than to any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.protocols import TextEncoder, Vectors

# Cosines of MiniLM sentence vectors, set on 74 names over seven catalogues: 20 are near one kind.
# "Couch" is a sofa and "pants" are trousers (.86 both). "Duvet" and blanket (.63), "laptop" and a
# paper notebook are only near: what is near is shown as the nearest there is, not as the thing.
_SAME, _NEAR, _NEARER = 0.8, 0.58, 0.1
# Of words anywhere in a message ("i wanna play uke on the beach") more is asked.
_SURELY, _FAR = (0.64, 0.1), (0.57, 0.25)
_MOST = 400  # kinds that are looked through


@dataclass(frozen=True)
class KindNames:
    """The kinds of one catalogue, as vectors."""

    field: str  # "" where the catalogue names no kinds
    kinds: tuple[str, ...]
    encoder: TextEncoder

    @cached_property
    def _vectors(self) -> Vectors:
        return self.encoder.encode(self.kinds[:_MOST])

    def nearest(self, name: str) -> tuple[str, bool]:
        """Return the kind that a name is near to, and whether it means the same.

        "" where none is near, or two are.
        """
        if not (name and self.kinds):
            return "", False
        kind, best, second = self._two_nearest([name])[0]
        near = best >= _NEAR and best - second >= _NEARER
        return (kind, best >= _SAME) if near else ("", False)

    def among(self, names: Sequence[str]) -> tuple[str, str]:
        """Return the name among several that surely means a kind, and that kind; "" for none."""
        if not (names and self.kinds):
            return "", ""
        sure = [
            (best, name, kind)
            for name, (kind, best, second) in zip(names, self._two_nearest(names), strict=True)
            if any(best >= least and best - second >= more for least, more in (_SURELY, _FAR))
        ]
        _, name, kind = max(sure, default=(0.0, "", ""))
        return name, kind

    def _two_nearest(self, names: Sequence[str]) -> list[tuple[str, float, float]]:
        """Return for each name the nearest kind, its cosine, and that of the second nearest."""
        found = []
        for likeness in self.encoder.encode(list(names)) @ self._vectors.T:
            order = np.argsort(-likeness)
            second = float(likeness[order[1]]) if len(order) > 1 else 0.0
            found.append((self.kinds[order[0]], float(likeness[order[0]]), second))
        return found
