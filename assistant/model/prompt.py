"""Load a prompt and check its placeholders against the code that fills it.

Knows the folder `prompts/`; knows nothing of any model. In a prompt's file, the line `--- user`
separates the constant text, whose key-value tensors the model caches, from the text that changes.
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
# The tags that delimit parts of our prompts, and the chat markup of other models.
_MARKUP = re.compile(
    r"</?\s*(?:request|records?|product|question|message|shown|system|user|assistant|data"
    r"|think|tool_call|tool_response)[^<>]*>"
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
        """Return the chat with every placeholder filled by its value, sanitised as data."""
        told = {name: as_data(value) for name, value in values.items()}
        return (
            Message("system", self.system),
            Message("user", self.user.substitute(told).strip()),
        )


def as_data(text: str) -> str:
    """Sanitise text, so that it cannot close or open a tag, start a line or hide characters.

    Tags and chat markup are replaced by plain brackets; invisible characters are removed.
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
    """Return the constant beginning of chats from prompts/<name>.txt, with an empty user text."""
    return (Message("system", _read(name)[0]), Message("user", ""))


def _read(name: str) -> tuple[str, str]:
    """Return the constant system text, and the user text with placeholders."""
    text = files("prompts").joinpath(f"{name}.txt").read_text("utf-8")
    system, _, user = text.partition(_CUT)
    return system.strip(), user
