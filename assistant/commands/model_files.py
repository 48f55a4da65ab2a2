"""`magpie models …`: which models there are, which of them are here, and fetching them.

Knows the command line and the registry; opens no model.
"""

import typer

from assistant.commands.options import JsonOption, ModelsArgument

models_app = typer.Typer(
    help="The models Magpie uses: what is here, what is missing.", no_args_is_help=True
)


@models_app.command("list")
def models_list(as_json: JsonOption = False) -> None:
    """Show every model: what it is for, its size, and whether it is here."""
    from assistant.commands.terminal import print_json, print_table
    from assistant.settings import load_settings
    from retrieval.models.registry import registry, state

    home = load_settings().home
    known = [(model, state(home, model)) for model in registry().values()]
    if as_json:
        rows = [
            {"name": m.name, "role": m.role, "size": m.size, "state": s, "licence": m.licence,
             "sources": list(m.sources)} for m, s in known
        ]  # fmt: skip
        return print_json({"home": str(home), "models": rows})
    return print_table(
        ("name", "role", "size", "state", "licence", "official source"),
        [(m.name, m.role, f"{m.size / 1e6:,.0f} MB", s, m.licence, m.hub) for m, s in known],
    )


@models_app.command("fetch")
def models_fetch(names: ModelsArgument = None) -> None:
    """Fetch models and verify them; goes on where it stopped."""
    from assistant.commands.terminal import progress, say
    from assistant.models import Step
    from assistant.settings import load_settings
    from retrieval.models.fetch import fetch
    from retrieval.models.registry import registry

    settings = load_settings()
    used = (settings.language_model, settings.text_encoder, settings.speech_model)
    wanted = names or [one for one in used if one in registry()]
    with progress() as report:
        for one in wanted:
            fetch(
                settings.home, one,
                report=lambda p: report(Step(f"{p.step} {p.model}", p.done, p.total, "bytes")),
            )  # fmt: skip
    known = registry()
    say(f"Here and verified: {', '.join(f'{n} (licence: {known[n].licence})' for n in wanted)}")
