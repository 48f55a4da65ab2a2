"""The command line: options in, tables or JSON out.

Knows typer and the terminal; every piece of work is done elsewhere.

    training        settings and a catalogue → trained models
    single_search   one search without a conversation
    json_output     the JSON contract
    terminal        ◆ rich
    chat            a conversation in the terminal
    options         ◆ typer: options that several commands share
    evaluate        ◆ typer: measurements, at the command line
    taste           ◆ typer: what is remembered, at the command line
    train           ◆ typer: teach an encoder or a fusion
    main            ◆ typer
"""

__all__ = ["main"]
