"""Draw what the user sent, and what can be done with it, as HTML.

Pure. Knows words and names of files; knows no reply.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.page.markup.cards import text
from assistant.page.markup.wording import OWN, wording
from assistant.turn.request import Request

_MIDDLE = 0.5  # of photo and words, where nobody has chosen


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that the user sent, as it is shown."""

    name: str
    kind: str  # "photo", "video" or "recording"
    address: str  # of a copy, "" where there is none


def request_card(words: str, files: Sequence[SentFile] = ()) -> str:
    """Draw the user's request: photos, videos, a recording, words."""
    said = f'<p class="said" dir="auto">{text(words)}</p>' if words.strip() else ""
    return "".join(map(_sent_file, files)) + said


def in_line(place: int, language: str = OWN) -> str:
    """Say of a message that it waits for the answer above, with what can be done about it."""
    say = wording(language)
    instead, drop = say("turn.instead"), say("turn.drop")
    return (
        f'<div class="turn-buttons queued"><span>{say("turn.waits")}</span>'
        f"{turn_button('now', instead)}{turn_button(f'drop:{place}', drop)}</div>"
    )


def turn_buttons(language: str = OWN, *, editing: bool, undo: bool = False) -> str:
    """Draw what can be done with the last message."""
    say = wording(language)
    what = f"<span>{say('turn.replaces')}</span>" if editing else ""
    offered = ("keep",) if editing else ("undo",) * undo + ("edit", "again", "aloud")
    buttons = "".join(turn_button(one, say(f"turn.{one}")) for one in offered)
    return f'<div class="turn-buttons">{what}{buttons}</div>'


def balance_slider(request: Request, language: str = OWN) -> str:
    """Draw how much the photo counts beside the words, where both were sent."""
    if not (request.photos and request.words.strip()):
        return ""
    say = wording(language)
    now = round(100 * (_MIDDLE if request.balance is None else request.balance))
    return (
        f'<label class="balance"><span class="unseen">{say("balance.title")}</span>'
        f"<span>{say('balance.photo')}</span>"
        f'<input type="range" name="balance" min="0" max="100" step="10" value="{now}">'
        f"<span>{say('balance.words')}</span></label>"
    )


def turn_button(act: str, label: str) -> str:
    """Draw a button that does something to the conversation; `label` is HTML."""
    return f'<button type="button" name="turn" value="{act}">{label}</button>'


def _sent_file(file: SentFile) -> str:
    """Draw a file that was sent; without an address, its name stands for it."""
    name, address = text(file.name), text(file.address)
    match file.kind if file.address else "":
        case "photo":
            return f'<img class="photo" src="{address}" alt="{name}">'
        case "video":
            return f'<video class="photo" src="{address}" title="{name}" controls></video>'
        case "recording":
            return f'<audio class="recording" controls src="{address}"></audio>'
        case _:
            return f'<span class="sent-file" dir="auto">{name}</span>'
