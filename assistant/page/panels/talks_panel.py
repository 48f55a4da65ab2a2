"""A user's conversations as HTML, and the actions on them.

Knows the list of conversations, HTML and the memory's methods; knows no Gradio. As in
`profile_panel.py`, a deed that no longer applies changes nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from assistant.page.markup.cards import text
from assistant.page.markup.wording import OWN, Wording, wording
from assistant.page.panels.frame import panel_head

if TYPE_CHECKING:
    from assistant.memory.history import KeptTalk


@dataclass(frozen=True, slots=True)
class TalkShown:
    """What is on screen; the page's script names it in the address."""

    catalogue: str
    session: str = ""  # of the conversation, "" before its first turn
    trouble: str = ""  # why it is not the catalogue that the address named


def talks_drawer(
    talks: "Sequence[KeptTalk]", now: TalkShown, language: str = OWN, *, on: bool
) -> str:
    """Draw the list of conversations about a catalogue."""
    say = wording(language)
    rows = "".join(_row(one, now.session, say) for one in talks)
    note = "" if rows else f'<p class="memory-note">{say("talks.none" if on else "talks.off")}</p>'
    search = say("talks.find")
    find = (
        f'<input type="search" name="find" autocomplete="off" placeholder="{search}"'
        f' aria-label="{search}">'
    )
    return (
        f"{panel_head('talks', say, **asdict(now))}"
        f'{find if rows else ""}{note}<ul class="talk-lines">{rows}</ul></section>'
    )


def _row(talk: "KeptTalk", current: str, say: Wording) -> str:
    title = text(talk.title or say("talks.untitled"))
    here = ' aria-current="true"' if talk.session == current else ""
    known = f'data-session="{text(talk.session)}"'
    return (
        f'<li data-words="{text(f"{talk.title} {talk.words}".casefold())}">'
        f'<button type="button" class="talk-open" data-act="open" {known}{here}>'
        f'<span dir="auto">{title}</span><time>{say.ago(talk.at)}</time></button>'
        f'<button type="button" data-act="rename" {known}'
        f' aria-label="{say("talks.rename_one", title=title)}">{say("talks.rename")}</button>'
        f'<button type="button" data-act="delete" {known}'
        f' aria-label="{say("talks.delete_one", title=title)}">{say("talks.delete")}</button></li>'
    )
