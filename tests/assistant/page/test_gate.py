"""Who is let in: the page's own requests, on its own routes, each for its own user."""

import json
import os
import re
import stat
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from gradio.routes import App
from sqlalchemy import text

from assistant.memory.store import Memory
from assistant.page.gate import COOKIE, is_used, signing_key
from assistant.page.page import build_page, open_page
from assistant.page.shops import OpenShops
from retrieval.errors import StorageError
from retrieval.items import Item
from tests.fakes import ShelfAgent

ITEMS = [Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD")]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def memory(home):
    memory = Memory(f"sqlite:///{home / 'memory.sqlite'}")
    yield memory
    memory.close()


@pytest.fixture(scope="module")
def address(home, memory):
    with open_page(ShelfAgent(ITEMS, memory=memory), home) as address:
        yield address.rstrip("/")


class Browser:
    """What a browser sends: its cookies, and the headers that it is told to send."""

    def __init__(self, address):
        self.address, self.cookies, self.tab = address, CookieJar(), "s"
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        ).open

    def ask(self, path, *, body=None, **headers):
        """Return the status and the text of an answer; headers are named with underscores."""
        sent = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, sent, {**kind, **named})
        try:
            with self._open(request, timeout=20) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def call(self, *data, does="show", event=None, path="/gradio_api/run/predict"):
        """Call a function of the page, as its events do; "show" draws the memory."""
        agent = ShelfAgent(ITEMS, memory=self.memory)
        functions = build_page(OpenShops(agent), Path()).fns.items()
        number = next(
            number for number, one in functions if getattr(one.fn, "__name__", "") == does
        )
        sent = {"fn_index": number, "data": list(data), "event_data": event}
        body = {**sent, "session_hash": self.tab}
        return self.ask(path, body=body)

    def look(self):
        """Return the messages of a look at the conversation, from its stream."""
        self.call(None, does="watch", path="/gradio_api/queue/join")
        stream = self.ask(f"/gradio_api/queue/data?session_hash={self.tab}")[1]
        return [json.loads(line[5:]) for line in stream.splitlines() if line.startswith("data:")]


@pytest.fixture
def browser(address, memory):
    def open_one():
        browser = Browser(address)
        browser.memory = memory
        assert browser.ask("/")[0] == 200
        return browser

    return open_one


def test_only_this_machines_own_names_are_answered(browser, address):
    port = urlsplit(address).port
    assert browser().ask("/", Host=f"localhost:{port}")[0] == 200
    for host in (f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "169.254.169.254", ""):
        assert browser().ask("/", Host=host)[0] == 400, host
        assert browser().ask("/gradio_api/queue/data?session_hash=s", Host=host)[0] == 400, host


@pytest.mark.parametrize("path", ["/", "/pictures/shelf/m1", "/gradio_api/startup-events"])
def test_another_origin_gets_nothing_not_even_another_port(browser, address, path):
    port = urlsplit(address).port
    assert browser().ask(path, Origin=address)[0] in (200, 404)
    for origin in (f"http://127.0.0.1:{port + 1}", "http://localhost:3000", "https://evil.example",
                   f"https://127.0.0.1:{port}", "null"):  # fmt: skip
        status, said = browser().ask(path, Origin=origin)
        assert (status, "Magpie" in said) == (403, False), origin
    for site in ("cross-site", "same-site"):
        assert browser().ask(path, Sec_Fetch_Site=site, Sec_Fetch_Dest="iframe")[0] == 403


def test_another_origin_can_upload_nothing(browser):
    asked = browser().ask("/gradio_api/upload", body={}, Origin="http://localhost:3000")
    assert asked[0] == 403


def test_a_link_on_another_site_opens_the_page(browser):
    followed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "document"}
    assert browser().ask("/", **followed)[0] == 200


def test_the_routes_that_are_open_are_those_that_the_page_uses(memory, tmp_path):
    agent = ShelfAgent(ITEMS, memory=memory)
    with build_page(OpenShops(agent), tmp_path) as page:
        app = App.create_app(page)
    there = {
        f"{method} {route.path}"
        for route in _routes(app)
        for method in route.methods
        if is_used(method, _example(route.path))
    }
    assert there == {
        "GET /", "HEAD /", "GET /theme.css", "GET /favicon.ico", "GET /manifest.json",
        "GET /pwa_icon", "GET /robots.txt", "GET /assets/{path:path}", "GET /static/{path:path}",
        "GET /gradio_api/startup-events", "GET /gradio_api/upload_progress",
        "GET /gradio_api/queue/data", "POST /gradio_api/queue/join", "POST /gradio_api/cancel",
        "GET /gradio_api/file={path_or_url:path}", "HEAD /gradio_api/file={path_or_url:path}",
        "GET /gradio_api/heartbeat/{session_hash}", "POST /gradio_api/upload",
        "POST /gradio_api/run/{api_name}", "POST /gradio_api/reset",
    }  # fmt: skip


def _routes(app):
    """Return all routes of an application, also those of the routers that it includes."""
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        prefix = getattr(getattr(route, "include_context", None), "prefix", "")
        assert not prefix
        yield from inner.routes if inner else (route,)


