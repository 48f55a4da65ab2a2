"""The commands: read options, call the function that does the work, print its result.

Knows typer and the shape of each command's JSON. Heavy libraries are loaded inside of commands, so
that `magpie --help` answers at once.
"""

import secrets
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.about import about
from assistant.commands.doors import ApiPortOption, doors_app
from assistant.commands.evaluate import evaluate_app
from assistant.commands.model_files import models_app
from assistant.commands.options import (
    BalanceOption,
    CatalogueArgument,
    FormatOption,
    FusionOption,
    JsonOption,
    LoadVectorsOption,
    MapOption,
    ModelOption,
    NameArgument,
    NameOption,
    PhotoOption,
    PictureEncoderOption,
    QueryOption,
    RayOption,
    RebuildOption,
    RecordingOption,
    RefetchOption,
    SaveVectorsOption,
    SessionOption,
    SheetOption,
    TableOption,
    UserOption,
    WordsArgument,
    WorkersOption,
    check_text,
    column_mapping,
)
from assistant.commands.taste import taste_app
from assistant.commands.train import train_app
from retrieval.errors import MagpieError

if TYPE_CHECKING:
    from assistant.living_agent import LivingAgent
    from assistant.settings import Settings

app = typer.Typer(
    name="magpie",
    help="Show it, say it or type it: Magpie finds the thing and tells you why.",
    epilog="Everything runs on this machine. The first start fetches the models (1.4 GB).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(models_app, name="models")
app.add_typer(train_app, name="train")
app.add_typer(taste_app, name="taste")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(doors_app)
app.command()(about)


def main() -> None:
    """Run a command; bad input ends with status 2 and one line, Ctrl-C with 130."""
    try:
        check_text(sys.argv)
        app()
    except MagpieError as error:
        from assistant.commands.terminal import complain

        complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was finished is kept; the next run goes on from there.\n")
        sys.exit(130)


@app.command()
def ui(
    name: NameOption = None,
    port: Annotated[
        int | None, typer.Option(help="Where to serve; the next free one by default.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = False,
    api: ApiPortOption = None,
    picture_encoder: PictureEncoderOption = None,
    model: ModelOption = None,
) -> None:
    """Open the page: chat with text, photos and your voice."""
    settings = _settings(name, picture_encoder, model)
    from assistant.commands.serve import serve_page

    serve_page(settings, port, open_browser=browser, api_port=api)


@app.command()
def index(
    path: CatalogueArgument,
    name: Annotated[str, typer.Option(help="What to call the index.")],
    rebuild: RebuildOption = False,
    source_format: FormatOption = "",
    columns: MapOption = None,
    sheet: SheetOption = "",
    table: TableOption = "",
    query: QueryOption = "",
    refetch: RefetchOption = False,
    ray: RayOption = "",
    workers: WorkersOption = 0,
    load_vectors: LoadVectorsOption = None,
    save_vectors: SaveVectorsOption = None,
    picture_encoder: PictureEncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build or update an index from a catalogue; what has not changed costs nothing."""
    from assistant.build import index_source
    from assistant.commands.json_output import index_json
    from assistant.commands.scaling import begin_with_vectors, keep_vectors, ray_encoding
    from assistant.commands.terminal import print_index_report, print_json, progress
    from assistant.handed_over import fetch_source
    from assistant.models import load_encoders
    from retrieval.catalogue.reader import ReadingOptions
    from retrieval.catalogue.web.feed import is_feed

    settings = _settings(name, picture_encoder, None)
    options = ReadingOptions(source_format, column_mapping(columns or ()), sheet, table, query)
    with progress() as report:
        source = str(fetch_source(path, settings, report)) if is_feed(path) else path
        encoders = load_encoders(settings, report)
        if load_vectors:
            begin_with_vectors(load_vectors, source, settings, encoders)
        done = index_source(
            source,
            settings,
            encoders,
            report,
            options=options,
            rebuild=rebuild,
            refetch=refetch,
            encode=ray_encoding(ray, settings, workers) if ray else None,
        )
        if save_vectors:
            keep_vectors(settings, save_vectors)
    return print_json(index_json(done)) if as_json else print_index_report(done)


@app.command("catalogue")
def show_catalogue(name: NameArgument = None, as_json: JsonOption = False) -> None:
    """Show what Magpie understood of a catalogue's columns, and how to correct it."""
    from assistant.build import read_records
    from assistant.commands.json_output import catalogue_profile_json
    from assistant.commands.terminal import print_json, print_profile
    from assistant.turn.catalogue_language import catalogue_language
    from retrieval.catalogue.profile import infer_profile

    records = read_records(_settings(name, None, None))
    profile = records.profile if records.profile.fields else infer_profile(records)
    told = (profile, records.currencies, catalogue_language(records), records.domain.name)
    return print_json(catalogue_profile_json(*told)) if as_json else print_profile(*told)


@app.command("search")
def search_items(
    words: WordsArgument = "",
    photo: PhotoOption = None,
    recording: RecordingOption = None,
    name: NameOption = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many items.")] = 10,
    balance: BalanceOption = None,
    picture_encoder: PictureEncoderOption = None,
    fusion: FusionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find items without a conversation and without the language model."""
    from assistant.build import open_catalogue
    from assistant.commands.json_output import search_json
    from assistant.commands.terminal import print_candidates, print_json, progress, say
    from assistant.models import load_encoders
    from assistant.turn.request import Request
    from assistant.turn.single_search import find_once

    settings = _settings(name, picture_encoder, None, fusion=fusion)
    request = Request(words, (photo,) if photo else (), recording, balance)
    with progress() as report:
        encoders = load_encoders(settings, report, hears=request.recording is not None)
        opened = open_catalogue(settings, encoders, report)
    once = find_once(request, opened, encoders, limit=limit)
    if as_json:
        return print_json(search_json(once))
    if once.notice:
        say(once.notice, "yellow")
    return print_candidates(once.candidates, opened.catalogue.domain)


@app.command()
def ask(
    words: WordsArgument = "",
    photo: PhotoOption = None,
    recording: RecordingOption = None,
    name: NameOption = None,
    session: SessionOption = None,
    user: UserOption = None,
    balance: BalanceOption = None,
    picture_encoder: PictureEncoderOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask once and get items with reasons; --session continues a conversation."""
    from assistant.commands.chat import show_turn
    from assistant.commands.json_output import turn_json
    from assistant.commands.terminal import print_json, say
    from assistant.events import Done
    from assistant.turn.request import Request

    settings = _settings(name, picture_encoder, model, user)
    agent = _agent(settings)
    request = Request(words, (photo,) if photo else (), recording, balance, user=settings.user)
    session = session or secrets.token_hex(8)
    if as_json:
        *_, done = agent.reply(request, session)
        return print_json(turn_json(done)) if isinstance(done, Done) else None
    show_turn(agent, request, session)
    return say(f"Go on with: magpie ask … --session {session}", "dim")


@app.command()
def chat(
    name: NameOption = None,
    session: SessionOption = None,
    user: UserOption = None,
    picture_encoder: PictureEncoderOption = None,
    model: ModelOption = None,
) -> None:
    """Hold the conversation in this terminal."""
    from assistant.commands.chat import converse
    from assistant.model.warm_up import reading_ahead

    settings = _settings(name, picture_encoder, model, user)
    agent = _agent(settings)
    with closing(agent), reading_ahead(agent.model):
        converse(agent, session or secrets.token_hex(8), settings.user)


def _settings(
    name: str | None,
    picture_encoder: str | None,
    model: str | None,
    user: str | None = None,
    fusion: str | None = None,
) -> "Settings":
    from assistant.settings import load_settings

    return load_settings(
        catalogue=name,
        picture_encoder=picture_encoder,
        language_model=model,
        user=user,
        fusion=fusion,
    )


def _agent(settings: "Settings") -> "LivingAgent":
    from assistant.build import build_living_agent
    from assistant.commands.terminal import progress

    with progress() as report:
        return build_living_agent(settings, report)


if __name__ == "__main__":
    main()
