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
    own_sentence,
    profile,
    profile_json,
    profile_text,
)
from assistant.page.markup.cards import text
from assistant.page.markup.wording import OWN, Wording, wording
from assistant.page.panels.frame import panel_head

if TYPE_CHECKING:
    from assistant.memory.store import Memory
    from assistant.understanding.catalogue_values import Vocabulary

_NAMED = 3  # items named in a sentence; all of them are in the file


def memory_drawer(
    memory: "Memory", vocabulary: "Vocabulary", user: str, language: str = OWN, *, trouble: str = ""
) -> str:
    """Draw everything that is remembered about a user, with the buttons to change it.

    `trouble` is why the last change was refused.
    """
    known, say = known_of(memory, vocabulary, user), wording(language)
    on = memory.remembers(user)
    felt = {one.item: one.feeling for one in (*known.liked, *known.disliked)}
    none = "" if felt else f'<li class="memory-none">{say("memory.none")}</li>'
    lines = "".join(_line(one, say) for one in known.lines) or none
    refused = f'<p class="memory-trouble" role="alert">{text(trouble)}</p>' if trouble else ""
    return (
        f"{panel_head('memory', say, on='yes' if on else 'no', felt=json.dumps(felt))}"
        f"{_switch(memory, say, on=on)}{refused}"
        f'<ul class="memory-lines">{lines}</ul>{_form(say, on=on)}'
        f"{_felt('liked', known.liked, say)}{_felt('disliked', known.disliked, say)}"
        f"{_away(known, say)}</section>"
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


def _switch(memory: "Memory", say: Wording, *, on: bool) -> str:
    if not memory.remembers_anybody:
        return f'<p class="memory-note">{say("memory.off_for_all")}</p>'
    state = "checked" if on else ""
    note = say("memory.kept" if on else "memory.off")
    return (
        f'<label class="memory-switch"><input type="checkbox" data-act="switch" {state}>'
        f' {say("memory.remember")}</label><p class="memory-note">{note}</p>'
    )


def _line(line: ProfileLine, say: Wording) -> str:
    said = text(_sentence(line, say))
    return (
        f'<li><span dir="auto">{said}</span>'
        f'<button type="button" data-act="remove" data-key="{text(line.key)}"'
        f' aria-label="{say("panel.remove_one", title=said)}">{say("panel.remove")}</button></li>'
    )


def _sentence(line: ProfileLine, say: Wording) -> str:
    """Return a sentence with its reasons, or with a mark that the user wrote it."""
    if line.said:
        return say("memory.said", text=line.text)
    titles, more = ", ".join(line.reasons[:_NAMED]), len(line.reasons) - _NAMED
    if more > 0:
        titles = say("memory.more", titles=titles, count=more)
    return say(f"memory.{line.feeling}", value=line.value, field=line.field, titles=titles)


def _form(say: Wording, *, on: bool) -> str:
    if not on:
        return ""
    return (
        f'<form data-act="add"><label for="memory-text">{say("memory.own_words")}</label>'
        '<div><input id="memory-text" name="text" maxlength="200" autocomplete="off"'
        f' placeholder="{say("memory.example")}">'
        f'<button type="submit">{say("memory.add")}</button></div></form>'
    )


def _felt(heading: str, opinions: Sequence[Opinion], say: Wording) -> str:
    """List items with a button to delete the opinion."""
    back = say("memory.take_back")
    rows = "".join(
        f'<li><span dir="auto">{text(one.title)}</span>'
        f'<button type="button" data-act="nothing" data-item="{text(one.item)}"'
        f' aria-label="{say("memory.take_back_one", title=text(one.title))}">{back}</button></li>'
        for one in opinions
    )
    title = say(f"memory.{heading}")
    return f'<h3>{title}</h3><ul class="memory-lines">{rows}</ul>' if rows else ""


def _away(known: Profile, say: Wording) -> str:
    """Draw the links that export everything to a file, and the buttons that delete it."""
    if not (known.lines or known.liked or known.disliked):
        kept = ""
    else:
        whole = json.dumps(profile_json(known), ensure_ascii=False, indent=2)
        kept = f'<p class="memory-export">{say("memory.save")} ' + " ".join(
            (_file("taste.txt", "text/plain", profile_text(known)),
             _file("taste.json", "application/json", whole))
        ) + "</p>"  # fmt: skip
    return (
        f'{kept}<details class="memory-forget"><summary>{say("memory.forget")}</summary>'
        f'<p class="memory-note">{say("memory.forget_for_good")}</p>'
        f'<button type="button" data-act="forget">{say("memory.forget_taste")}</button>'
        '<button type="button" data-act="forget" data-all="yes">'
        f"{say('memory.forget_all')}</button></details>"
    )


def _file(name: str, kind: str, content: str) -> str:
    """Return a link that saves the content; nothing is written on the server for it."""
    coded = b64encode(content.encode()).decode()
    return f'<a download="{name}" href="data:{kind};charset=utf-8;base64,{coded}">{name}</a>'
