"""Why something was refused or failed, in the visitor's language.

Knows the page's messages and the tree of errors. What the page itself refuses has a message of its
own. An error from elsewhere is said by its class, with what it says itself behind that: the place,
the value and the cure, as the terminal has them.
"""

from assistant.page.markup.wording import OWN, Wording, wording
from retrieval.errors import MagpieError, MessageError


class RefusedError(MessageError):
    """The page refuses a deed; says why in any of its languages, in English by itself."""

    def __init__(self, key: str, **places: str) -> None:
        """Refuse for a reason, a name in the group "refusal" of the page's messages."""
        super().__init__(wording(OWN)(f"refusal.{key}", **places))
        self.key, self.places = f"refusal.{key}", places


def trouble_said(error: MagpieError, say: Wording, detail: str = "") -> str:
    """Say an error in a language; `detail` is what it says itself, where that was changed."""
    if isinstance(error, RefusedError):
        return say(error.key, **error.places)
    keys = (f"error.{kind.__name__}" for kind in type(error).__mro__)
    key = next(one for one in keys if one in say.messages)
    return say(key, detail=detail or str(error))
