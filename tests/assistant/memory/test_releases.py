"""Each release's index and database, kept as it wrote them, are opened by this one without loss.

`tests/write_release.py` wrote them; of 2026-11-28, before generations and histories, by that day's
code. A release adds one and changes none.
"""

import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from assistant.memory.schema import NEWEST
from assistant.memory.store import Memory
from assistant.memory.tables import TableBase
from assistant.page.kept_exchanges import read_exchange
from retrieval.embed import Encoders
from retrieval.errors import StorageError
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index, read_items
from retrieval.items import Constraint, Query
from retrieval.search import search
from tests.builders import SHOP
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

KEPT = Path(__file__).parents[2] / "data" / "releases"
RELEASES = sorted(path.name.removesuffix(".tar.xz") for path in KEPT.glob("*.tar.xz"))
LATER = [name for name in RELEASES if name > "2026-11-28"]  # these keep conversations as shown
PRICES = {"s1": 32.0, "s2": 18.5, "s3": 75.0, "m1": 12.0}
BUDGET = Constraint("price", "<=", 40.0, "under 40")


def unpack(name, folder):
    with tarfile.open(KEPT / f"{name}.tar.xz") as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # not in every 3.11
        packed.extractall(folder)
    return folder / name


def tables(file):
    """Return every row of every table but Alembic's, by its name."""
    with closing(sqlite3.connect(file)) as opened:
        found = opened.execute("select name from sqlite_master where type = 'table'").fetchall()
        names = [name for (name,) in found if name != "alembic_version"]
        return {name: sorted(opened.execute(f"select * from {name}")) for name in names}


def dump(file):
    """Return a database as the statements that would make it."""
    with closing(sqlite3.connect(file)) as opened:
        return list(opened.iterdump())


def test_there_is_one_at_least():
    assert LATER


@pytest.mark.parametrize("name", RELEASES)
def test_an_index_is_read_searched_and_updated_without_encoding_anew(name, tmp_path):
    folder = unpack(name, tmp_path)
    encoders = Encoders(HashedTextEncoder(64), ColourPictureEncoder())
    read = read_items(folder / "shop", ChromaStore).items
    assert {id_: item.price for id_, item in read.items()} == PRICES
    index = open_index(folder / "shop", encoders, ChromaStore, BM25Index)
    found = search(Query("a blue mug"), index, encoders, limit=1)
    index.close()
    assert found[0].item.id == "m1"
    encoders.text.encoded = 0
    report = index_catalogue(folder / "shop.csv", folder / "shop", encoders, ChromaStore)
    assert (report.items, report.unchanged, encoders.text.encoded) == (4, 4, 0)
    with (folder / "shop.csv").open("a") as rows:
        rows.write("\nl1,Lantern,Lamps,140,USD,gold,1")
    assert index_catalogue(folder / "shop.csv", folder / "shop", encoders, ChromaStore).added == 1


@pytest.mark.parametrize("name", RELEASES)
def test_a_database_goes_on(name, tmp_path):
    file = unpack(name, tmp_path) / "conversations.sqlite"
    before = tables(file)
    memory = Memory(f"sqlite:///{file}")
    now = memory.recall("first", SHOP, "ann")
    assert (now.state.constraints, now.phrase, [one.id for one in now.shown]) == (
        (BUDGET,), "a scarf", ["s1"]
    )  # fmt: skip
    assert memory.turns("first") == [("a scarf under 40", "Here it is.")]
    assert [(o.item, o.feeling, o.source) for o in memory.opinions("ann", "shop")] == [
        ("s1", "like", "card")
    ]
    assert [edit.text for edit in memory.edits("ann")] == ["I wear wool"]
    assert (memory.remembers("ann"), memory.remembers("bob")) == (True, False)
    memory.close()
    after = tables(file)
    assert {name: after[name] for name in before} == before
    assert {name: rows for name, rows in after.items() if name not in before and rows} == {}
    assert schema_difference(file) == []


@pytest.mark.parametrize("name", LATER)
def test_a_conversation_is_shown_again(name, tmp_path):
    file = unpack(name, tmp_path) / "conversations.sqlite"
    memory = Memory(f"sqlite:///{file}")
    assert [talk.title for talk in memory.history.talks("ann", "shop")] == ["a scarf under 40"]
    kept = memory.history.exchanges("ann", "first", "shop")
    (one,) = [read_exchange(shown, SHOP.items, "ann") for shown in kept]
    assert (one.words, one.reply.answer) == ("a scarf under 40", "Here it is.")
    assert [found.item.id for found in one.reply.candidates] == ["s1"]
    memory.close()


def schema_difference(file):
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), TableBase.metadata)
    engine.dispose()
    return found


def test_the_steps_make_the_tables_that_the_code_uses(tmp_path):
    Memory(f"sqlite:///{tmp_path / 'new.sqlite'}").close()
    assert schema_difference(tmp_path / "new.sqlite") == []
    folder = Path(sys.modules[Memory.__module__].__file__).parent
    script = ScriptDirectory.from_config(Config(attributes={}, config_args={"script_location": str(folder)}))  # fmt: skip
    assert script.get_heads() == [NEWEST]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    file = tmp_path / "newer.sqlite"
    Memory(f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("update alembic_version set version_num = 'of tomorrow'")
    before = file.read_bytes()
    with pytest.raises(StorageError, match="was written by a newer Magpie: install that one"):
        Memory(f"sqlite:///{file}")
    assert file.read_bytes() == before


OPENED = "import sys; from assistant.memory.store import Memory; Memory(sys.argv[1]).close()"
KILLED = """
import os, sys
from assistant.memory.store import Memory
made = 0
from alembic import op
create = op.create_table
def killing(*parts, **rest):
    global made
    made += 1
    if made == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
    return create(*parts, **rest)
op.create_table = killing
Memory(sys.argv[1])
"""


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("at", [1, 4, 8])
def test_a_killed_step_leaves_the_database_as_it_was(kept, at, tmp_path):
    file = tmp_path / "conversations.sqlite"
    if kept:
        file = unpack("2026-11-28", tmp_path) / "conversations.sqlite"
    before = dump(file)
    command = [sys.executable, "-c", KILLED, f"sqlite:///{file}", str(at)]
    assert subprocess.run(command, check=False).returncode == -9
    assert dump(file) == before
    Memory(f"sqlite:///{file}").close()
    assert schema_difference(file) == []


def test_four_processes_may_bring_it_up_at_once(tmp_path):
    file = unpack("2026-11-28", tmp_path) / "conversations.sqlite"
    new = tmp_path / "new.sqlite"
    places = [f"sqlite:///{place}" for place in (file, new, file, new)]
    runs = [subprocess.Popen([sys.executable, "-c", OPENED, place], stderr=subprocess.PIPE) for place in places]  # fmt: skip
    assert [(run.communicate(timeout=60)[1], run.returncode) for run in runs] == [(b"", 0)] * 4
    assert schema_difference(file) == schema_difference(new) == []
