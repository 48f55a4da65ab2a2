"""`magpie serve`, `magpie mcp` and `magpie token …`: the same agent for other programs.

Knows the command line; what is answered, and to whom, is decided in `assistant/api/`.
"""

from typing import Annotated

import typer

from assistant.commands.options import ModelOption, NameOption, PictureEncoderOption

doors_app = typer.Typer()
token_app = typer.Typer(
    help="Tokens for programs that ask from other machines.", no_args_is_help=True
)
doors_app.add_typer(token_app, name="token")

ApiPortOption = Annotated[
    int | None,
    typer.Option("--api", help="Answer other programs too, at this port, as `serve` does."),
]
_TokenName = Annotated[str, typer.Argument(help="Whose it is: small letters, digits, dashes.")]


@doors_app.command()
def serve(
    name: NameOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free one.")] = 7960,
    host: Annotated[
        str, typer.Option(help="Where to listen; beyond this machine only with a token.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A name under which it is asked; repeatable.")
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="A page that may embed the widget: https://shop.example; repeatable."),
    ] = None,
    public: Annotated[
        str, typer.Option(help="The address that others see, behind a proxy with TLS.")
    ] = "",
    require_token: Annotated[bool, typer.Option(help="Also on this machine.")] = False,
    picture_encoder: PictureEncoderOption = None,
    model: ModelOption = None,
) -> None:
    """Answer other programs: UCP, OpenAI-compatible chat, MCP over HTTP; no page."""
    from assistant.api.server.api_server import ApiSettings
    from assistant.commands.serve import serve_programs
    from assistant.settings import load_settings

    settings = load_settings(catalogue=name, picture_encoder=picture_encoder, language_model=model)
    origins = tuple(one.rstrip("/") for one in allow_origin or ())
    api = ApiSettings(host, port, tuple(allow_host or ()), origins, public, require_token)
    serve_programs(settings, api)


@doors_app.command()
def mcp(
    name: NameOption = None,
    picture_encoder: PictureEncoderOption = None,
    model: ModelOption = None,
) -> None:
    """Answer one program by MCP over standard input and output."""
    from assistant.commands.serve import serve_streams
    from assistant.settings import load_settings

    serve_streams(
        load_settings(catalogue=name, picture_encoder=picture_encoder, language_model=model)
    )


@token_app.command("add")
def add_token(name: _TokenName) -> None:
    """Make a token and print it, this once; only a digest of it is kept."""
    from assistant.api.callers import Tokens
    from assistant.commands.terminal import OUT
    from assistant.settings import load_settings

    OUT.out(Tokens(load_settings().home).issue(name), highlight=False)


@token_app.command("remove")
def remove_token(name: _TokenName) -> None:
    """Let a token no longer be accepted."""
    from assistant.api.callers import Tokens
    from assistant.commands.terminal import say
    from assistant.settings import load_settings

    Tokens(load_settings().home).remove(name)
    say(f"The token of {name} is accepted no more")


@token_app.command("list")
def list_tokens() -> None:
    """Show for whom there are tokens."""
    from assistant.api.callers import Tokens
    from assistant.commands.terminal import print_table
    from assistant.settings import load_settings

    print_table(("token of",), [(name,) for name in Tokens(load_settings().home).names()])
