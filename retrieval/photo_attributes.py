"""Read a photo's attributes from the nearest catalogue pictures, as soft preferences.

Knows an index and one picture vector; knows no words. A distance-weighted k-nearest-neighbour vote:
the items whose pictures are nearest to the photo vote with their records' values, and nearer items
count more (Dudani 1976, doi 10.1109/TSMC.1976.5408784).
"""

from collections.abc import Sequence

import numpy as np

from retrieval.fusion.concatenation import aim, contributions
from retrieval.index.index import Index, nearest_picture
from retrieval.items import Item, Preference, field_values
from retrieval.protocols import Vector

VOTERS = 9
# A two-thirds majority, measured leaving each item out of its own vote: of 1,000 fashion products,
# 82 % got an article type (93 % of these correct) and 52 % a colour (84 % correct). Of 280 demo
# items in distorted photos, 7 % got a kind (97 % correct); with the item itself among the voters,
# 80 % (all correct).
_AGREED, _SHARPNESS = 2 / 3, 1.5
# Familiarity below which it is not clear that the catalogue has what a photo shows.
# `python -m benchmarks.photo_doubt` measures it: docs/picture-encoder.md.
FAMILIAR = -1.7
_LEAST_SPREAD = 0.02  # of cosines
_FEWEST = 20  # pictures that tell how near pictures of one catalogue are


def familiarity(photo: Vector, index: Index) -> float:
    """Return how familiar a photo is: how near its nearest picture is, as this catalogue has it.

    0 is as near as the catalogue's own pictures usually have another one, -1 as near as all but 5 %
    of them have: measured by the catalogue itself, it needs no threshold of the encoder's. 0 where
    too few pictures tell.
    """
    own, nearest = index.own_likeness, nearest_picture(photo, index)
    if nearest is None or len(own) < _FEWEST:
        return 0.0
    return standing(nearest, own)


def standing(nearest: float, own: Vector) -> float:
    """Return where a likeness stands among others: 0 at their median, -1 above 5 % of them."""
    usual, low = np.quantile(own, (0.5, 0.05)).tolist()
    return float((nearest - usual) / max(usual - low, _LEAST_SPREAD))


def read_photo_attributes(
    photo: Vector, fields: Sequence[str], index: Index
) -> tuple[Preference, ...]:
    """Return the values on which the pictures nearest to a photo agree, at most one per field.

    `photo` is a unit vector in the pictures' space. An unfamiliar photo shows nothing: of what the
    catalogue has not, pictures agree by chance.
    """
    if familiarity(photo, index) < FAMILIAR:
        return ()
    aimed = aim({"picture": photo}, {"picture": 1.0}, index.populations, index.dimensions)
    near = [id_ for id_ in index.store.nearest(aimed, limit=VOTERS) if id_ in index.places]
    found = index.store.vectors(near)
    voters = [id_ for id_ in near if id_ in found]
    if not voters:
        return ()
    stored = np.stack([found[id_] for id_ in voters])
    alike = contributions(aimed, stored, index.dimensions)["picture"]
    items = [index.catalogue.items[id_] for id_ in voters]
    preferences = (agreed(items, alike, field) for field in fields)
    return tuple(preference for preference in preferences if preference is not None)


def agreed(voters: Sequence[Item], alike: Vector, field: str) -> Preference | None:
    """Return the value of a field that gets most votes, None when its share is too small.

    `alike` (n,) is each voter's picture similarity to the photo, in standard deviations.
    """
    votes = np.exp(_SHARPNESS * (alike - alike.max()))
    shares: dict[str, float] = {}
    for item, vote in zip(voters, (votes / votes.sum()).tolist(), strict=True):
        for value in field_values(item, field):
            shares[value] = shares.get(value, 0.0) + vote
    best = max(shares, key=lambda value: shares[value], default="")
    return Preference(field, best, shares[best]) if best and shares[best] >= _AGREED else None
