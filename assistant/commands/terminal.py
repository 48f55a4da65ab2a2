"""What the commands print: progress on standard error, results on standard output.

Knows rich; decides nothing. Untrusted text is printed as text, never as markup.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from assistant.answering.remarks import currencies_text
from assistant.models import ReportStep, Step
from assistant.recommending.evidence import price_text
from retrieval.items import raw_value

if TYPE_CHECKING:
    from retrieval.domain import Domain
    from retrieval.field_profile import CatalogueProfile
    from retrieval.index.building import IndexReport
    from retrieval.index.problem_report import ProblemKind
    from retrieval.items import Candidate, Item
    from retrieval.training.fusion.train import FusionReport
    from retrieval.training.pictures.finetune import TrainingReport

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

_PROBLEMS_SHOWN = 20


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def complain(message: str) -> None:
    """Print one clear line on standard error."""
    ERR.print(Text.assemble(("magpie: ", "bold red"), message), soft_wrap=True)


def say(message: str, style: str = "") -> None:
    """Print a line of text on standard output."""
    OUT.print(Text(message, style=style), soft_wrap=True)


@contextmanager
def progress() -> Iterator[ReportStep]:
    """Show progress bars on standard error during long work, one for each label."""
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description} {task.fields[detail]}", markup=False),
        BarColumn(bar_width=24),
        _Amount(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=ERR,
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def report(step: Step) -> None:
        if step.label not in tasks:
            for task in tasks.values():
                bars.update(task, visible=False)
            tasks[step.label] = bars.add_task(step.label, total=None, unit=step.unit, detail="")
            if not ERR.is_terminal:
                ERR.print(Text(f"{step.label} …"), soft_wrap=True)
        bars.update(
            tasks[step.label], completed=step.done, total=step.total or None, visible=True,
            detail=step.detail,
        )  # fmt: skip

    with bars:
        yield report


class _Amount(DownloadColumn):
    """Shows megabytes for downloads, a plain count for other work."""

    def render(self, task: Any) -> Text:  # noqa: ANN401 (rich's own signature)
        if task.fields.get("unit") == "bytes":
            return super().render(task)
        return MofNCompleteColumn().render(task) if task.total or task.completed else Text("")


def print_candidates(
    candidates: Sequence["Candidate"],
    domain: "Domain",
    reasons: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Print items as a table, best first; what its domain shows first of an item is a column."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    line, belongs = domain.card.line[0], domain.card.belongs[0]
    for heading in ("", "item", line, belongs, "why" if reasons is not None else "score"):
        table.add_column(heading, justify="right" if heading in ("", "price", "score") else "left")
    for place, one in enumerate(candidates, start=1):
        why = "; ".join((reasons or {}).get(one.item.id, ())[:2])
        last = f"{one.score:.2f}" if reasons is None else why
        told = (_shown(one.item, role, domain) for role in (line, belongs))
        cells = (str(place), one.item.title, *told, last)
        table.add_row(*(Text(cell) for cell in cells))
    OUT.print(table)


def _shown(item: "Item", role: str, domain: "Domain") -> str:
    """Return a price, or what the record says in a role."""
    if role == "price":
        return price_text(item.price, item.currency)
    return raw_value(item, domain.field_of(role, {"category", "brand", *item.attributes}))


def print_index_report(report: "IndexReport") -> None:
    """Print what an indexing run did, its problems by kind, and where all of them stand."""
    say(
        f"{report.name}: {report.items:,} items "
        f"({report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed) in {report.seconds:.1f} s"
    )
    say(f"  read as {report.read_as}; for: {report.domain}", "dim")
    if report.refused:
        say(f"  {report.refused:,} do not want to be found: they are left out", "dim")
    _say_currencies(report.currencies)
    for kind in report.problem_kinds[:_PROBLEMS_SHOWN]:
        say(f"  {_problem_kind(kind)}", "yellow")
    if (more := len(report.problem_kinds) - _PROBLEMS_SHOWN) > 0:
        say(f"  and {more:,} more kinds of problems", "yellow")
    if report.problems_file:
        count = f"{report.problem_count:,} problem{'s' * (report.problem_count > 1)}"
        say(f"  {count}, row by row: {report.problems_file}", "yellow")


def _problem_kind(kind: "ProblemKind") -> str:
    """Say what is wrong, in how many rows, what the first of them holds, and the cure."""
    one = kind.first
    where = f"row {one.row}" if kind.rows == 1 else f"{kind.rows:,} rows, first row {one.row}"
    value = f": “{one.value}”" if one.value else ""
    cure = f"; {one.cure}" if one.cure else ""
    place = f" ({where}{value})" if one.row else (f" ({one.value})" if one.value else "")
    return f"{one.field} {one.problem}{place}{cure}"


def _say_currencies(currencies: Mapping[str, int]) -> None:
    """Say that prices are in several currencies, which are kept apart; nothing of a single one."""
    if len(currencies) > 1:
        apart = "a limit or an order by price never mixes them"
        say(f"  prices are in {currencies_text(currencies)}: {apart}", "yellow")


def print_profile(
    profile: "CatalogueProfile", currencies: Mapping[str, int], language: str, domain: str = "shop"
) -> None:
    """Print what each column is, with examples, and how to correct it."""
    rows = []
    for one in profile.fields.values():
        unread = f"; not read: {', '.join(one.unread)}" if one.unread else ""
        kind = f"{one.type}, {one.unit}" if one.unit else one.type
        share = f"{one.filled:,} of {profile.items:,}"
        rows.append((one.name, one.role, kind, share, ", ".join(one.examples) + unread))
    print_table(("field", "role", "type", "filled", "examples"), rows)
    _say_currencies(currencies)
    say(f"What it is for: {domain} (a file beside the catalogue says another: docs/domains.md).")
    say(f"The texts are read as {language} (catalogue_language in the file below says another).")
    say(
        "Correct it in a file beside the catalogue, shop.profile.toml for shop.csv: "
        "[field] and below it role, type, unit, names, more or less; then index again, "
        "which encodes nothing anew.",
        "dim",
    )


def print_training(report: "TrainingReport") -> None:
    """Print the results of a training run, measured on held-out items."""
    say(
        f"Trained on {report.trained:,} items for {report.steps:,} steps in "
        f"{report.seconds:.0f} s; measured on {report.held_out:,} others:"
    )
    rows = [(one.name, f"{one.before:.3f}", f"{one.after:.3f}") for one in report.table]
    print_table(("", "before", "after"), rows)
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        say(f"  {problem}", "yellow")
    say(f"Use it: magpie index … --picture-encoder {report.folder}")


def print_fusion_training(report: "FusionReport") -> None:
    """Print a trained fusion's results on held-out items, beside an untrained baseline."""
    users = f" and {report.users:,} users" if report.users else ""
    say(
        f"Trained on {report.trained:,} items{users} for {report.steps:,} steps in "
        f"{report.seconds:.0f} s; measured on {report.held_out:,} others:"
    )
    rows = []
    for one in report.table:
        figures = (one.untrained, one.before, one.after)
        rows.append((one.name, *("" if x is None else f"{x:.3f}" for x in figures)))
    print_table(("", "weighted concatenation", "before", "after"), rows)
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        say(f"  {problem}", "yellow")
    if (more := len(report.problems) - _PROBLEMS_SHOWN) > 0:
        say(f"  and {more:,} more problems: see --json", "yellow")
    say(f"Curves: {report.folder / 'curves.png'}")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    OUT.print(table)
