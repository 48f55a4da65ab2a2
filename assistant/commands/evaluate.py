"""`magpie evaluate …`: run an evaluation, print its tables, save its report.

Knows the command line and where reports are saved; measures nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import JsonOption

if TYPE_CHECKING:
    from assistant.models import ReportStep as Progress
    from assistant.settings import Settings
    from retrieval.evaluation.report import Report

evaluate_app = typer.Typer(help="Measure how good it is.", no_args_is_help=True)

Data = Annotated[
    Path,
    typer.Option(
        help="A folder with fashion/products.parquet: id, name, gender, article_type, "
        "base_colour, season, usage, image (encoded bytes)."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Where report.html, .md and .json are kept.")]
Cache = Annotated[
    Path | None, typer.Option(help="Where the products' vectors are kept, once made.")
]
TrainedFusion = Annotated[
    Path | None,
    typer.Option(help="The folder of a fusion trained on the index 'fashion', to try too."),
]


@evaluate_app.command("conversation")
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
    as_json: JsonOption = False,
) -> None:
    """Hold scripted conversations and check by code what a shopper would expect."""
    from assistant.commands.terminal import print_json, print_table, progress, say
    from assistant.evaluation.report import conversation_json, conversation_table, summary
    from assistant.evaluation.run import MODELS, Chosen, evaluate_conversations, keep
    from assistant.settings import load_settings

    settings = load_settings()
    folder = out or settings.home / "evaluations" / "conversation"
    chosen = Chosen(tuple(model or MODELS), folder, only, limit, fashion)
    with progress() as report:
        runs = evaluate_conversations(chosen, settings, report)
    whole = keep(runs, folder)
    if as_json:
        return print_json(conversation_json(runs))
    print_table(*conversation_table(runs))
    return say("\n".join([*summary(runs), f"All of it: {whole}"]))


@evaluate_app.command("retrieval")
def retrieval(
    data: Data,
    cache: Cache = None,
    fusion: TrainedFusion = None,
    learn_weights: Annotated[
        Path | None,
        typer.Option(
            help="Measure nothing: learn the weights of the fusions on the validation part, and "
            "write them to this file, as retrieval/fusion/weights.toml has them."
        ),
    ] = None,
    queries: Annotated[int, typer.Option(min=2, help="How many of each kind.")] = 400,
    out: Out = None,
    as_json: JsonOption = False,
) -> None:
    """Compare every channel and every fusion at finding fashion products, on the test part."""
    from assistant.build import fusion_family
    from assistant.models import load_encoders
    from retrieval.evaluation.products.learning import learn
    from retrieval.evaluation.products.retrieval import run_retrieval
    from retrieval.evaluation.products.shelf import Materials
    from retrieval.files import disk, write_whole
    from retrieval.fusion.weights import as_toml
    from retrieval.index.bm25 import BM25Index

    def task(settings: "Settings", told: "Progress") -> "Report":
        encoders = load_encoders(settings, told, hears=False)
        kept = cache or settings.home / "evaluations" / "features"
        trained = None if fusion is None else fusion_family(str(fusion), "fashion", encoders)
        materials = Materials(data, kept, encoders, BM25Index, trained, queries)
        tell = progress_lines(told)
        if learn_weights is None:
            return run_retrieval(materials, tell)
        learned = learn(materials, tell)
        write_whole(learn_weights, as_toml(learned.weights).encode())
        return learned.report

    if learn_weights is not None:
        with disk(learn_weights):  # fails early, before minutes of work
            learn_weights.parent.mkdir(parents=True, exist_ok=True)
    run_measurement("retrieval" if learn_weights is None else "weights", task, out, as_json=as_json)


@evaluate_app.command("classification")
def classification(
    data: Data,
    fusion: Annotated[
        Path | None, typer.Option(help="A folder made by `magpie train fusion`, probed too.")
    ] = None,
    cache: Cache = None,
    out: Out = None,
    as_json: JsonOption = False,
) -> None:
    """Name fashion products' type, colour, use and season, and what grocery photos show."""
    from assistant.models import load_encoders
    from retrieval.evaluation.products import classification as naming
    from retrieval.evaluation.products import grocery
    from retrieval.evaluation.products.features import fashion_features

    def task(settings: "Settings", told: "Progress") -> "Report":
        encoders, tell = load_encoders(settings, told, hears=False), progress_lines(told)
        kept = cache or settings.home / "evaluations" / "features"
        features, trained = fashion_features(data, kept, encoders, tell), {}
        if fusion is not None:
            from retrieval.evaluation.products.learned import item_vectors

            trained["transformer"] = item_vectors(fusion, features, encoders)
        shop = grocery.read_shop(data, encoders) if grocery.is_there(data) else None
        more = grocery.grocery_tables(shop) if shop else ()
        return naming.run_classification(features, encoders, trained, more, tell=tell)

    run_measurement("classification", task, out, as_json=as_json)


