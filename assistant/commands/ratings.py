"""The ratings that recommenders are measured on: a file of interactions, or MovieLens.

Knows where they come from; measures nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.build import open_catalogue
from assistant.models import as_steps

if TYPE_CHECKING:
    from assistant.models import ReportStep
    from assistant.settings import Settings
    from retrieval.embed import Encoders
    from retrieval.evaluation.ratings.ratings import Ratings


def read_ratings(
    settings: "Settings", encoders: "Encoders", interactions: Path | None, report: "ReportStep"
) -> "Ratings":
    """Read user ratings of the items in the settings' index; without a file, MovieLens-100K.

    Raises:
        MagpieError: the interactions, the index or MovieLens cannot be read.
    """
    from time import time

    from retrieval.catalogue.interactions import read_interactions
    from retrieval.evaluation.ratings.movielens import NAME, read_movielens
    from retrieval.evaluation.ratings.ratings import ratings_of
    from retrieval.index.index import all_vectors
    from retrieval.models.fetch import fetch

    if interactions is None:
        folder = fetch(settings.home, NAME, report=as_steps(report))
        return read_movielens(folder, encoders.text, encoders.dimensions)
    index = open_catalogue(settings, encoders, report)
    told = read_interactions(interactions, items=index.catalogue.items, now=time())
    stored = dict(zip(index.catalogue.items, all_vectors(index), strict=True))
    index.close()
    return ratings_of(interactions.name, told, stored, index.populations, index.dimensions)
