"""Where an index's vectors are kept: in its own folder or on Chroma servers, in one shard or more.

Knows the folders of an index, and opens Chroma there; knows no entry. What a store is made of
stands beside it, so a finished one is opened as it was made, whatever is chosen now; a copy of it
is made as is chosen now.

    shop/generation-7/store/layout.json    shards, and the name of their collections on servers
    shop/generation-7/store/shard-0/       a shard in the folder itself; a single one needs neither
    shop/collections/                      a file for each name that servers have been given
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from pydantic import TypeAdapter

from retrieval.errors import StoreError
from retrieval.files import disk, write_whole
from retrieval.index.chroma import ChromaStore
from retrieval.index.sharded import ShardedStore
from retrieval.protocols import VectorStore

_LAYOUT, _COLLECTIONS = "layout.json", "collections"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a store is made of."""

    shards: int = 1
    collections: str = ""  # how their names on servers begin; "" for folders


@dataclass(frozen=True, slots=True)
class Placement:
    """Where new stores are kept."""

    servers: tuple[str, ...] = ()  # URLs; none for the index's own folder
    shards: int = 1  # spread over the servers in turn
    token: str = ""  # that servers ask for

    def open(self, place: Path) -> VectorStore:
        """Open the store at a place in an index's folder; make one where there is none.

        Raises: StoreError when it cannot be opened, StorageError when the disk is not usable.
        """
        layout = read_layout(place) or self._new_layout(place)
        if layout == Layout() and not self._spreads:
            return ChromaStore(place)
        return ShardedStore(list(self._opened(place, layout)), self.open)

    def prune(self, index: Path) -> None:
        """Remove from servers what an index has had there, and no folder of it names any more."""
        if not self.servers:
            return
        with disk(index):
            made = {file.name for file in (index / _COLLECTIONS).glob("*")}
            layouts = [read_layout(file.parent) for file in index.glob(f"*/*/{_LAYOUT}")]
        for name in made - {layout.collections for layout in layouts if layout}:
            for shard in range(int(name.rpartition("-")[2])):
                with closing(self._on_server(name, shard)) as store:
                    store.remove()
            (index / _COLLECTIONS / name).unlink()

    @property
    def _spreads(self) -> bool:
        return bool(self.servers) or self.shards > 1

    def _opened(self, place: Path, layout: Layout) -> Iterator[VectorStore]:
        for shard in range(layout.shards):
            if layout.collections:
                yield self._on_server(layout.collections, shard)
            else:
                yield ChromaStore(place if layout.shards == 1 else place / f"shard-{shard}")

    def _on_server(self, name: str, shard: int) -> ChromaStore:
        if not self.servers:
            cure = "say in MAGPIE_STORE on which, or build the index again with --rebuild"
            raise StoreError(f"{name} is on a Chroma server: {cure}")
        server = self.servers[shard % len(self.servers)]
        return ChromaStore(server, f"{name}-{shard}", token=self.token)

    def _new_layout(self, place: Path) -> Layout:
        """Note how a new store is made, before anything of it is."""
        if place.exists() or not self._spreads:
            return Layout()
        layout, index = Layout(max(self.shards, len(self.servers))), place.parents[1]
        if self.servers:
            name = f"magpie-{index.name}-{token_hex(6)}-{layout.shards}"
            layout = Layout(layout.shards, name)
            with disk(index):
                (index / _COLLECTIONS).mkdir(exist_ok=True)
                (index / _COLLECTIONS / name).touch()
        with disk(place):
            place.mkdir(parents=True)
        write_whole(place / _LAYOUT, json.dumps(asdict(layout)).encode())
        return layout


def read_layout(place: Path) -> Layout | None:
    """Return what the store at a place is made of; None where it does not say.

    Raises: StoreError when that cannot be read.
    """
    try:
        return TypeAdapter(Layout).validate_json((place / _LAYOUT).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{place / _LAYOUT} cannot be read: build it with --rebuild") from error


def is_placed_alike(place: Path, other: Path) -> bool:
    """Tell whether two stores are made in the same way; raises as `read_layout`."""
    first, second = read_layout(place) or Layout(), read_layout(other) or Layout()
    spread = first.shards == second.shards
    return spread and bool(first.collections) == bool(second.collections)
