"""Find the kind of thing that is asked for under another name: "couch" for sofa.

Knows the kinds' names and the text encoder; knows no message. A name is taken only where it is near
to one kind and clearly nearer than to any other.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.protocols import TextEncoder, Vectors

# Cosines of MiniLM sentence vectors, set on 74 names over seven catalogues: 20 are near one kind.
# "Couch" is a sofa and "pants" are trousers (.86 both). "Duvet" and blanket (.63), "laptop" and a
# paper notebook are only near: what is near is shown as the nearest there is, not as the thing.
_SAME, _NEAR, _NEARER = 0.8, 0.58, 0.1
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
        likeness = self._vectors @ self.encoder.encode([name])[0]
        order = np.argsort(-likeness)
        second = float(likeness[order[1]]) if len(order) > 1 else 0.0
        best = float(likeness[order[0]])
        near = best >= _NEAR and best - second >= _NEARER
        return (self.kinds[order[0]], best >= _SAME) if near else ("", False)
