"""Bad files of interactions, as `magpie train fusion` meets them: told, and never a crash."""

import csv
import json
from datetime import UTC, datetime

import pytest

from assistant.commands.main import main
from retrieval.catalogue.interactions import read_interactions
from retrieval.errors import InteractionsError, TrainingError
from retrieval.training.fusion.tastes import share_out
from retrieval.training.fusion.train import Plan, train_fusion
from tests.builders import SHORT, toy_stock, write_curves

pytestmark = pytest.mark.usefixtures("one_core")

NOW = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
HEAD = ("user", "item", "rating", "time")


def write(path, rows, head=HEAD):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def liked(ids, users=30, start=0.0):
    """Let each user give five stars to eight items, a day apart."""
    return [
        (f"u{user}", ids[(user * 7 + at * 3) % len(ids)], 5, start + 86_400 * at)
        for user in range(users)
        for at in range(8)
    ]


IDS = [f"i{at}" for at in range(260)]
BAD = [
    ("u0", "no such item", 5, 0.0),
    liked(IDS)[0],  # again
    ("u1", "i100", 5, "2199-01-01"),
    ("u2", "i101", "many", 0.0),
    ("u3", "", 5, 0.0),
    ("u4", "i102", 1, "someday"),
]


def read(path):
    return read_interactions(path, items=set(IDS), now=NOW)


def test_what_is_wrong_is_told_with_its_row_and_the_rest_is_learned_from(tmp_path):
    told = read(write(tmp_path / "said.csv", [*liked(IDS), *BAD]))
    done = train_fusion(
        toy_stock(interactions=told), Plan(tmp_path / "a", write_curves, recipe=SHORT)
    )
    assert done.users == 30
    wrong = " | ".join(done.problems)
    for part in (
        "row 242, item: no such item is not in the catalogue",
        "item: u0 and i0 again",
        "row 244, time: 2199-01-01 lies in the future",
        "row 245, rating: 'many' is no number",
        "row 246, item: missing",
        "row 247, time: 'someday' is no time",
    ):
        assert part in wrong
    assert len(done.problems) == len(BAD)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("u0", id_, 5, 0.0) for id_ in IDS[:40]], r"1 of 1 users .* \(row 0, user: one user only"),
        ([(u, i, 1, t) for u, i, _, t in liked(IDS, 10)] + [("u", "i1", 5, 0)],
         "0 of 1 users like 3 items or more"),
        ([(u, f"x{i}", r, t) for u, i, r, t in liked(IDS)] + [("u", "i1", 5, 0)],
         r"0 of 1 users .* \(row 0, user: one user only.*; and 239 more\)"),
    ],
)  # fmt: skip
def test_too_little_is_refused_with_what_is_wrong_before_anything_is_written(tmp_path, rows, said):
    told = read(write(tmp_path / "said.csv", rows))
    with pytest.raises(TrainingError, match=said):
        train_fusion(toy_stock(interactions=told), Plan(tmp_path / "a", write_curves, recipe=SHORT))
    assert not (tmp_path / "a").exists()


def test_labels_that_nobody_likes_are_refused_with_that_reason(tmp_path):
    rows = [(user, item, 0, time) for user, item, _, time in liked(IDS)]
    told = read(write(tmp_path / "said.csv", rows, ("user", "item", "label", "time")))
    with pytest.raises(TrainingError, match=r"0 of 0 users .* nobody likes anything"):
        share_out(told, {id_: at for at, id_ in enumerate(IDS)}, set(range(260)))


def test_a_file_of_strangers_is_refused_by_its_first_row(tmp_path):
    path = write(tmp_path / "said.csv", [("u0", "elsewhere", 5, 0.0)])
    with pytest.raises(InteractionsError, match=r"row 2: elsewhere is not in the catalogue"):
        read(path)


@pytest.mark.parametrize("column", ["label", "rating"])
def test_labels_and_ratings_say_the_same_of_who_likes_what(tmp_path, column):
    worth = {"label": (0, 1), "rating": (2, 5)}[column]
    rows = [
        (user, item, worth[at % 2], time) for at, (user, item, _, time) in enumerate(liked(IDS))
    ]
    told = read(write(tmp_path / "said.csv", rows, ("user", "item", column, "time")))
    shares = share_out(told, {id_: at for at, id_ in enumerate(IDS)}, set(range(260)))
    assert len(shares.train.chosen) == 30
    assert shares.train.chosen[0].tolist() == [3, 9]  # of 3, 9, 15, 21: the last two are kept out
    assert shares.tuning.nexts[0] == 15
    assert shares.test.nexts[0] == 21


@pytest.mark.models
def test_the_command_tells_what_is_wrong_and_trains_on_the_rest(
    agent, home, tmp_path, monkeypatch, capsys
):
    ids = list(agent.index.catalogue.items)
    path = write(tmp_path / "said.csv", [*liked(ids), ("u0", "no such item", 5, 0.0)])

    monkeypatch.setenv("MAGPIE_HOME", str(home))

    def train(*rest):
        monkeypatch.setattr("sys.argv", ["magpie", "train", "fusion", "demo", *rest])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, capsys.readouterr()

    code, printed = train("--out", str(tmp_path / "a"), "--interactions", str(path), "--json")
    assert not code, printed.err
    told = json.loads(printed.out)
    assert told["users"] == 30
    assert told["problems"] == [
        "row 242, item: no such item is not in the catalogue: the row is left out"
    ]
    assert (tmp_path / "a" / "curves.png").read_bytes().startswith(b"\x89PNG")
    write(path, [("u0", id_, 5, 0.0) for id_ in ids[:40]])
    code, printed = train("--out", str(tmp_path / "b"), "--interactions", str(path))
    assert code == 2
    assert "1 of 1 users" in printed.err
    assert not (tmp_path / "b").exists()
