"""A user's taste profile as HTML, and the actions that the user can take on it.

Knows a profile, HTML and the memory's methods; knows no Gradio. An action (`deed`) is a dictionary
that the page's script sends: {"act": "remove", "key": …}. Invalid actions are ignored, because a
page that was open for long may refer to entries that no longer exist.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.memory.profile import (
    Opinion,
    Profile,
    ProfileLine,
    line_text,
    own_sentence,
    profile,
    profile_json,
    profile_text,
)
from assistant.page.markup.cards import text

if TYPE_CHECKING:
    from assistant.memory.store import Memory
    from assistant.understanding.catalogue_values import Vocabulary

_EMPTY = "Nothing yet. Say “I like the second one”, or press Like on a card."
_KEPT = (
    "Kept on this machine, for this browser alone. It is never a limit: what you do not like is "
    "left out until you name it."
)
_OFF = "Remembering is off: nothing about your taste is written or used."
_OFF_FOR_ALL = "Whoever runs Magpie here has switched remembering off: nothing is written or used."


def drawer(memory: "Memory", vocabulary: "Vocabulary", user: str, *, trouble: str = "") -> str:
    """Draw everything that is remembered about a user, with the buttons to change it.

    `trouble` is why the last change was refused.
    """
    known = known_of(memory, vocabulary, user)
    on = memory.remembers(user)
    felt = {one.item: one.feeling for one in (*known.liked, *known.disliked)}
    felt_at_all = known.liked or known.disliked
    none = "" if felt_at_all else f'<li class="memory-none">{_EMPTY}</li>'
    lines = "".join(map(_line, known.lines)) or none
    refused = f'<p class="memory-trouble" role="alert">{text(trouble)}</p>' if trouble else ""
    return (
        f'<section role="dialog" aria-labelledby="memory-title" data-on="{"yes" if on else "no"}"'
        f' data-felt="{text(json.dumps(felt))}">'
        '<header><h2 id="memory-title" tabindex="-1">What Magpie remembers</h2>'
        '<button type="button" data-act="close" aria-label="Close">×</button></header>'
        f"{_switch(memory, on=on)}{refused}"
        f'<ul class="memory-lines">{lines}</ul>{_form(on=on)}'
        f"{_felt('Liked', known.liked)}{_felt('Not for you', known.disliked)}"
        f"{_away(known)}</section>"
    )


def act(memory: "Memory", vocabulary: "Vocabulary", user: str, deed: Mapping[str, str]) -> None:
    """Carry out an action that the user took on the page.

    Raises:
        MessageError: a sentence is empty or too long.
        StorageError: the change cannot be stored.
    """
    catalogue, on = vocabulary.catalogue, memory.remembers(user)
    item = catalogue.items.get(deed.get("item", ""))
    match deed.get("act"):
        case "like" | "dislike" as feeling if item and on:
            memory.feel(user, catalogue.name, item, feeling, "card")
        case "nothing":
            memory.feel_nothing(user, catalogue.name, deed.get("item", ""))
        case "add" if on:
            memory.add_sentence(user, own_sentence(deed.get("text", "")))
        case "remove":
            lines = {one.key: one for one in known_of(memory, vocabulary, user).lines}
            if line := lines.get(deed.get("key", "")):
                memory.remove_line(user, line)
        case "switch":
            memory.switch(user, on=not on)
        case "forget":
            memory.forget(user, conversations=deed.get("all") == "yes")


def known_of(memory: "Memory", vocabulary: "Vocabulary", user: str) -> Profile:
    """Return the profile of a user in one catalogue, whether or not remembering is on."""
    opinions = memory.opinions(user, vocabulary.catalogue.name)
    return profile(opinions, memory.edits(user), vocabulary)


def _switch(memory: "Memory", *, on: bool) -> str:
    if not memory.remembers_anybody:
        return f'<p class="memory-note">{_OFF_FOR_ALL}</p>'
    state = "checked" if on else ""
    note = _KEPT if on else _OFF
    return (
        f'<label class="memory-switch"><input type="checkbox" data-act="switch" {state}>'
        f' Remember what I like</label><p class="memory-note">{note}</p>'
    )


def _line(line: ProfileLine) -> str:
    said = text(line_text(line))
    return (
        f'<li><span dir="auto">{said}</span>'
        f'<button type="button" data-act="remove" data-key="{text(line.key)}"'
        f' aria-label="Remove: {said}">Remove</button></li>'
    )


def _form(*, on: bool) -> str:
    if not on:
        return ""
    return (
        '<form data-act="add"><label for="memory-text">Say it in your own words</label>'
        '<div><input id="memory-text" name="text" maxlength="200" autocomplete="off"'
        ' placeholder="For example: I wear size 42"><button type="submit">Add</button></div></form>'
    )


def _felt(heading: str, opinions: Sequence[Opinion]) -> str:
    """List items with a button to delete the opinion."""
    rows = "".join(
        f'<li><span dir="auto">{text(one.title)}</span>'
        f'<button type="button" data-act="nothing" data-item="{text(one.item)}"'
        f' aria-label="Take back: {text(one.title)}">Take back</button></li>'
        for one in opinions
    )
    return f'<h3>{heading}</h3><ul class="memory-lines">{rows}</ul>' if rows else ""


def _away(known: Profile) -> str:
    """Draw the links that export everything to a file, and the buttons that delete it."""
    if not (known.lines or known.liked or known.disliked):
        kept = ""
    else:
        whole = json.dumps(profile_json(known), ensure_ascii=False, indent=2)
        kept = '<p class="memory-export">Save it: ' + " ".join(
            (_file("taste.txt", "text/plain", profile_text(known)),
             _file("taste.json", "application/json", whole))
        ) + "</p>"  # fmt: skip
    return (
        f'{kept}<details class="memory-forget"><summary>Forget me …</summary>'
        '<p class="memory-note">This cannot be undone.</p>'
        '<button type="button" data-act="forget">Forget my taste</button>'
        '<button type="button" data-act="forget" data-all="yes">'
        "Forget my taste and all my conversations</button></details>"
    )


def _file(name: str, kind: str, content: str) -> str:
    """Return a link that saves the content; nothing is written on the server for it."""
    coded = b64encode(content.encode()).decode()
    return f'<a download="{name}" href="data:{kind};charset=utf-8;base64,{coded}">{name}</a>'
