"""A report says the same in Markdown, on a page and as JSON, and nothing in it becomes markup."""

import json
from dataclasses import replace

import pytest

from retrieval.errors import StorageError
from retrieval.evaluation.intervals import Figure
from retrieval.evaluation.report import Report, Table, TableRow, html, report_markdown, write

TABLE = Table(
    "Retrieval",
    "400 queries",
    "test part",
    0,
    (
        TableRow("text alone", {"R@10": Figure(0.4, 0.3, 0.5), "note": "a|b"}, ms=1.25),
        TableRow("<fused>", {"R@10": Figure(0.6, 0.5, 0.7)}, ms=2.0, megabytes=3.0),
    ),
    "Fused is better.",
)
REPORT = Report("Fusion & more", "magpie evaluate retrieval", "2 cores", (TABLE,), 12.0, 800.0)


def test_markdown_has_every_figure():
    text = report_markdown(REPORT)
    assert "| text alone | .400 (.300 to .500) | a/b | 1.25 |  |" in text
    assert "| <fused> | .600 (.500 to .700) |  | 2 | 3 |" in text
    assert "400 queries; test part; seed 0." in text
    assert "Fused is better." in text
    assert "12 s, peak 800 MB" in text


def test_the_page_escapes_and_marks_the_best():
    page = html(REPORT)
    assert "&lt;fused&gt;" in page
    assert "<fused>" not in page
    assert "<td class=best>.600 (.500 to .700)</td>" in page
    assert page.count("<svg") == 1
    assert "http" not in page.split("</style>")[1].split("<svg")[0]


def test_where_errors_are_counted_the_least_is_best():
    page = html(replace(REPORT, tables=(replace(TABLE, errors=True),)))
    assert "<td class=best>.400 (.300 to .500)</td>" in page


def test_one_measure_along_a_line_is_drawn_as_lines():
    points = {"0%": Figure(0.8, 0.7, 0.9), "50%": Figure(0.6, 0.5, 0.7)}
    rows = (TableRow("steady", points), TableRow("not everywhere", {"0%": Figure(0.1, 0.0, 0.2)}))
    table = Table("R@10", "40 queries", "test part", 0, rows, "It falls.", across="share gone")
    report = Report("Losses", "magpie evaluate robustness", "2 cores", (table,))
    page = html(report)
    assert page.count("<svg") == 1
    assert page.count("not everywhere") == 1  # in the table; a line needs every point
    assert page == html(report)


def test_written_files_can_be_read_again(tmp_path):
    page = write(REPORT, tmp_path / "new")
    assert page.read_text("utf-8") == html(REPORT)
    kept = json.loads((tmp_path / "new" / "report.json").read_text("utf-8"))
    assert kept["tables"][0]["rows"][1]["figures"]["R@10"]["value"] == 0.6


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file"):
        write(REPORT, tmp_path / "file" / "below")
