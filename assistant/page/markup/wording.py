"""What the page itself says, in one language: messages by their keys, plural forms as it has them.

◆ babel (CLDR). Knows `languages/`, one file a language, English too; knows nothing of what is said
about items, which `answering/` words. No message holds markup or a quotation mark that ends a
string, so that each may stand in HTML, in a script and in JSON; what fills its places is escaped by
who gives it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

OWN = "en"  # the language that has every message first

_DAY = 86_400  # seconds

PageMessage = str | Mapping[str, str]  # or its plural forms, as CLDR names them


@dataclass(frozen=True)
class Wording:
    """A language and the page's messages in it."""

    language: str  # ISO 639-1
    messages: Mapping[str, PageMessage]  # "group.name" → message

    def __call__(self, key: str, **places: str | float) -> str:
        """Return a message, its places filled; numbers as the language writes them.

        Raises:
            KeyError: there is no message of this key, or a place is not filled.
        """
        message = self.messages[key]
        if not isinstance(message, str):
            form = str(Locale.parse(self.language).plural_form(float(places["count"])))
            message = message.get(form, message["other"])
        return message.format(**{name: self.number(one) for name, one in places.items()})

    def number(self, told: str | float) -> str:
        """Return a number as the language writes it; text stays as it is."""
        return told if isinstance(told, str) else str(format_decimal(told, locale=self.language))

    def ago(self, at: datetime) -> str:
        """Return how long ago something was, and its date when that is more than a day."""
        passed = datetime.now(UTC) - at
        if passed.total_seconds() >= _DAY:
            return str(format_date(at.astimezone(), "medium", locale=self.language))
        if passed.total_seconds() < 60:
            return self("ago.now")
        return str(format_timedelta(-passed, add_direction=True, locale=self.language))


@cache
def page_languages() -> Mapping[str, str]:
    """Return the languages that the page speaks, ISO 639-1, each with its own name for itself."""
    folder = files(__package__).joinpath("languages")
    codes = sorted(one.name.removesuffix(".toml") for one in folder.iterdir())
    return {code: str(Locale.parse(code).get_display_name(code)).capitalize() for code in codes}


@cache
def wording(language: str) -> Wording:
    """Return what the page says in a language; in English where it does not speak that."""
    own = language if language in page_languages() else OWN
    place = files(__package__).joinpath("languages", f"{own}.toml")
    groups = tomllib.loads(place.read_text("utf-8")).items()
    told = {f"{group}.{name}": one for group, named in groups for name, one in named.items()}
    return Wording(own, told)
