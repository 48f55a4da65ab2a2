"""A browser tab of the page, without the browser: what it sends over HTTP, and what comes back.

Knows Gradio's routes as the page uses them (`assistant/page/gate.py`); knows nothing of what is
measured. Every tab has a cookie of its own, so it is a user of its own.
"""

import http.client
import json
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

_CONFIG = "window.gradio_config = "
_PATIENCE = 120  # seconds for an answer of the server


class PageTab:
    """A tab that is open on the page."""

    def __init__(self, address: str) -> None:
        """Open the page, and keep its cookie."""
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self.hash, self._cookie = secrets.token_hex(6), ""
        status, headers, shown = self._ask("GET", "/")
        if status != 200:
            raise OSError(f"{address} answers {status}")
        self._cookie = str(headers["set-cookie"]).partition(";")[0]
        config = json.JSONDecoder().raw_decode(shown, shown.index(_CONFIG) + len(_CONFIG))[0]
        self._numbers = {one["api_name"]: one["id"] for one in config["dependencies"]}

    def call(self, name: str, *sent: Any, event: Any = None) -> list[Any]:  # noqa: ANN401 - JSON
        """Call a function of the page that answers at once."""
        status, _, told = self._ask(
            "POST", "/gradio_api/run/predict", self._body(name, sent, event)
        )
        if status != 200:
            raise OSError(f"{name} answers {status}: {told[:200]}")
        return list(json.loads(told)["data"])

    def watch(self, look: Callable[[str], bool]) -> Iterator[str]:
        """Yield what the server sends while an answer grows; stop when `look` says no."""
        status, _, told = self._ask("POST", "/gradio_api/queue/join", self._body("watch", (None,)))
        if status != 200:
            raise OSError(f"the queue answers {status}: {told[:200]}")
        stream = self._connection()
        try:
            stream.request(
                "GET", f"/gradio_api/queue/data?session_hash={self.hash}", headers=self._headers()
            )
            answer = stream.getresponse()
            while line := answer.readline().decode():
                if not look(line):
                    return
                yield line
                if '"process_completed"' in line or '"close_stream"' in line:
                    return
        finally:
            stream.close()

    def stay(self) -> http.client.HTTPConnection:
        """Hold the connection by which a tab that is only open shows that it is there."""
        held = self._connection()
        held.request("GET", f"/gradio_api/heartbeat/{self.hash}", headers=self._headers())
        return held

    def conversation(self, session: str) -> list[str]:
        """Open a conversation; return the texts of its messages, the user's and the answers'."""
        deed = {"act": "open", "session": session, "item": "", "key": "", "text": "", "all": ""}
        return [
            json.dumps(one, ensure_ascii=False) for one in self.call("pressed", None, event=deed)[1]
        ]

    def send(self, words: str) -> str:
        """Send a message; return the id of its conversation."""
        drawn = self.call("submitted", {"text": words, "files": []}, None)
        current = re.findall(r'data-session="(\w+)"', str(drawn[3]))
        return current[0] if current else ""

    def _body(self, name: str, sent: tuple[Any, ...], event: Any = None) -> str:  # noqa: ANN401
        number = self._numbers[name]
        return json.dumps(
            {"fn_index": number, "data": sent, "session_hash": self.hash, "event_data": event}
        )

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self._cookie, "Content-Type": "application/json"}

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE)

    def _ask(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        asked = self._connection()
        try:
            asked.request(method, path, body=body, headers=self._headers())
            answer = asked.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            asked.close()
