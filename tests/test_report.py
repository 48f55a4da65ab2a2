"""A report says the same in Markdown, on a page and as JSON, and nothing in it becomes markup."""

import json

import pytest

from retrieval.errors import StorageError
from retrieval.evaluation.metrics import Figure
from retrieval.evaluation.report import Report, Row, Table, html, markdown, write

TABLE = Table(
    "Retrieval",
    "400 queries",
    "test part",
    0,
    (
        Row("text alone", {"R@10": Figure(0.4, 0.3, 0.5), "note": "a|b"}, ms=1.25),
        Row("<fused>", {"R@10": Figure(0.6, 0.5, 0.7)}, ms=2.0, megabytes=3.0),
    ),
    "Fused is better.",
)
REPORT = Report("Fusion & more", "magpie evaluate retrieval", "2 cores", (TABLE,), 12.0, 800.0)


def test_markdown_has_every_figure():
    text = markdown(REPORT)
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


def test_written_files_can_be_read_again(tmp_path):
    page = write(REPORT, tmp_path / "new")
    assert page.read_text("utf-8") == html(REPORT)
    kept = json.loads((tmp_path / "new" / "report.json").read_text("utf-8"))
    assert kept["tables"][0]["rows"][1]["figures"]["R@10"]["value"] == 0.6


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file"):
        write(REPORT, tmp_path / "file" / "below")
