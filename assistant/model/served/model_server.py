"""Requests to a server that speaks OpenAI's protocol: with time-outs, retries and plain errors.

◆ httpx, tenacity. Knows addresses, keys and JSON; knows no chat. What fails before an answer has
begun is tried again where that can help; what breaks off later is an error. The address is the
owner's setting, so it may lead anywhere, to this machine too.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from retrieval.errors import BAD_VALUE, LanguageModelError, SettingsError

_PATIENCE = httpx.Timeout(60.0, connect=3.0)  # seconds, between two pieces of an answer too
_CONNECTIONS = httpx.Limits(max_connections=64, max_keepalive_connections=8)
_BUSY = (429, 502, 503, 504)  # statuses after which another attempt may succeed
_EVENT, _END = "data:", "[DONE]"  # of server-sent events

ServerAnswer = Mapping[str, Any]


class _BusyServerError(httpx.HTTPError):
    """The server cannot answer now."""


_several_times = retry(
    retry=retry_if_exception_type(
        (_BusyServerError, httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError)
    ),
    stop=stop_after_attempt(3),
    wait=wait_random_exponential(0.2, max=2),  # seconds
    reraise=True,
)


class ModelServer:
    """A server at http://host:port/v1, which may be asked from several threads at once."""

    def __init__(self, address: str, key: str = "") -> None:
        """Keep where it is; nothing is asked yet. What stands behind # names a model there.

        Raises: SettingsError when it is no such address.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"{address} is no server's address: write http://HOST:PORT/v1")
        base = parts._replace(path=parts.path.rstrip("/") or "/v1", query="", fragment="")
        self.model, self.place = unquote(parts.fragment), base.geturl()
        self._client = httpx.Client(
            base_url=self.place,
            timeout=_PATIENCE,
            limits=_CONNECTIONS,
            headers={"Authorization": f"Bearer {key}"} if key else {},
        )

    def answer(self, path: str, body: ServerAnswer | None = None) -> ServerAnswer:
        """Return the answer to one request; without a body it is a GET.

        Raises:
            LanguageModelError: the server does not answer, or refuses.
        """
        with self._translated(), closing(self._opened(path, body)) as response:
            response.read()
            answer: ServerAnswer = response.json()
            return answer

    def stream(self, path: str, body: ServerAnswer) -> Iterator[ServerAnswer]:
        """Yield the events of one answer as they come; closing the iterator ends the request.

        Raises:
            LanguageModelError: the server does not answer, refuses, or breaks off.
        """
        with self._translated(), closing(self._opened(path, body)) as response:
            for line in response.iter_lines():
                if (event := line.removeprefix(_EVENT).strip()) == _END:
                    return
                if line.startswith(_EVENT):
                    yield json.loads(event)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @_several_times
    def _opened(self, path: str, body: ServerAnswer | None) -> httpx.Response:
        """Return a response of which the status is read, and nothing else."""
        method = "GET" if body is None else "POST"
        request = self._client.build_request(method, path, json=body)
        response = self._client.send(request, stream=True)
        if response.status_code != httpx.codes.OK:
            with closing(response):
                reason = " ".join(response.read().decode(errors="replace").split())[:300]
            told = f"{response.status_code} {reason}"
            raise (_BusyServerError if response.status_code in _BUSY else httpx.HTTPError)(told)
        return response

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, *BAD_VALUE) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            cure = "start it, or set MAGPIE_LANGUAGE_MODEL to another"
            problem = f"the language model's server {self.place} failed ({reason})"
            raise LanguageModelError(f"{problem}: {cure}") from error
