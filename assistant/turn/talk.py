"""Find the act that no cue tells, talk and "keep going", by the examples nearest in meaning.

Knows `talk_examples.toml` and the text encoder; knows no catalogue. It is asked only of messages
that name nothing of the catalogue.
"""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal, get_args

import numpy as np

from retrieval.protocols import TextEncoder, Vectors

# Cosines of MiniLM sentence vectors. The mean of the nearest few of an act is steadier than one.
_NEAREST = 3
_NEAR, _NEARER = 0.4, 0.03
# Where a message names something of the catalogue all the same. Of 2,055 messages of shoppers, by
# then development data, 20 are as near as this to such talk, and none of them seeks anything.
_CLEARLY_NEAR, _CLEARLY_NEARER = 0.42, 0.12
_SEARCH = "search"  # examples of what is none of these acts


ChitChat = Literal["smalltalk", "about you", "complaint"]
Act = Literal[
    "smalltalk", "about you", "complaint", "help", "out of scope", "advice", "others", "undo"
]


@dataclass(frozen=True)
class TalkExamples:
    """What is said to a shop assistant, by act, as vectors."""

    encoder: TextEncoder

    def act(self, message: str, *, named: bool) -> Act | None:
        """Return the act that a message is nearest to, None where a search is as near.

        A message that has `named` something of the catalogue can only ask for advice, or be clear
        chit-chat.
        """
        near = self._near(message)
        best: Act = max((act for act in get_args(Act)), key=near.__getitem__)
        margin = near[best] - near[_SEARCH]
        if named and best in get_args(ChitChat):
            return best if near[best] >= _CLEARLY_NEAR and margin >= _CLEARLY_NEARER else None
        if named and best != "advice":
            return None
        return best if near[best] >= _NEAR and margin >= _NEARER else None

    def _near(self, message: str) -> dict[str, float]:
        """Return how near a message is to each act: the mean cosine of its nearest examples."""
        likeness = self._vectors @ self.encoder.encode([message])[0]
        return {
            act: float(np.sort(likeness[start:end])[-_NEAREST:].mean())
            for act, (start, end) in self._places.items()
        }

    @cached_property
    def _examples(self) -> dict[str, list[str]]:
        place = files(__package__).joinpath("talk_examples.toml")
        return tomllib.loads(place.read_text("utf-8"))

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        places, at = dict[str, tuple[int, int]](), 0
        for act, examples in self._examples.items():
            places[act] = (at, at + len(examples))
            at += len(examples)
        return places

    @cached_property
    def _vectors(self) -> Vectors:
        return self.encoder.encode([said for every in self._examples.values() for said in every])
