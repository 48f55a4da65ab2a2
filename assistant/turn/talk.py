"""Find the act that no cue tells, talk and "keep going": as other messages do, or by examples.

Knows `talk_examples.toml`, the text encoder and likelihoods of acts; knows no catalogue. Which sort
of talk it is, the examples nearest in meaning tell.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal, get_args

import numpy as np

from assistant.stance.said import MessageAct
from retrieval.protocols import TextEncoder, Vectors

# Cosines of MiniLM sentence vectors. The mean of the nearest few of an act is steadier than one.
_NEAREST = 3
_NEAR, _NEARER = 0.4, 0.03
# Where a message names something of the catalogue all the same. Of 2,055 messages of shoppers, by
# then development data, 20 are as near as this to such talk, and none of them seeks anything.
_CLEARLY_NEAR, _CLEARLY_NEARER = 0.42, 0.12
# Of 458 messages that the likelihoods are not learned from, 58 are talk: 30 of them are found from
# here on, with 3 others; examples alone find 8, with 3 others.
_LIKELY, _SURELY = 0.5, 0.7
_SEARCH = "search"  # examples of what is none of these acts


ChitChat = Literal["smalltalk", "about you", "complaint"]
Act = Literal[
    "smalltalk", "about you", "complaint", "help", "out of scope", "advice", "others", "undo"
]

_SORTS: Mapping[MessageAct, tuple[Act, ...]] = {
    "smalltalk": ("smalltalk", "about you", "complaint", "help"),
    "advice": ("advice", "help"),
    "offtopic": ("out of scope",),
}


@dataclass(frozen=True)
class TalkExamples:
    """What is said to a shop assistant, by act, as vectors."""

    encoder: TextEncoder

    def act(
        self, message: str, *, named: bool, likely: Mapping[MessageAct, float] | None = None
    ) -> Act | None:
        """Return the act that a message is nearest to, None where a search is as near.

        A message that has `named` something of the catalogue can only ask for advice, or be clear
        chit-chat. `likely` are the acts of other messages like it.
        """
        near = self._near(message)
        enough = _SURELY if named else _LIKELY
        told: MessageAct = max(likely, key=likely.__getitem__) if likely else "find"
        sorts = _SORTS.get(told, ()) if likely and likely[told] >= enough else ()
        if named and told == "advice" and sorts:
            return "advice"
        if sorts and not named:
            return max(sorts, key=near.__getitem__)
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
