"""In which language a visitor reads the page, and the page as it is sent in that language.

Knows HTTP as Starlette has it, and the page's messages; knows no layout. What the visitor chose
stands in a cookie that the page's script sets; else it is what the browser prefers. The page is
laid out once, with places (`[[top.new]]`) in its HTML, its scripts and Gradio's settings: each
visitor gets it filled, so that nothing is seen in another language first.
"""

import json
import re
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.page.markup.wording import OWN, page_languages, wording

CHOSEN = "magpie-language"  # the cookie

_SET, _HEAD = b'lang="en"', b"<head>"  # by Gradio, of the whole page
# Gradio's own words follow the browser's language, and before anything else is read.
_TOLD = (
    '<script>Object.defineProperty(navigator, "language", {{get: () => "{0}"}});'
    'Object.defineProperty(navigator, "languages", {{get: () => ["{0}"]}});</script>'
)
_PLACE = re.compile(rb"\[\[([\w.-]+)\]\]")
_WISH = re.compile(r"\s*([a-zA-Z]+)[^;]*(?:;\s*q=([\d.]+))?\s*")

Texts = Callable[[str], Mapping[str, str]]  # language → what fills each place


def visitor_language(request: HTTPConnection) -> str:
    """Return the visitor's language, ISO 639-1: a chosen one, a preferred one, else English."""
    preferred = _preferred(request.headers.get("accept-language", ""))
    wished = [request.cookies.get(CHOSEN, ""), *preferred]
    return next((one for one in wished if one in page_languages()), OWN)


def page_texts(language: str) -> dict[str, str]:
    """Return what fills the places of the page, for each of its messages without a count."""
    told = {key: one for key, one in wording(language).messages.items() if isinstance(one, str)}
    return {**told, "language": language, f"chosen.{language}": " selected"}


def language_choice() -> str:
    """Draw the choice among the page's languages, with a place for the one that is chosen."""
    offered = "".join(
        f'<option value="{code}" lang="{code}"[[chosen.{code}]]>{name}</option>'
        for code, name in page_languages().items()
    )
    return f'<select id="language" aria-label="[[top.language]]">{offered}</select>'


class InLanguage:
    """Fills the places of the page that is sent, in the visitor's language."""

    def __init__(self, app: ASGIApp, texts: Texts) -> None:
        """Stand before an application."""
        self._app, self._texts = app, texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything pass, and hold the page back until it is whole."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        language, begun, held = (
            visitor_language(HTTPConnection(scope)),
            list[Message](),
            bytearray(),
        )

        async def fill(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            held.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            body = filled(bytes(held), self._texts(language), language)
            headers = MutableHeaders(scope=begun[0])
            headers["Vary"] = "Accept-Language, Cookie"
            if scope["method"] == "GET":
                headers["Content-Length"] = str(len(body))
            await send(begun[0])
            await send({**message, "body": body})

        await self._app(scope, receive, fill)


def filled(page: bytes, texts: Mapping[str, str], language: str) -> bytes:
    """Return a page with its places filled; text stands in JSON, and in no tag of its own."""

    def text(place: re.Match[bytes]) -> bytes:
        key = place[1].decode()
        if key.startswith("chosen."):
            return texts.get(key, "").encode()
        if key not in texts:
            return place[0]
        quoted = json.dumps(texts[key], ensure_ascii=False)[1:-1]
        return quoted.replace("<", "\\u003c").encode()

    told = _HEAD + _TOLD.format(texts.get("top.tag", language)).encode()
    page = page.replace(_HEAD, told, 1).replace(_SET, f'lang="{language}"'.encode(), 1)
    return _PLACE.sub(text, page)


def _preferred(accepted: str) -> list[str]:
    """Return the languages that a browser accepts, ISO 639-1, the most wished for first."""
    read = (_WISH.fullmatch(one) for one in accepted.split(","))
    wishes = [(found[1].lower(), _share(found[2])) for found in read if found]
    return [language for language, share in sorted(wishes, key=lambda one: -one[1]) if share]


def _share(told: str | None) -> float:
    try:
        return 1.0 if told is None else float(told)
    except ValueError:
        return 0.0
