"""A database that is damaged, locked, altered or not there: one line with the right cure."""

import json
import sqlite3
import stat
import subprocess
import sys

import pytest

from assistant.events import Done
from assistant.memory.store import Memory
from assistant.understanding.conversation import Conversation
from retrieval.errors import StorageError
from tests.builders import ITEMS, SHOP

DONE = Done("s", "search", (), (), {}, "Here it is.", "")
DAMAGED = "it is damaged or another program's: move it away"


@pytest.fixture
def place(tmp_path):
    """Return a database in which something is remembered of one user."""
    place = tmp_path / "conversations.sqlite"
    memory = Memory(f"sqlite:///{place}")
    memory.feel("me", "shop", ITEMS[0], "like", "words")
    memory.add_sentence("me", "I wear wool")
    memory.keep("me", "a scarf", Conversation(phrase="a scarf"), DONE, SHOP)
    memory.close()
    return place


def alter(place, *statements):
    with sqlite3.connect(place) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def use(place):
    """Read and write all that a memory holds."""
    memory = Memory(f"sqlite:///{place}")
    try:
        memory.recall("s", SHOP, "me")
        memory.opinions("me", "shop")
        memory.edits("me")
        memory.turns("s")
        memory.keep("me", "a mug", Conversation(), DONE, SHOP)
        memory.forget("me", conversations=True)
    finally:
        memory.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update opinions set at = 'noon'",
        "update opinions set at = x'ff'",
        "update opinions set title = cast(x'ff' as text)",
        "update turns set words = cast(x'ffff' as text)",
        "update profile_edits set text = cast(x'c3' as text)",
        "alter table opinions rename column feeling to mood",
        "alter table sessions drop column state",
        "drop table owners",
    ],
)
def test_an_altered_database_is_named_with_its_cure(place, statement):
    alter(place, statement)
    with pytest.raises(StorageError, match=DAMAGED) as told:
        use(place)
    assert str(place) in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "state",
    ["{", "[]", "null", "7", '{"shown": 1}', '{"constraints": [{"value": 1}]}', '"\\ud800"', "{}"],
)
def test_a_damaged_conversation_is_named_and_a_new_one_begins(place, state):
    with sqlite3.connect(place) as connection:
        connection.execute("update sessions set state = ?", (state,))
    connection.close()
    with pytest.raises(StorageError, match=r"conversation 's' .* is damaged .* begin a new one"):
        use(place)
    memory = Memory(f"sqlite:///{place}")
    assert memory.recall("other", SHOP, "me") == Conversation()
    memory.close()


@pytest.mark.parametrize("damage", ["head", "half", "zeros", "flipped"])
def test_a_damaged_file_is_named_with_its_cure(place, damage):
    whole = place.read_bytes()
    broken = {
        "head": b"not a database" + whole[14:],
        "half": whole[: len(whole) // 2],
        "zeros": whole[:100] + bytes(len(whole) - 100),
        "flipped": whole[:100] + bytes(b ^ 255 if n % 31 == 0 else b for n, b in enumerate(whole[100:])),
    }[damage]  # fmt: skip
    place.write_bytes(broken)
    with pytest.raises(StorageError, match=DAMAGED):
        use(place)


def test_a_lock_is_called_a_lock(place):
    with sqlite3.connect(place) as other:
        other.execute("begin exclusive")
        with pytest.raises(StorageError, match="another process is writing to it: wait for it"):
            use(f"{place}?timeout=0.1")
    other.close()


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("nonsense", "check MAGPIE_DATABASE_URL"),
        ("sqlite:///{folder}", "let this account write there"),
        ("nothing://here/now", "install the driver that MAGPIE_DATABASE_URL names"),
        ("postgresql+nosuchdriver://a:secret@localhost/db", "install the driver"),
        ("oracle+cx_oracle://a:secret@localhost/db", "install the driver"),
        ("mysql://a:secret@localhost:port/db", "check MAGPIE_DATABASE_URL"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_without_its_password(tmp_path, url, cure):
    with pytest.raises(StorageError, match=cure) as told:
        Memory(url.format(folder=tmp_path))
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_conversations_are_readable_by_their_owner_alone(tmp_path):
    place = tmp_path / "new" / "conversations.sqlite"
    Memory(f"sqlite:///{place}").close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    place.chmod(0o644)  # as earlier versions left it
    Memory(f"sqlite:///{place}").close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "command", [["search", "cup \udcff"], ["taste", "show", "--user", "\udce9"], ["index", "\udcff.csv", "--name", "a"]]
)  # fmt: skip
def test_what_is_typed_and_no_text_is_one_line(tmp_path, command):
    done = subprocess.run(
        [sys.executable, "-m", "assistant.commands.main", *command],
        capture_output=True, text=True, check=False, env={"MAGPIE_HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "is not text in UTF-8: check the terminal's encoding" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not json.dumps(done.stdout).strip('"')
