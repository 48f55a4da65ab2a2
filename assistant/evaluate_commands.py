"""`magpie evaluate …`: run a measurement, show its tables, keep its page.

Knows the command line and where reports are kept; measures nothing.
"""

import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.build import Report as Progress
    from assistant.settings import Settings
    from retrieval.evaluation.report import Report

evaluate = typer.Typer(help="Measure how good it is.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Data = Annotated[
    Path,
    typer.Option(
        help="A folder with fashion/products.parquet: id, name, gender, article_type, "
        "base_colour, season, usage, image (encoded bytes)."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Where report.html, .md and .json are kept.")]


@evaluate.command("conversation")
def conversation(
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="A language model, or 'none'; again for another. The small one, the "
            "default and none if not given."
        ),
    ] = None,
    only: Annotated[
        str, typer.Option(help="A part of a conversation's name, or what it covers.")
    ] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 0,
    fashion: Annotated[
        str, typer.Option(help="The index of the fashion catalogue, made by `magpie index`.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Where results are kept; the next run goes on there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold scripted conversations and check by code what a shopper would expect."""
    from assistant.evaluation.report import as_json as report_json
    from assistant.evaluation.report import summary, table
    from assistant.evaluation.run import MODELS, Chosen, evaluate, keep
    from assistant.settings import load_settings
    from assistant.terminal import print_json, print_table, progress, say

    settings = load_settings()
    folder = out or settings.home / "evaluations" / "conversation"
    chosen = Chosen(tuple(model or MODELS), folder, only, limit, fashion)
    with progress() as report:
        runs = evaluate(chosen, settings, report)
    whole = keep(runs, folder)
    if as_json:
        return print_json(report_json(runs))
    print_table(*table(runs))
    return say("\n".join([*summary(runs), f"All of it: {whole}"]))


@evaluate.command("retrieval")
def retrieval(
    data: Data,
    cache: Annotated[
        Path | None, typer.Option(help="Where the products' vectors are kept, once made.")
    ] = None,
    queries: Annotated[int, typer.Option(min=2, help="How many of each kind.")] = 400,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare every channel and every fusion at finding fashion products, on the test part."""
    from assistant.build import load_encoders
    from retrieval.evaluation.retrieval import run
    from retrieval.words import BM25Words

    def task(settings: "Settings", told: "Progress") -> "Report":
        encoders = load_encoders(settings, told, hears=False)
        kept = cache or settings.home / "evaluations" / "features"
        return run(data, kept, encoders, BM25Words, queries=queries)

    measure("retrieval", task, out, as_json=as_json)


@evaluate.command("recommendation")
def recommendation(
    interactions: Annotated[
        Path | None,
        typer.Option(
            help="Who chose what: a table of user, item, label or rating, and time; without it, "
            "MovieLens-100K is fetched."
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="With --interactions: the index that has the items.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Foretell what users liked, with content and without, of known and of new items."""
    if name is not None and interactions is None:
        raise typer.BadParameter("it names the index that --interactions speak of: give both")
    from assistant.build import Step, load_encoders, read_ratings
    from retrieval.evaluation.recommendation import run

    def task(settings: "Settings", told: "Progress") -> "Report":
        encoders = load_encoders(settings, told, hears=False)
        ratings = read_ratings(settings, encoders, interactions, told)
        command = "magpie evaluate recommendation"
        if interactions is not None:
            command += f" --interactions {interactions} --name {settings.catalogue}"
        machine = f"{encoders.text.name}, one process"
        return run(ratings, command, machine, lambda line: told(Step(line)))

    measure("recommendation", task, out, as_json=as_json, name=name)


def measure(
    task: str,
    run: "Callable[[Settings, Progress], Report]",
    out: Path | None,
    *,
    as_json: bool,
    name: str | None = None,
) -> None:
    """Run one measurement, over the index of that name if it takes one; show its report."""
    from assistant.settings import load_settings
    from assistant.terminal import print_json, print_table, progress, say
    from retrieval.evaluation import report as reports

    settings, since = load_settings(catalogue=name), monotonic()
    with progress() as told:
        found = run(settings, told)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = replace(found, seconds=monotonic() - since, peak_megabytes=peak)
    page = reports.write(found, out or settings.home / "evaluations" / task)
    if as_json:
        return print_json(reports.as_json(found))
    for problem in reports.problems(found):
        say(problem, "yellow")
    for table in found.tables:
        say(table.title, "bold")
        print_table(*reports.grid(table))
        say(table.says)
    return say(f"All of it: {page}")
