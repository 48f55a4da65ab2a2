"""A real web server on this machine that hands out files as a shop's would, or worse."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What stands under a path, and how it is handed out."""

    content: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    version: str = ""  # the ETag without quotes; with one, parts are handed out
    cut: int | None = None  # bytes after which the connection is lost, the first time only
    first: tuple = ()  # statuses answered before the page is handed out
    pause: float = 0.0  # seconds before the answer, and before each `slow` bytes
    slow: int = 1 << 30


class MediaServer:
    """Serves `pages` by path and remembers what it was asked."""

    def __init__(self):
        self.pages, self.asked = {}, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers)))
                outer.answer(self)

            def log_message(self, *args):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *args: None  # who asked has gone
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def address(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def paths(self):
        return [path for path, _ in self.asked]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler):
        page = self.pages.get(handler.path, Page(status=404))
        if page.first:
            status, *rest = page.first
            page.first = tuple(rest)
            page = Page(status=status, headers=page.headers)
        time.sleep(page.pause)
        content, status, headers = page.content, page.status, dict(page.headers)
        if page.version:
            headers["ETag"] = f'"{page.version}"'
            asked = handler.headers
            if asked.get("Range") and asked.get("If-Range") == headers["ETag"]:
                start = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
                end = f"{len(content) - 1}/{len(content)}"
                status, headers["Content-Range"] = 206, f"bytes {start}-{end}"
                content = content[start:]
        handler.send_response(status)
        if "Transfer-Encoding" not in headers:
            headers.setdefault("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        self._send(handler, content, page)

    def _send(self, handler, content, page):
        cut, page.cut = page.cut, None
        try:
            for start in range(0, len(content[:cut]), page.slow):
                handler.wfile.write(content[:cut][start : start + page.slow])
                handler.wfile.flush()
                time.sleep(page.pause)
        except OSError:  # who asked has gone
            handler.close_connection = True
        if cut is not None:
            handler.close_connection = True
