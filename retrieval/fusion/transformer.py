"""Fuse with a trained transformer: its scores and contributions, and loading its folder.

Knows a network and its folder; knows no training and no store. A score is the cosine of query and
item minus the cosine with an item whose modalities are all masked, in standard deviations of such
cosines over the catalogue it was trained on. Its contributions are Shapley values (Lundberg and Lee
2017, arXiv 1705.07874), computed exactly over every subset. A modality that the query lacks or that
weighs 0 is masked in the item too, so it adds 0. A modality that no item scored together has is
masked in the query, because nothing can match it. Shared words are added with their weight.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from retrieval.errors import ModelCorruptError, ModelError, ModelMissingError
from retrieval.fusion.concatenation import Dimensions, Parts, Populations, aim, join
from retrieval.fusion.network import FusionNetwork, Shape
from retrieval.fusion.protocol import Channel, Weights
from retrieval.items import MODALITIES, Modality
from retrieval.protocols import Vector

WEIGHTS_FILE, FACTS_FILE = "fusion.safetensors", "fusion.json"

Subset = tuple[Modality, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """The contents of a folder made by `magpie train fusion`."""

    network: FusionNetwork
    spread: float  # standard deviation of a query's cosines over the tuning items
    encoders: Mapping[str, str]  # as named in the index's manifest
    catalogue: str  # the index it was trained on


class TransformerFusion:
    """A trained network for one index; its candidates come from concatenation's query vector."""

    name = "transformer"

    def __init__(
        self,
        network: FusionNetwork,
        populations: Populations,
        dimensions: Dimensions,
        *,
        spread: float = 1.0,
    ) -> None:
        """Store a trained network with the populations of the index's modalities."""
        self._network, self._spread = network.eval(), spread
        self._populations, self._dimensions = populations, dimensions
        self._seen = np.zeros((0, 0), dtype=np.float32)  # the items scored last; cached, so that
        self._encoded: dict[Subset, Vector] = {}  # scoring the same items again is cheap
        self._there: frozenset[Modality] = frozenset()  # modalities that any of them has

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return concatenation's query vector; the network reranks the candidates it finds."""
        return (aim(query, weights, self._populations, self._dimensions),)

    @torch.inference_mode()
    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return each channel's contribution to the scores of stored vectors (n, width), (n,)."""
        if stored is not self._seen:
            self._seen, self._encoded, self._there = stored, {}, self._any(stored)
        used = [n for n in MODALITIES if n in query and n in self._there and weights.get(n)]
        asked = self._encode(join(query, self._dimensions)[np.newaxis], used)[0]
        unit = max((abs(weights[name]) for name in used), default=0.0) / self._spread
        worth = {
            subset: self._items(subset) @ (asked * np.float32(unit))
            for size in range(len(used) + 1)
            for subset in combinations(used, size)
        }
        none = np.zeros(len(stored), dtype=np.float32)
        shares: dict[Channel, Vector] = {
            name: _shapley(name, used, worth) if name in used else none for name in MODALITIES
        }
        return {**shares, "words": np.float32(weights.get("words", 0.0)) * words}

    def _any(self, stored: Vector) -> frozenset[Modality]:
        flags = {name: flag for name, (_, flag) in self._network.places.items()}
        return frozenset(name for name in MODALITIES if (stored[:, flags[name]] > 0).any())

    def _items(self, shown: Subset) -> Vector:
        if shown not in self._encoded:
            self._encoded[shown] = self._encode(self._seen, shown)
        return self._encoded[shown]

    def _encode(self, stored: Vector, shown: Sequence[Modality]) -> Vector:
        """Return unit vectors of stored vectors (n, width) with all other modalities masked."""
        flags = [flag for _, flag in self._network.places.values()]
        visible = np.array([name in shown for name in MODALITIES])
        there = torch.from_numpy((stored[:, flags] > 0) & visible)
        found = self._network(torch.from_numpy(np.ascontiguousarray(stored)), there)
        return np.asarray(found.numpy(), dtype=np.float32)


def load(
    folder: Path,
    populations: Populations,
    dimensions: Dimensions,
    encoders: Mapping[str, str],
    catalogue: str,
) -> TransformerFusion:
    """Return the fusion of a folder made by `magpie train fusion`, for the index of that name.

    `encoders` are those of the index's manifest. A network has learned the mean and the words of
    one catalogue; for another one it is only a starting point for more training.

    Raises:
        ModelMissingError, ModelCorruptError: the folder holds no network that can be read.
        ModelError: it was trained on another catalogue, or on vectors of other encoders.

    """
    trained = read_trained(folder)
    check_encoders(folder, trained, dimensions, encoders)
    if trained.catalogue != catalogue:
        raise ModelError(
            f"{folder} was trained on the index {trained.catalogue!r}, not on {catalogue!r}: go on "
            f"from it with `magpie train fusion {catalogue} --from {folder} --out NEW_FOLDER`"
        )
    return TransformerFusion(trained.network, populations, dimensions, spread=trained.spread)


def read_trained(folder: Path) -> Trained:
    """Read a folder; raise ModelMissingError or ModelCorruptError."""
    again = "make it with `magpie train fusion`"
    if not (folder / WEIGHTS_FILE).is_file() or not (folder / FACTS_FILE).is_file():
        raise ModelMissingError(f"{folder} holds no trained fusion: {again}")
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text("utf-8"))
        dimensions: dict[Modality, int] = facts["dimensions"]
        if list(dimensions) != list(MODALITIES):
            known = f"it knows {', '.join(dimensions)}, items have {', '.join(MODALITIES)}"
            raise ModelError(f"{folder} is of another version ({known}): {again}")
        network = FusionNetwork(dimensions, Shape(**facts["shape"]))
        network.load_state_dict(load_file(folder / WEIGHTS_FILE))
        return Trained(
            network, float(facts["spread"]), dict(facts["encoders"]), str(facts["catalogue"])
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelCorruptError(f"{folder} cannot be read ({reason}): {again}") from error


def check_encoders(
    folder: Path, trained: Trained, dimensions: Dimensions, encoders: Mapping[str, str]
) -> None:
    """Raise ModelError when a network was trained on vectors of other encoders."""
    for what, now in encoders.items():
        if (then := trained.encoders.get(what)) != now:
            raise ModelError(
                f"{folder} was trained on the index {trained.catalogue!r} with the {what} encoder "
                f"{then}, but {now} is in use: train another with `magpie train fusion`"
            )
    for name in MODALITIES:
        if (before := trained.network.dimensions[name]) != dimensions[name]:
            raise ModelError(
                f"{folder} was trained on {name} vectors of {before} numbers, these have "
                f"{dimensions[name]}: train another with `magpie train fusion`"
            )


def _shapley(name: Modality, players: list[Modality], worth: Mapping[Subset, Vector]) -> Vector:
    """Return a modality's Shapley value: its mean gain over all orders of adding modalities."""
    others = [other for other in players if other != name]
    total = np.zeros_like(worth[()])
    for size in range(len(players)):
        share = factorial(size) * factorial(len(others) - size) / factorial(len(players))
        for subset in combinations(others, size):
            joined = tuple(one for one in players if one == name or one in subset)
            total += share * (worth[joined] - worth[subset])
    return total
