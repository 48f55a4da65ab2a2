"""The options and arguments that several commands share, with their help texts.

Knows typer; knows no command.
"""

from pathlib import Path
from typing import Annotated

import typer

WordsArgument = Annotated[str, typer.Argument(help="What you are looking for, in your own words.")]
PhotoOption = Annotated[Path | None, typer.Option(help="A photo or a video of something like it.")]
RecordingOption = Annotated[
    Path | None, typer.Option(help="A recording that says what you look for, or sounds like it.")
]
NameOption = Annotated[str | None, typer.Option(help="The index to search; 'demo' by default.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
BalanceOption = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="With a photo and words: 0 is the photo alone, 1 the words alone, 0.5 by default.",
    ),
]
UserOption = Annotated[
    str | None, typer.Option(help="Whose memory to use; 'me' by default, or what MAGPIE_USER says.")
]
SessionOption = Annotated[str | None, typer.Option(help="Go on with an earlier conversation.")]
PictureEncoderOption = Annotated[
    str | None,
    typer.Option(help="'embedded', an OpenCLIP name, or a folder made by `magpie train pictures`."),
]
ModelOption = Annotated[
    str | None, typer.Option(help="Another language model by name or path, or 'none'.")
]
