"""What could not be used: all of it in a file, at most a page on screen, a part of it as JSON."""

import csv
import re
import resource

import pytest

from assistant.commands.json_output import index_json
from assistant.commands.terminal import print_index_report
from retrieval.catalogue.formats.table import Problem
from retrieval.errors import CatalogueError
from retrieval.index.problem_report import LISTED, ProblemReport

HEAD = "id,title,price,pictures"


def written(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_problem_has_row_field_value_reason_and_cure_in_a_file(shop):
    shop.source.write_text(f'{HEAD}\n1,Cup,"12,x0",\n2,Mug,5,none.png\n,Pan,3,\n')
    report = shop.run()
    assert report.problems_file == shop.index / "report.csv"
    assert [tuple(one.values()) for one in written(report.problems_file)] == [
        ("2", "price", "12,x0", "is not a price: the item stays without a price", "write a number such as 12.50"),
        ("3", "pictures", "none.png", "is not there", "check the path, which starts at the catalogue's folder"),
        ("4", "id", "", "is missing: the row is left out", "give each row an id of its own"),
    ]  # fmt: skip
    again = shop.run()
    assert written(again.problems_file)[0]["row"] == "2"
    shop.source.write_text(f"{HEAD}\n1,Cup,12.50,\n")
    clean = shop.run()
    assert (clean.problems, clean.problem_count, clean.problems_file) == ((), 0, None)
    assert not (shop.index / "report.csv").exists()


def test_many_problems_are_kinds_on_screen_and_the_first_thousand_as_json(shop, capsys):
    rows = [f"{n},Cup {n},x{n}," for n in range(1500)] + [f"{n},Cup,1,gone.png" for n in (1, 2)]
    shop.source.write_text("\n".join((HEAD, *rows)))
    report = shop.run()
    print_index_report(report)
    _, _, *lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "  price is not a price: the item stays without a price "
        "(1,500 rows, first row 2: “x0”); write a number such as 12.50"
    )
    assert lines[1].startswith("  pictures is not there (2 rows, first row 1502: “gone.png”)")
    assert lines[-1] == f"  1,504 problems, row by row: {report.problems_file}"
    assert len(lines) == 4
    told = index_json(report)
    assert (len(told["problems"]), told["problem_count"]) == (LISTED, 1504)
    assert told["problems"][0] == {
        "row": 2, "field": "price", "problem": "is not a price: the item stays without a price",
        "value": "x0", "cure": "write a number such as 12.50",
    }  # fmt: skip
    assert told["problems_file"] == str(report.problems_file)
    assert len(written(report.problems_file)) == 1504


def test_a_screen_shows_a_page_of_kinds(shop, capsys):
    names = ",".join(f"column{n % 40}" for n in range(80))
    shop.source.write_text(f"id,title,{names}\n1,Cup\n")
    print_index_report(shop.run())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 20 + 2
    assert "and 20 more kinds of problems" in lines[-2]


def test_a_run_that_fails_leaves_its_report(shop):
    shop.source.write_text(f"{HEAD}\n,Cup,1,\n")
    with pytest.raises(CatalogueError, match="holds no item"):
        shop.run()
    assert [one["field"] for one in written(shop.index / "report.csv")] == ["id"]


def test_a_million_problems_take_no_memory(tmp_path):
    report = ProblemReport(tmp_path / "report.csv")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for row in range(1, 300_001):
        report.add(
            Problem(row, "price", f"is wrong in way {row % 500}", f"value {row}" * 20, "mend it")
        )
    report.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB
    assert (report.count, len(report.first), len(report.kinds)) == (300_000, 1000, 201)
    assert sum(kind.rows for kind in report.kinds.values()) == 300_000
    assert len((tmp_path / "report.csv").read_bytes().splitlines()) == 300_001


def test_a_value_is_one_line_of_a_sane_length():
    problem = Problem(1, "title", "is odd", "a\nb " + "x" * 500)
    assert re.fullmatch(r"a b x{56}…x{60}", problem.value)
    assert problem.said == f"“{problem.value}” is odd"