def _example(path):
    """Return a path that a route answers: the page's own where it has one."""
    path = path.replace("={path_or_url:path}", "=/tmp/a.png").replace("{api_name}", "predict")
    return re.sub(r"{\w+(:path)?}", "abc", path)


@pytest.mark.parametrize(
    "closed",
    [
        "POST /gradio_api/process_recording", "GET /config", "GET /gradio_api/info", "GET /monitoring",
        "GET /gradio_api/proxy=http://127.0.0.1:1/", "GET /gradio_api/file=http://evil.example/",
        "GET /gradio_api/deep_link", "POST /gradio_api/call/show", "POST /gradio_api/api/show",
        "GET /gradio_api/file/etc/passwd", "GET /openapi.json", "GET /gradio_api/runs", "POST /login",
        "POST /gradio_api/vibe-edit", "GET /gradio_api/profiling/summary", "DELETE /", "PUT /",
    ],
)  # fmt: skip
def test_a_route_that_the_page_does_not_use_is_closed(browser, closed):
    method, path = closed.split()
    status, said = browser().ask(path, body=None if method == "GET" else {})
    assert (status, said) == (404, "the page does not use this") or method in ("DELETE", "PUT")
    assert not is_used(method, path)


def test_memory_is_drawn_for_the_cookies_user_whatever_else_is_said(browser, memory):
    memory.add_sentence("me", "I hate polyester")  # the command line's user
    anna, bert = browser(), browser()
    deed = {"act": "add", "text": "I only wear wool"}
    assert "I only wear wool" in anna.call(does="press", event=deed)[1]
    assert "I only wear wool" in anna.call()[1]
    for said in ("me", _user(memory)):
        for data in ([], [said], [said, said]):
            shown = bert.call(*data)[1]
            assert "wool" not in shown
            assert "polyester" not in shown
            bert.call(*data, does="press", event={"act": "forget", "all": "yes"})
    assert "I only wear wool" in anna.call()[1]
    assert memory.edits("me")


def test_a_conversation_is_closed_to_another_browser_that_knows_its_number(browser, memory):
    anna, bert = browser(), browser()
    message = {"text": "a mug for my secret", "files": []}
    said = anna.call(message, None, does="submitted")[1]
    assert "my secret" in said
    number = re.search(r'data-session=\\"(\w+)', said)[1]
    attempts = [
        ("submitted", (message, None), None),
        ("stop", (None,), None),
        ("settle", (None,), None),
    ]
    attempts += [
        ("pressed", (None,), {"act": act, "session": number, "text": "mine"})
        for act in ("edit", "again", "open", "rename", "delete")
    ]
    for does, data, event in attempts:  # the session's state is the same: both are in one window
        status, said = bert.call(*data, does=does, event=event)
        assert status == 500, (does, event)
        assert "my secret" not in said, does
    fresh = bert.ask(f"/?conversation={number}")
    assert fresh[0] == 200
    assert "my secret" not in fresh[1]


def _user(memory):
    """Return the web's user of whom something is remembered."""
    with memory._database.begin() as database:
        return database.execute(text("select user from profile_edits where user != 'me'")).scalar()


@pytest.mark.parametrize("change", [lambda value: f"x{value[1:]}", lambda value: "bWU=.x.y"])
def test_a_cookie_that_this_machine_did_not_sign_is_a_stranger(browser, change):
    anna = browser()
    anna.call(does="press", event={"act": "add", "text": "I collect enamel"})
    (cookie,) = anna.cookies
    assert cookie.name == COOKIE
    stranger = browser()
    stranger.cookies.clear()
    forged = f"{COOKIE}={change(cookie.value)}"
    assert "enamel" not in stranger.ask("/", Cookie=forged)[1]
    assert "enamel" not in stranger.call()[1]


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    key = signing_key(tmp_path / "home")
    assert signing_key(tmp_path / "home") == key
    assert stat.S_IMODE((tmp_path / "home" / "page.key").stat().st_mode) == 0o600
    (tmp_path / "home" / "page.key").write_bytes(b"\xff")
    with pytest.raises(StorageError, match="damaged"):
        signing_key(tmp_path / "home")


def test_uploads_are_for_this_account_alone_and_end_with_the_page(tmp_path, memory):
    before = os.environ.get("GRADIO_TEMP_DIR")
    with open_page(ShelfAgent(ITEMS, memory=memory), tmp_path) as address:
        assert Browser(address.rstrip("/")).ask("/")[0] == 200
        folder = Path(os.environ["GRADIO_TEMP_DIR"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()
    assert os.environ.get("GRADIO_TEMP_DIR") == before


def test_what_ends_a_look_repeats_no_conversation_that_may_be_old_by_then(browser):
    one = browser()
    one.tab = "another"
    one.call({"text": "a mug", "files": []}, None, does="submitted")
    messages = one.look()
    assert any("a mug" in json.dumps(message) for message in messages)
    ended = next(message for message in messages if message["msg"] == "process_completed")
    assert ended["success"]
    assert "a mug" not in json.dumps(ended["output"])
