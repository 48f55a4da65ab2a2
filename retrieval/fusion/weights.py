"""How much each channel counts, by kind of query: learned, and kept in weights.toml.

Knows a file of this package; knows no vector. Between a photo alone, both alike and words alone,
the balance of a query moves its weights along straight lines.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.fusion.protocol import Weights
from retrieval.items import MODALITIES

CHANNELS = (*MODALITIES, "words")
WEIGHT_KINDS = ("words", "photo", "both")
_HEAD = """\
# How much each channel counts in each fusion, by kind of query: words, a photo, or both. Learned on
# the 1,000 validation products of the fashion data, and written, by
# `magpie evaluate retrieval --learn-weights`. A channel that is not named counts 1, and a fusion
# that is not named counts all of them alike. Sound is not learned, because those products have
# none: it counts as a photo alone does, and only where the query has a sound."""


@dataclass(frozen=True, slots=True)
class KindWeights:
    """The weights of one fusion for each kind of query."""

    words: Weights
    photo: Weights
    both: Weights  # a photo and words, at a balance of one half

    def between(self, balance: float) -> Weights:
        """Return the weights of a photo and words: 0 is the photo alone, 1 the words alone."""
        end, share = (
            (self.words, 2 * balance - 1) if balance > 0.5 else (self.photo, 1 - 2 * balance)
        )
        return {name: (1 - share) * self.both[name] + share * end[name] for name in CHANNELS}


def learned(fusion: str) -> KindWeights:
    """Return a fusion's weights; all are 1 where nothing was learned."""
    table = _file().get(fusion, {})
    words, photo, both = (
        {**dict.fromkeys(CHANNELS, 1.0), **table.get(kind, {})} for kind in WEIGHT_KINDS
    )
    return KindWeights(words, photo, both)


def as_toml(weights: Mapping[str, KindWeights]) -> str:
    """Return the weights of several fusions as weights.toml keeps them."""
    lines = [_HEAD]
    for fusion, kinds in weights.items():
        lines.append(f"\n[{fusion}]")
        for kind in WEIGHT_KINDS:
            known: Weights = getattr(kinds, kind)
            inside = ", ".join(f"{n} = {float(known[n])}" for n in CHANNELS if n in known)
            lines.append(f"{kind} = {{ {inside} }}")
    return "\n".join(lines) + "\n"


@cache
def _file() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    return tomllib.loads(files(__package__).joinpath("weights.toml").read_text("utf-8"))
