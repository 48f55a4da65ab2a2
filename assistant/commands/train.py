"""`magpie train …`: train an encoder or a fusion on your own catalogue.

Knows typer and the shape of each command's JSON; loads heavy libraries inside the commands.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import JsonOption

if TYPE_CHECKING:
    from assistant.settings import Settings

train_app = typer.Typer(
    help="Teach an encoder or a fusion your own catalogue.", no_args_is_help=True
)


@train_app.command("pictures")
def pictures(
    path: Annotated[
        Path, typer.Argument(help="The catalogue: its pictures and what it says of them.")
    ],
    out: Annotated[Path, typer.Option(help="A new folder for the trained encoder.")],
    start: Annotated[
        str,
        typer.Option("--from", help="The encoder to start from: 'embedded', a name or a folder."),
    ] = "embedded",
    as_json: JsonOption = False,
) -> None:
    """Fine-tune the picture encoder on a catalogue; goes on where it was interrupted."""
    from assistant.commands.json_output import training_json
    from assistant.commands.terminal import print_json, print_training, progress
    from assistant.commands.training import train_pictures_of_catalogue

    with progress() as report:
        done = train_pictures_of_catalogue(path, out, start, _settings(None, None), report)
    return print_json(training_json(done)) if as_json else print_training(done)


@train_app.command("fusion")
def fusion(
    name: Annotated[str, typer.Argument(help="The index to learn from, e.g. 'demo'.")],
    out: Annotated[Path, typer.Option(help="A new folder for the trained fusion.")],
    interactions: Annotated[
        Path | None,
        typer.Option(help="Who chose what: a table of user, item, label or rating, and time."),
    ] = None,
    start: Annotated[
        Path | None, typer.Option("--from", help="A trained fusion's folder to start from.")
    ] = None,
    freeze: Annotated[
        bool, typer.Option(help="With --from: train only what meets the encoders' spaces.")
    ] = False,
    picture_encoder: Annotated[
        str | None, typer.Option(help="The picture encoder that built the index.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn how an index's modalities go together; goes on where it was interrupted."""
    from assistant.commands.json_output import fusion_training_json
    from assistant.commands.terminal import print_fusion_training, print_json, progress
    from assistant.commands.training import Learning, train_fusion_of_index

    learning = Learning(out, interactions, start, freeze)
    with progress() as report:
        done = train_fusion_of_index(_settings(name, picture_encoder), learning, report)
    return print_json(fusion_training_json(done)) if as_json else print_fusion_training(done)


def _settings(name: str | None, picture_encoder: str | None) -> "Settings":
    from assistant.settings import load_settings

    return load_settings(catalogue=name, picture_encoder=picture_encoder)
