"""The server as a typed Python object: search, lookup, product, and a conversation.

Knows HTTP and the doors' values; needs nothing but the standard library and pydantic.

    shop = MagpieClient()
    page = shop.search("a warm scarf under $40")
    talk = shop.conversation()
    print(talk.say("something like this", photo=Path("mug.jpg")).magpie.items)
"""

import base64
import json
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from pydantic import BaseModel

from assistant.api.chat.chat_records import ChatChunk, ChatCompletion
from assistant.api.server.api_server import API_PORT
from assistant.api.ucp.ucp_records import UcpLookupAnswer, UcpProductAnswer, UcpSearchAnswer
from assistant.api.ucp.ucp_requests import UcpFilters
from retrieval.errors import MagpieError

_Answer = TypeVar("_Answer", bound=BaseModel)

_AGENT = 'profile="https://magpie.invalid/python-client"'
_LONGEST_WAIT = 300.0  # seconds for an answer; the language model may be busy


class ApiAnswerError(MagpieError):
    """The server refused a request, or cannot be reached."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status  # of HTTP, 0 when there was no answer


class MagpieClient:
    """A server of Magpie's."""

    def __init__(self, address: str = f"http://127.0.0.1:{API_PORT}", token: str = "") -> None:
        """Ask the server at an address; beyond this machine that needs a token."""
        self._address, self._token = address.rstrip("/"), token
        self._open: OpenerDirector = build_opener(ProxyHandler({}))

    def search(
        self,
        query: str = "",
        *,
        photos: Sequence[Path] = (),
        like: Sequence[str] = (),
        filters: UcpFilters | None = None,
        limit: int = 10,
        cursor: str | None = None,
    ) -> UcpSearchAnswer:
        """Find products by words, photos, ids of products and filters; a cursor goes on.

        Raises: ApiAnswerError when the server refuses.
        """
        images = [{"image": _image(one)} for one in photos]
        asked = {
            "query": query or None,
            "like": [*({"id": one} for one in like), *images] or None,
            "filters": filters.model_dump(exclude_none=True) if filters else None,
            "pagination": {"limit": limit, "cursor": cursor},
        }
        return self._answer("/catalog/search", asked, UcpSearchAnswer)

    def lookup(self, ids: Sequence[str]) -> UcpLookupAnswer:
        """Return products by ids or codes; raises as `search`."""
        return self._answer("/catalog/lookup", {"ids": list(ids)}, UcpLookupAnswer)

    def product(self, id_: str, selected: dict[str, str] | None = None) -> UcpProductAnswer:
        """Return one product, with what goes with the options that are selected; as `search`."""
        chosen = [{"name": name, "label": label} for name, label in (selected or {}).items()]
        asked = {"id": id_, "selected": chosen or None}
        return self._answer("/catalog/product", asked, UcpProductAnswer)

    def conversation(self, user: str = "") -> "MagpieTalk":
        """Begin a conversation; with a user, likes are remembered."""
        return MagpieTalk(self, user)

    def complete(self, messages: Sequence[dict[str, Any]], user: str = "") -> ChatCompletion:
        """_Answer the last message of a conversation; raises as `search`."""
        asked = {"model": "magpie", "messages": list(messages), "user": user or None}
        return self._answer("/v1/chat/completions", asked, ChatCompletion)

    def stream(self, messages: Sequence[dict[str, Any]], user: str = "") -> Iterator[ChatChunk]:
        """Yield the pieces of an answer as they are made; raises as `search`."""
        asked = {"model": "magpie", "messages": list(messages), "stream": True}
        with self._sent("/v1/chat/completions", {**asked, "user": user or None}) as answer:
            for line in answer:
                told = line.decode().strip().removeprefix("data: ")
                if told and told != "[DONE]":
                    yield ChatChunk.model_validate_json(told)

    def _answer(self, path: str, asked: dict[str, Any], kind: type[_Answer]) -> _Answer:
        with self._sent(path, asked) as answer:
            return kind.model_validate_json(answer.read())

    def _sent(self, path: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401 - urllib has no type
        body = {name: value for name, value in asked.items() if value is not None}
        headers = {"Content-Type": "application/json", "UCP-Agent": _AGENT}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = Request(self._address + path, json.dumps(body).encode(), headers)
        try:
            return self._open.open(request, timeout=_LONGEST_WAIT)
        except HTTPError as error:
            raise ApiAnswerError(_reason(error), error.code) from error
        except URLError as error:
            cure = "is it served? `magpie serve` does that"
            raise ApiAnswerError(
                f"{self._address} cannot be reached ({error.reason}): {cure}"
            ) from error


@dataclass
class MagpieTalk:
    """A conversation: what was said so far stands in `messages`."""

    client: MagpieClient
    user: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)

    def say(self, words: str, *, photo: Path | None = None) -> ChatCompletion:
        """Say and show something, and return the answer; raises ApiAnswerError as `search`."""
        content: list[dict[str, Any]] = [{"type": "text", "text": words}]
        if photo is not None:
            sent = _image(photo)
            url = f"data:{sent['content_type']};base64,{sent['data']}"
            content.append({"type": "image_url", "image_url": {"url": url}})
        asked = [*self.messages, {"role": "user", "content": content}]
        answer = self.client.complete(asked, self.user)
        told = {"role": "assistant", "content": answer.choices[0].message.content}
        self.messages = [*asked, told]
        return answer


def _image(photo: Path) -> dict[str, str]:
    kind = mimetypes.guess_type(photo.name)[0] or "image/jpeg"
    return {"content_type": kind, "data": base64.b64encode(photo.read_bytes()).decode()}


def _reason(error: HTTPError) -> str:
    """Return what the server says of a refusal."""
    try:
        told = json.loads(error.read(65_536))
    except ValueError:
        return f"the server answers {error.code}"
    inner = told.get("error") if isinstance(told.get("error"), dict) else told
    return str(inner.get("message") or inner.get("content") or f"the server answers {error.code}")
