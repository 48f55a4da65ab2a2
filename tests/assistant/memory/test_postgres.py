"""Conversations in a real PostgreSQL: opened by several at once, in any time zone, killed in a turn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from assistant.memory.store import Memory
from retrieval.errors import StorageError
from tests.builders import ITEMS, build, ids, last


@pytest.fixture
def url(postgres):
    return postgres.make("own")


@pytest.fixture(autouse=True)
def _removed(postgres):
    yield
    engine = create_engine(postgres.database(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS own WITH (FORCE)"))
    engine.dispose()


def test_workers_that_start_at_once_make_the_tables_once_and_lose_nothing(url):
    def feel(number):
        memory = Memory(url)
        for _ in range(5):
            memory.add_sentence("ann", f"I wear size {number}")
        memory.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(feel, range(6)))
    memory = Memory(url)
    assert sorted(one.text for one in memory.edits("ann")) == [f"I wear size {n}" for n in range(6)]
    memory.close()


def test_times_are_what_they_are_where_the_database_has_another_zone(url):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER DATABASE own SET timezone TO 'Asia/Tokyo'"))
    engine.dispose()
    memory = Memory(url)
    memory.feel("ann", "shop", ITEMS[0], "like", "card")
    (opinion,) = memory.opinions("ann", "shop")
    assert abs(opinion.at - datetime.now(UTC)) < timedelta(minutes=5)
    memory.close()


def test_a_database_killed_in_mid_turn_is_named_and_the_next_turn_goes_on(url, postgres, tmp_path):
    agent = build(tmp_path, memory=Memory(url))
    first = last(agent, "a scarf", "s")
    postgres.kill()
    with pytest.raises(StorageError, match=r"nothing can be kept at postgresql.*MAGPIE_DATABASE_"):
        last(agent, "under 30 dollars", "s")
    postgres.start()
    assert set(ids(last(agent, "under 30 dollars", "s"))) < set(ids(first))
    agent.memory.close()


def test_a_database_that_does_not_answer_is_an_error_without_its_password():
    with pytest.raises(StorageError, match=r"postgresql\+psycopg://ann:\*\*\*@127") as raised:
        Memory("postgresql+psycopg://ann:secret@127.0.0.1:9/shop")
    assert "secret" not in str(raised.value)
