"""The command line: options in, tables or JSON out.

Knows typer and the terminal; the work itself is done elsewhere.

    training        settings and a catalogue → trained models
    ratings         the ratings that recommenders are measured on
    json_output     the JSON contract
    terminal        ◆ rich
    chat            a conversation in the terminal
    options         ◆ typer: options that several commands share
    model_files     ◆ typer: `magpie models …`
    about           ◆ typer: `magpie about`, packages and models with their licences
    evaluate        ◆ typer: `magpie evaluate …`
    taste           ◆ typer: `magpie taste …`, the taste profile
    train           ◆ typer: `magpie train …`, an encoder or a fusion
    scaling         what `magpie index` does beyond one process
    serve           the page and the doors, at once, while what answers is built
    doors           ◆ typer: `magpie serve`, `mcp` and `token`: the doors for other programs
    main            ◆ typer: the entry point and all other commands
"""

__all__ = ["main"]