@evaluate_app.command("robustness")
def robustness(
    data: Data,
    fusion: TrainedFusion = None,
    cache: Cache = None,
    queries: Annotated[int, typer.Option(min=2, help="How many of each kind.")] = 200,
    recordings: Annotated[
        int, typer.Option(min=1, help="How many of the demo's descriptions are spoken.")
    ] = 80,
    out: Out = None,
    as_json: JsonOption = False,
) -> None:
    """Take pictures, names and recordings away, and let the demo's items speak in noise."""
    from assistant.build import DEMO, fusion_family, read_records
    from assistant.models import load_encoders
    from retrieval.evaluation.products import robustness as holding
    from retrieval.evaluation.products.features import fashion_features
    from retrieval.evaluation.products.shelf import Materials
    from retrieval.evaluation.speech import spoken
    from retrieval.evaluation.speech.hearing import Studio
    from retrieval.evaluation.speech.speaking import can_speak
    from retrieval.index.bm25 import BM25Index

    def task(settings: "Settings", told: "Progress") -> "Report":
        encoders, tell = load_encoders(settings, told), progress_lines(told)
        place = settings.home / "evaluations"
        trained = None if fusion is None else fusion_family(str(fusion), "fashion", encoders)
        materials = Materials(
            data, cache or place / "features", encoders, BM25Index, trained, queries
        )
        features = fashion_features(data, materials.cache, encoders, tell)
        items = list(read_records(settings.model_copy(update={"catalogue": DEMO})).items.values())
        studio = None
        if encoders.transcriber is not None and can_speak():
            studio = Studio(encoders.transcriber, place / "robustness" / "transcripts.json")
        aloud = spoken.spoken_tables(
            items, encoders, BM25Index, studio, recordings=recordings, tell=tell
        )
        return holding.run_robustness(features, materials, aloud, tell=tell)

    run_measurement("robustness", task, out, as_json=as_json)


def progress_lines(told: "Progress") -> Callable[[str], None]:
    """Return a function that shows progress lines, each replacing the one before."""
    from assistant.models import Step

    return lambda line: told(Step("Measuring", detail=line))


@evaluate_app.command("recommendation")
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
    as_json: JsonOption = False,
) -> None:
    """Foretell what users liked, with content and without, of known and of new items."""
    if name is not None and interactions is None:
        raise typer.BadParameter("it names the index that --interactions speak of: give both")
    from assistant.commands.ratings import read_ratings
    from assistant.models import Step, load_encoders
    from retrieval.evaluation.ratings.recommendation import run_recommendation

    def task(settings: "Settings", told: "Progress") -> "Report":
        encoders = load_encoders(settings, told, hears=False)
        ratings = read_ratings(settings, encoders, interactions, told)
        command = "magpie evaluate recommendation"
        if interactions is not None:
            command += f" --interactions {interactions} --name {settings.catalogue}"
        machine = f"{encoders.text.name}, one process"
        return run_recommendation(ratings, command, machine, lambda line: told(Step(line)))

    run_measurement("recommendation", task, out, as_json=as_json, name=name)


def run_measurement(
    task: str,
    run: "Callable[[Settings, Progress], Report]",
    out: Path | None,
    *,
    as_json: bool,
    name: str | None = None,
) -> None:
    """Run one evaluation, on the index `name` if it uses one; save and print its report."""
    from assistant.commands.terminal import print_json, print_table, progress, say
    from assistant.settings import load_settings
    from retrieval.evaluation import report as reports

    settings, since = load_settings(catalogue=name), monotonic()
    with progress() as told:
        found = run(settings, told)
    peak = reports.peak_memory()
    found = replace(found, seconds=monotonic() - since, peak_megabytes=peak)
    page = reports.write(found, out or settings.home / "evaluations" / task)
    if as_json:
        return print_json(reports.report_json(found))
    for problem in reports.problems(found):
        say(problem, "yellow")
    for table in found.tables:
        say(table.title, "bold")
        print_table(*reports.table_grid(table))
        say(table.says)
    return say(f"All of it: {page}")
