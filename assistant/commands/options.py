"""The options and arguments that several commands share, with their help texts.

Knows typer; knows no command.
"""

import os
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from retrieval.errors import SettingsError

CatalogueArgument = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A shop's export (CSV, TSV, JSON, JSON Lines, XML, Excel, Parquet, a page with "
        "JSON-LD), its address on the web, a folder of pictures, or a database's SQLAlchemy URL.",
    ),
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        help="What kind of export it is, where that is not seen: shopify, woocommerce, merchant, "
        "openai, acp, schema_org or plain.",
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="FIELD=COLUMN: which column is meant, as in title=Name; repeatable."
    ),
]
RebuildOption = Annotated[bool, typer.Option(help="Start afresh, e.g. after changing an encoder.")]
RefetchOption = Annotated[
    bool,
    typer.Option(help="Fetch files on the web again; those that cannot be had stay as they are."),
]
RayOption = Annotated[
    str,
    typer.Option(
        "--ray",
        help="Encode by workers of a Ray cluster: its address, or 'local' for one on this machine.",
    ),
]
WorkersOption = Annotated[
    int, typer.Option(min=0, help="How many; by default one a GPU, or one a processor.")
]
LoadVectorsOption = Annotated[
    Path | None,
    typer.Option(help="Begin anew with these Parquet files; only what differs is encoded."),
]
SaveVectorsOption = Annotated[
    Path | None, typer.Option(help="Write the items and vectors as Parquet into this folder.")
]
ModelsArgument = Annotated[list[str] | None, typer.Argument(help="Which; the default set if none.")]
SheetOption = Annotated[str, typer.Option(help="Which sheet of an Excel workbook.")]
TableOption = Annotated[str, typer.Option(help="Which table of a database.")]
QueryOption = Annotated[str, typer.Option(help="A query in SQL, instead of a table.")]

WordsArgument = Annotated[str, typer.Argument(help="What you are looking for, in your own words.")]
PhotoOption = Annotated[Path | None, typer.Option(help="A photo or a video of something like it.")]
RecordingOption = Annotated[
    Path | None, typer.Option(help="A recording that says what you look for, or sounds like it.")
]
NameArgument = Annotated[
    str | None, typer.Argument(metavar="NAME", help="The index to show; 'demo' by default.")
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
FusionOption = Annotated[
    str | None,
    typer.Option(
        help="How modalities are fused: weighted-concatenation, concatenation, sum, "
        "weighted-sum, reciprocal-rank, weighted-reciprocal-rank, combsum, combmnz or the "
        "folder of a trained one."
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


def column_mapping(written: Iterable[str]) -> dict[str, str]:
    """Return field → column from FIELD=COLUMN; raise SettingsError for anything else."""
    found = {}
    for one in written:
        field, mark, column = one.partition("=")
        if not (field.strip() and mark and column.strip()):
            raise SettingsError(f"--map {one}: write FIELD=COLUMN, as in --map title=Name")
        found[field.strip()] = column.strip()
    return found


def check_text(arguments: Iterable[str]) -> None:
    """Refuse what is typed and is no text in UTF-8, unless it names a file that is there.

    What such a name, or a record, makes print is printed with marks for what is no text.

    Raises: SettingsError for an argument with other bytes.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")
    for one in arguments:
        if any("\ud800" <= letter <= "\udfff" for letter in one) and not os.path.exists(
            one.partition("=")[2] or one
        ):
            raise SettingsError(f"{one!a} is not text in UTF-8: check the terminal's encoding")
