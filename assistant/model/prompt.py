"""Load a prompt and check its placeholders against the code that fills it.

Knows the folder `prompts/`; knows nothing of any model. A prompt's file has a line `--- user`
between what is always the same, and therefore cached by the model, and what changes.
"""

import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from assistant.model.protocol import Message
from retrieval.errors import SettingsError

_CUT = "--- user\n"
_UNSEEN = frozenset(["Cc", "Cf", "Co", "Cs", "Cn"])  # control, zero width, direction, private use
# What begins or ends a part of our prompts, and what other models' chats are marked up with.
_MARKUP = re.compile(
    r"</?\s*(?:request|records?|product|question|message|shown|system|user|assistant|data)[^<>]*>"
    r"|<\|[^<>|]{0,40}\|>|<[|｜][^<>]{0,40}[|｜]>|<</?SYS>>|\[/?INST\]"
    r"|</?s>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>|<<<|>>>",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system text that never changes, and a user text with named placeholders."""

    name: str
    system: str
    user: Template

    def fill(self, **values: str) -> tuple[Message, Message]:
        """Return the chat with every placeholder filled; what fills it stays data."""
        told = {name: as_data(value) for name, value in values.items()}
        return (
            Message("system", self.system),
            Message("user", self.user.substitute(told).strip()),
        )


def as_data(text: str) -> str:
    """Return text that cannot end its own tag, open another, begin a line or hide what it says.

    Marks of chats and tags become brackets that mean nothing; unseen characters go.
    """
    seen = " ".join("".join(c for c in text if _shown(c)).split())
    while _MARKUP.search(seen):
        seen = _MARKUP.sub(lambda found: f"({found.group().strip('<>|[]/ ｜')})", seen)
    return seen


def _shown(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in _UNSEEN


def load_prompt(name: str, *, expects: frozenset[str]) -> Prompt:
    """Read prompts/<name>.txt.

    Raises:
        SettingsError: the file and the code do not name the same placeholders.
    """
    system, user = _read(name)
    found = frozenset(Template(system + user).get_identifiers())
    if found != expects or not user:
        raise SettingsError(
            f"prompts/{name}.txt uses {sorted(found)} after its line '--- user', "
            f"the code fills {sorted(expects)}: make them equal"
        )
    return Prompt(name, system, Template(user))


def instructions(name: str) -> tuple[Message, Message]:
    """Return what every chat of prompts/<name>.txt begins with, and nothing yet from the user."""
    return (Message("system", _read(name)[0]), Message("user", ""))


def _read(name: str) -> tuple[str, str]:
    """Return what is always the same, and what changes."""
    text = files("prompts").joinpath(f"{name}.txt").read_text("utf-8")
    system, _, user = text.partition(_CUT)
    return system.strip(), user
