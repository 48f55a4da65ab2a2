"""The learned weights of each channel by kind of query, read from weights.toml.

Knows a file of this package; knows no vector. A query's balance interpolates linearly between the
weights of a photo only, of both equally, and of words only.
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
        """Return the weights for a photo and words at a balance: 0 is photo only, 1 words only."""
        end, share = (
            (self.words, 2 * balance - 1) if balance > 0.5 else (self.photo, 1 - 2 * balance)
        )
        return {name: (1 - share) * self.both[name] + share * end[name] for name in CHANNELS}


def learned(fusion: str) -> KindWeights:
    """Return a fusion's weights; a weight that was not learned is 1."""
    table = _file().get(fusion, {})
    words, photo, both = (
        {**dict.fromkeys(CHANNELS, 1.0), **table.get(kind, {})} for kind in WEIGHT_KINDS
    )
    return KindWeights(words, photo, both)


def as_toml(weights: Mapping[str, KindWeights]) -> str:
    """Return the weights of several fusions in the format of weights.toml."""
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
