"""A catalogue that somebody adds on the page, as HTML and JSON: the form, how far it is, its end.

Knows what is asked of who adds it, which is given from outside; knows no index. Texts of errors may
quote the file that was handed over, and are escaped as it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assistant.page.markup.cards import text
from assistant.page.markup.troubles import trouble_said
from assistant.page.markup.wording import Wording, wording
from assistant.page.panels.uploads import uploaded
from retrieval.errors import MagpieError
from retrieval.index.index import OpenStore

_MINUTE = 60  # seconds
_MEGABYTE = 1e6  # bytes
_ACTS = {"fetching": "cancel", "indexing": "cancel", "stopped": "resume", "failed": "resume"}
_ACCEPTED = ".csv,.tsv,.xlsx,.json,.jsonl,.xml,.parquet,.zip"


@dataclass(frozen=True, slots=True)
class Addition:
    """How far a catalogue is that is being added."""

    name: str
    doing: Literal["fetching", "indexing", "done", "stopped", "failed"]
    done: int = 0  # items; bytes while it is fetched
    total: int = 0  # the same, 0 when they are not counted yet
    left: float | None = None  # seconds, None when nothing tells
    trouble: MagpieError | None = None  # why it failed

    @property
    def running(self) -> bool:
        """Tell whether it goes on by itself."""
        return self.doing in ("fetching", "indexing")


class CatalogueAdding(Protocol):
    """What adds a catalogue, one at a time."""

    @property
    def open_store(self) -> OpenStore:
        """What opens the stores of all catalogues, wherever the settings keep them."""
        ...

    @property
    def now(self) -> Addition | None:
        """The latest one that was begun, or was not finished before Magpie ended."""
        ...

    def add(self, given: Path, name: str) -> None:
        """Begin to index a file; raises MagpieError when that cannot begin."""
        ...

    def fetch(self, address: str, name: str) -> None:
        """Begin to fetch a feed and to index it; raises MagpieError when that cannot begin."""
        ...

    def cancel(self) -> None:
        """Stop it; what is done is kept."""
        ...

    def resume(self) -> None:
        """Go on with what was stopped or failed."""
        ...


def carry_out_adding(adding: CatalogueAdding, deed: Mapping[str, str]) -> None:
    """Carry out what a button says; what no longer applies changes nothing.

    Raises: MagpieError when a catalogue cannot be added.
    """
    match deed.get("act"):
        case "add":
            adding.add(uploaded(deed.get("path", "")), deed.get("text", "").strip())
        case "fetch":
            adding.fetch(deed.get("path", ""), deed.get("text", "").strip())
        case "cancel":
            adding.cancel()
        case "resume":
            adding.resume()


def adding_form(now: Addition | None, say: Wording, *, trouble: str = "") -> str:
    """Draw what is being added, and the form to add another when nothing is."""
    refused = f'<p class="memory-trouble" role="alert">{text(trouble)}</p>' if trouble else ""
    shown = _progress(now, say) if now else ""
    if now is not None and now.running:
        return shown
    open_ = " open" if trouble or (now is not None and now.doing != "done") else ""
    title = say("adding.title")
    return f"{shown}<details{open_}><summary>{title}</summary>{refused}{_form(say)}</details>"


def adding_route(adding: CatalogueAdding, language: Callable[[Request], str]) -> Route:
    """Return the route `/adding`: how far it is, as JSON in the visitor's language."""

    def answer(request: Request) -> JSONResponse:
        now, say = adding.now, wording(language(request))
        if now is None:
            return JSONResponse({"doing": ""})
        told = {
            "doing": now.doing,
            "running": now.running,
            "done": now.done,
            "total": now.total,
            "said": _said(now, say),
        }
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    return Route("/adding", answer)


def _progress(now: Addition, say: Wording) -> str:
    bar = f'max="{now.total}" value="{now.done}"' if now.total else ""
    label = say("adding.progress")
    shown = f'<progress aria-label="{label}" {bar}></progress>' if now.running else ""
    act = _ACTS.get(now.doing)
    name = say(f"adding.{act}") if act else ""
    button = f'<button type="button" data-act="{act}">{name}</button>' if act else ""
    trouble = (
        f'<p class="memory-trouble">{text(trouble_said(now.trouble, say))}</p>'
        if now.trouble
        else ""
    )
    running = "yes" if now.running else "no"
    return (
        f'<div class="adding" data-running="{running}" data-name="{text(now.name)}">{shown}'
        f'<p aria-live="polite">{text(_said(now, say))}</p>{trouble}{button}</div>'
    )


def _said(now: Addition, say: Wording) -> str:
    """Say in one sentence how far it is."""
    if not now.running:
        return say(f"adding.{now.doing}", name=now.name)
    told = _counted(now, say)
    if now.left is None:
        return told
    minutes = round(now.left / _MINUTE)
    unit, number = ("minutes", minutes) if minutes else ("seconds", max(1, round(now.left)))
    return f"{told} {say(f'adding.{unit}', count=number)}"


def _counted(now: Addition, say: Wording) -> str:
    """Say how many bytes or items are here."""
    if now.doing == "fetching":
        done, total = (round(one / _MEGABYTE, 1) for one in (now.done, now.total))
        if not total:
            return say("adding.fetching", name=now.name, count=done)
        return say("adding.fetching_of", name=now.name, done=done, count=total)
    if not now.total:
        return say("adding.counting", name=now.name)
    return say("adding.indexing", name=now.name, done=now.done, count=now.total)


def _form(say: Wording) -> str:
    return (
        '<form class="adding-form" data-act="add">'
        f'<label for="adding-file">{say("adding.file")}</label>'
        f'<input id="adding-file" name="file" type="file" accept="{_ACCEPTED}">'
        f'<label for="adding-address">{say("adding.address")}</label>'
        '<input id="adding-address" name="address" type="url" placeholder="https://"'
        ' maxlength="4096" inputmode="url" autocomplete="off" spellcheck="false">'
        f'<label for="adding-name">{say("adding.name")}</label>'
        '<input id="adding-name" name="name" type="text" required maxlength="60"'
        ' pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" autocomplete="off">'
        f"<p>{say('adding.limits')}</p>"
        f'<button type="submit">{say("adding.add")}</button></form>'
    )
