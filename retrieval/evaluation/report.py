"""Write an evaluation's tables as Markdown, as one HTML page and as JSON.

Knows metrics and their layout; measures nothing. All text in the page is escaped, because names of
methods and data come from files.
"""

import json
import resource
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from retrieval.evaluation.intervals import Figure
from retrieval.evaluation.plots import bars, line_plot
from retrieval.files import disk, write_whole

Cell = Figure | float | str
_PROBLEMS_SHOWN = 20

Tell = Callable[[str], None]  # shows a line of progress


@dataclass(frozen=True, slots=True)
class TableRow:
    """One method's metrics."""

    method: str
    figures: Mapping[str, Cell]  # by the name of the metric
    ms: float | None = None  # per query, user or item
    megabytes: float | None = None  # of the method's vectors or model


@dataclass(frozen=True, slots=True)
class Table:
    """Several methods' metrics on the same data."""

    title: str
    data: str  # which data, and how much of it
    split: str
    seed: int
    rows: tuple[TableRow, ...]
    says: str  # the conclusion, in one plain sentence
    across: str = ""  # axis label, if the columns are one metric at several points of an axis
    errors: bool = False  # whether the metrics are error rates: lower is better


@dataclass(frozen=True, slots=True)
class Report:
    """All tables of one evaluation command."""

    title: str
    command: str  # that reproduces it
    machine: str
    tables: tuple[Table, ...]
    seconds: float = 0.0
    peak_megabytes: float = 0.0
    problems: tuple[str, ...] = ()  # data that could not be used


def peak_memory() -> float:
    """Return this process's peak memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table_grid(table: Table) -> tuple[list[str], list[list[str]]]:
    """Return a table's headings and its rows as text."""
    names = _names(table)
    rows = [
        [_inline(row.method), *(_cell(_cells(row).get(name, "")) for name in names)]
        for row in table.rows
    ]
    return ["method", *names], rows


def report_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    lines = [f"# {report.title}", "", f"`{report.command}`", "", _made(report), ""]
    lines += [f"{_inline(one)}\n" for one in problems(report)]
    for table in report.tables:
        head, rows = table_grid(table)
        lines += [f"## {table.title}", "", f"{table.data}; {table.split}; seed {table.seed}.", ""]
        lines += [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
        lines += [f"| {' | '.join(cells)} |" for cells in rows]
        lines += ["", table.says, ""]
    return "\n".join(lines)


def html(report: Report) -> str:
    """Return the report as one self-contained HTML page."""
    drawn = "".join(_section(table) for table in report.tables)
    says = "".join(f"<li>{escape(table.says)}</li>" for table in report.tables)
    left = "".join(f"<p class='made'>{escape(one)}</p>" for one in problems(report))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(report.title)}</h1><ul class='says'>{says}</ul>"
        f"<p class='made'><code>{escape(report.command)}</code><br>{escape(_made(report))}</p>"
        f"{left}{drawn}</main></body></html>\n"
    )


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON values."""
    return asdict(report)


def write(report: Report, folder: Path) -> Path:
    """Write report.md, report.html and report.json; return the page's path.

    Raises: StorageError when the folder cannot be written.
    """
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "report.md", report_markdown(report).encode())
    write_whole(folder / "report.json", json.dumps(report_json(report), indent=2).encode())
    page = folder / "report.html"
    write_whole(page, html(report).encode())
    return page


def _section(table: Table) -> str:
    names = _names(table)
    best = {name: _best(table, name) for name in names}
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = ""
    for row in table.rows:
        cells = _cells(row)
        drawn = "".join(
            f"<td{' class=best' if cells.get(name) == best[name] else ''}>"
            f"{escape(_cell(cells.get(name, '')))}</td>"
            for name in names
        )
        body += f"<tr><th>{escape(row.method)}</th>{drawn}</tr>"
    return (
        f"<section><h2>{escape(table.title)}</h2><p class='says'>{escape(table.says)}</p>"
        f"{_plots(table)}<div class='wide'><table><thead><tr><th></th>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div><p class='made'>{escape(table.data)}; "
        f"{escape(table.split)}; seed {table.seed}.</p></section>"
    )


def _plots(table: Table) -> str:
    """Plot the first metrics as bars, or one metric as lines, with intervals."""
    if table.across:
        return f"<div class='plots'><figure>{_lines(table)}</figure></div>"
    drawn = []
    for name in _names(table)[:2]:
        shown = [(r.method, f) for r in table.rows if isinstance(f := r.figures.get(name), Figure)]
        if len(shown) > 1:
            drawn.append(f"<figure>{bars(name, shown)}</figure>")
    return f"<div class='plots'>{''.join(drawn)}</div>" if drawn else ""


def _lines(table: Table) -> str:
    found = [
        (row.method, {name: one for name, one in row.figures.items() if isinstance(one, Figure)})
        for row in table.rows
    ]
    points = list(dict.fromkeys(name for _, figures in found for name in figures))
    whole = [
        (name, list(figures.values())) for name, figures in found if len(figures) == len(points)
    ]
    return line_plot(table.title, table.across, points, whole)


def _names(table: Table) -> list[str]:
    """Return the names of all columns, in order of first appearance."""
    return list(dict.fromkeys(name for row in table.rows for name in _cells(row)))


def _cells(row: TableRow) -> dict[str, Cell]:
    extra = {"ms": row.ms, "MB": row.megabytes}
    return {**row.figures, **{name: value for name, value in extra.items() if value is not None}}


def _best(table: Table, name: str) -> Cell | None:
    found = [f for row in table.rows if isinstance(f := row.figures.get(name), Figure)]
    best = min if table.errors else max
    return best(found, key=lambda one: one.value, default=None)


def _cell(value: Cell) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else _inline(str(value))


def _inline(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def problems(report: Report) -> tuple[str, ...]:
    """Return the first problems, and the number of further ones."""
    more = len(report.problems) - _PROBLEMS_SHOWN
    rest = (f"and {more:,} more, all of them in report.json",) if more > 0 else ()
    return (*report.problems[:_PROBLEMS_SHOWN], *rest)


def _made(report: Report) -> str:
    used = f"; {report.seconds:,.0f} s" if report.seconds else ""
    memory = f", peak {report.peak_megabytes:,.0f} MB" if report.peak_megabytes else ""
    return f"Measured on {report.machine}{used}{memory}. 95 % intervals in brackets."


_STYLE = """
:root{--ink:#1d2430;--muted:#657084;--line:#e3e7ee;--ground:#fff;--accent:#1f6f5c;--soft:#eef6f3}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf1;--muted:#9aa5b8;--line:#2c3442;
--ground:#12161d;--accent:#6fd0b5;--soft:#17261f}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:1240px;margin:0 auto;padding:40px 20px 80px}
h1{font-size:30px;margin:0 0 12px}h2{font-size:21px;margin:0 0 6px}
section{margin-top:44px;padding-top:26px;border-top:1px solid var(--line)}
.made{color:var(--muted);font-size:14px}code{font:13px ui-monospace,monospace}
ul.says{padding-left:20px}p.says{color:var(--accent);margin:0 0 14px;font-weight:600}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:14px;white-space:nowrap}
th,td{padding:7px 14px 7px 0;text-align:left;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-weight:600}tbody th{font-weight:500}
td{font-variant-numeric:tabular-nums}.best{color:var(--accent);font-weight:700}
.plots{display:flex;flex-wrap:wrap;gap:18px;margin:14px 0}
figure{margin:0;flex:1 1 440px;max-width:820px}
figure svg{width:100%;height:auto;background:#fff;border-radius:10px}
"""
