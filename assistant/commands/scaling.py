"""What `magpie index` does beyond one process: workers on a cluster, vectors in files.

Knows settings and where an index lies; the work itself is done in `retrieval/scale/`.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.build import store_placement, worker_encoders
from retrieval.index.manifest import index_folder

if TYPE_CHECKING:
    from assistant.settings import Settings
    from retrieval.embed import Encoders
    from retrieval.index.encoding import EncodeBatches


def ray_encoding(address: str, settings: "Settings", workers: int) -> "EncodeBatches":
    """Return what encodes by workers of a Ray cluster, each with the encoders of the settings."""
    from retrieval.scale.ray_encoding import RayEncoding

    return RayEncoding(address, partial(worker_encoders, settings), workers)


def begin_with_vectors(
    folder: Path, source: str, settings: "Settings", encoders: "Encoders"
) -> None:
    """Let the index that the settings name begin with vectors from Parquet files.

    Raises: StoreError when they cannot be used.
    """
    from retrieval.scale.parquet import begin_from_parquet

    index = index_folder(settings.indexes_folder, settings.catalogue)
    begin_from_parquet(folder, index, source, encoders)


def keep_vectors(settings: "Settings", folder: Path) -> None:
    """Write the vectors of the index that the settings name into a folder, as Parquet files."""
    from retrieval.scale.parquet import write_parquet

    index = index_folder(settings.indexes_folder, settings.catalogue)
    write_parquet(index, store_placement(settings).open, folder)
