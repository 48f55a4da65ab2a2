"""A user's conversations as HTML, and the actions on them.

Knows the list of conversations, HTML and the memory's methods; knows no Gradio. As in
`profile_panel.py`, a deed that no longer applies changes nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.page.markup.cards import text

if TYPE_CHECKING:
    from assistant.memory.history import KeptTalk

_NONE = "Nothing yet. Every conversation is kept here until you delete it."
_OFF = "Remembering is off: conversations end with their window."


def talks_drawer(talks: "Sequence[KeptTalk]", current: str, *, on: bool) -> str:
    """Draw the list of conversations; `current` is the one on screen, "" before its first turn."""
    rows = "".join(_row(one, current) for one in talks)
    note = "" if rows else f'<p class="memory-note">{_NONE if on else _OFF}</p>'
    find = (
        '<input type="search" name="find" autocomplete="off" placeholder="Search conversations"'
        ' aria-label="Search conversations">'
    )
    return (
        f'<section role="dialog" aria-labelledby="talks-title" data-session="{text(current)}">'
        '<header><h2 id="talks-title" tabindex="-1">Conversations</h2>'
        '<button type="button" data-act="close" aria-label="Close">×</button></header>'
        f'{find if rows else ""}{note}<ul class="talk-lines">{rows}</ul></section>'
    )


def _row(talk: "KeptTalk", current: str) -> str:
    title = text(talk.title or "Untitled")
    here = ' aria-current="true"' if talk.session == current else ""
    known = f'data-session="{text(talk.session)}"'
    return (
        f'<li data-words="{text(f"{talk.title} {talk.words}".casefold())}">'
        f'<button type="button" class="talk-open" data-act="open" {known}{here}>'
        f'<span dir="auto">{title}</span><time>{_ago(talk.at)}</time></button>'
        f'<button type="button" data-act="rename" {known} aria-label="Rename: {title}">Rename'
        f'</button><button type="button" data-act="delete" {known} aria-label="Delete: {title}">'
        "Delete</button></li>"
    )


def _ago(at: datetime) -> str:
    """Return how long ago something was, as a person says it."""
    minutes = int((datetime.now(UTC) - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return at.astimezone().strftime("%d %b %Y")
