"""`magpie taste …`: see, add to, correct, save and forget what is remembered of a user.

Knows typer and the memory's methods; loads no model.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.options import JsonOption, NameOption, UserOption
from retrieval.errors import MessageError

if TYPE_CHECKING:
    from assistant.memory.profile import Profile
    from assistant.memory.store import Memory
    from assistant.settings import Settings

taste_app = typer.Typer(
    help="What Magpie remembers of you: see it, correct it, save it, forget it.",
    epilog="Likes come from “I like the second one” in a conversation. MAGPIE_REMEMBER=false "
    "switches it off: then nothing about tastes is written or used.",
    no_args_is_help=True,
)


@taste_app.command()
def show(user: UserOption = None, name: NameOption = None, as_json: JsonOption = False) -> None:
    """Show the numbered sentences, the items that are their reason, and whether it is on."""
    from assistant.commands.terminal import print_json, say
    from assistant.memory.profile import profile_text

    settings = _settings(user, name)
    memory = _memory(settings)
    known, on = _known(memory, settings), memory.remembers(settings.user)
    if as_json:
        return print_json(_whole(known, settings, on=on))
    if not on:
        say("Remembering is off: what is kept from before is not used.", "yellow")
    return say(profile_text(known))


@taste_app.command()
def add(
    sentence: Annotated[str, typer.Argument(help="Your own words, e.g. “I only wear cotton”.")],
    user: UserOption = None,
    name: NameOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a sentence of your own; it is kept as it stands and marked as yours."""
    from assistant.memory.profile import own_sentence

    settings = _settings(user, name)
    memory = _memory(settings)
    if not memory.remembers(settings.user):
        raise MessageError("remembering is off, so nothing is added: set MAGPIE_REMEMBER=true")
    memory.add_sentence(settings.user, own_sentence(sentence))
    _after(memory, settings, "Added.", as_json=as_json)


@taste_app.command()
def remove(
    number: Annotated[int, typer.Argument(help="The sentence's number in `magpie taste show`.")],
    user: UserOption = None,
    name: NameOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a sentence; one that was counted from your likes does not come back."""
    settings = _settings(user, name)
    memory = _memory(settings)
    lines = _known(memory, settings).lines
    if not 1 <= number <= len(lines):
        held = f"1 to {len(lines)}" if lines else "none"
        raise MessageError(f"there is no sentence {number} ({held}): see `magpie taste show`")
    memory.remove_line(settings.user, lines[number - 1])
    _after(memory, settings, f"Removed: {lines[number - 1].text}", as_json=as_json)


@taste_app.command()
def export(
    out: Annotated[
        Path | None, typer.Option(help="A file to write: .json for JSON, else text.")
    ] = None,
    user: UserOption = None,
    name: NameOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save all of it as text or JSON, on the screen or in a file."""
    import json

    from assistant.commands.terminal import print_json, say
    from assistant.memory.profile import profile_text
    from retrieval.files import write_whole

    settings = _settings(user, name)
    memory = _memory(settings)
    known = _known(memory, settings)
    whole = _whole(known, settings, on=memory.remembers(settings.user))
    if out is not None:
        coded = json.dumps(whole, ensure_ascii=False, indent=2)
        content = coded if as_json or out.suffix == ".json" else profile_text(known)
        write_whole(out, f"{content}\n".encode())
        return None if as_json else say(f"Written: {out}")
    return print_json(whole) if as_json else say(profile_text(known))


@taste_app.command()
def forget(
    everything: Annotated[
        bool, typer.Option(help="The conversations too, not only the taste.")
    ] = False,
    yes: Annotated[bool, typer.Option(help="Do not ask.")] = False,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete your likes, dislikes and sentences, of every catalogue, for good.

    Conversations kept by versions before this one name no user and stay.
    """
    from assistant.commands.terminal import print_json, say

    settings = _settings(user, None)
    what = "taste and all conversations" if everything else "taste"
    if not yes and not _agreed(f"Forget the {what} of {settings.user!r} for good?"):
        return print_json({"forgotten": 0}) if as_json else say("Nothing was forgotten.")
    gone = _memory(settings).forget(settings.user, conversations=everything)
    if not gone:
        raise MessageError(
            f"nothing is remembered of {settings.user!r}: there is nothing to forget"
        )
    return print_json({"forgotten": gone}) if as_json else say(f"Forgotten: {gone} entries.")


def _agreed(question: str) -> bool:
    """Ask for confirmation on standard error; without a terminal, --yes is required instead.

    Raises:
        MessageError: standard input is not a terminal.
    """
    if not sys.stdin.isatty():
        raise MessageError("nobody can be asked here: add --yes to forget without a question")
    return typer.confirm(question, err=True)


def _after(memory: "Memory", settings: "Settings", done: str, *, as_json: bool) -> None:
    """Print the profile as it is after a change."""
    from assistant.commands.terminal import print_json, say
    from assistant.memory.profile import profile_text

    known = _known(memory, settings)
    if as_json:
        return print_json(_whole(known, settings, on=True))
    say(done, "dim")
    return say(profile_text(known))


def _whole(known: "Profile", settings: "Settings", *, on: bool) -> dict[str, object]:
    from assistant.memory.profile import profile_json

    head = {"user": settings.user, "catalogue": settings.catalogue, "remembers": on}
    return {**head, **profile_json(known)}


def _settings(user: str | None, name: str | None) -> "Settings":
    from assistant.settings import load_settings

    return load_settings(user=user, catalogue=name)


def _memory(settings: "Settings") -> "Memory":
    from assistant.memory.store import Memory

    return Memory(settings.database, remembers=settings.remember)


def _known(memory: "Memory", settings: "Settings") -> "Profile":
    from assistant.build import read_records
    from assistant.memory.profile import profile
    from assistant.understanding.catalogue_values import Vocabulary

    vocabulary = Vocabulary(read_records(settings))
    opinions = memory.opinions(settings.user, vocabulary.catalogue.name)
    return profile(opinions, memory.edits(settings.user), vocabulary)
