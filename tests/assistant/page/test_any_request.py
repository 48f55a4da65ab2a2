"""Any body, on every route that the page uses: answered at once, and the page goes on.

What is no request of the page may be refused by Gradio, and by nothing of ours with a traceback.
"""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.memory.store import Memory
from assistant.page.page import open_page
from retrieval.items import Item
from tests.fakes import ShelfAgent

ITEMS = [Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD")]
PATIENCE = 20  # seconds for an answer
FUNCTIONS = 28  # of the page
CONFIG = "window.gradio_config = "

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
TEXT = st.text(max_size=60) | st.sampled_from(
    ["a mug", "x" * 5000, "\ud800", "\0", "\u202e<b>", ""]
)
FILE = st.fixed_dictionaries(
    {},
    optional={
        "path": st.sampled_from(["/etc/passwd", "", "../x.png", "/proc/self/environ", "x\0y"]) | TEXT,
        "url": TEXT, "orig_name": TEXT, "mime_type": TEXT, "size": JSON, "is_stream": st.booleans(),
        "meta": st.just({"_type": "gradio.FileData"}) | JSON,
    },
)  # fmt: skip
MESSAGE = st.fixed_dictionaries({"text": TEXT | JSON, "files": st.lists(FILE, max_size=3) | JSON})
ACTS = ("open", "rename", "delete", "now", "drop:0", "drop:", "drop:-1", "edit", "keep", "again",
        "add", "remove", "forget", "on", "off", "like", "dislike", "", "limit:0:5", "limit:0:nan",
        "balance:40", "undo", "look", "cancel", "resume")  # fmt: skip
DEED = st.dictionaries(
    st.sampled_from(["act", "item", "key", "text", "all", "session", "index", "value", "path"]),
    st.sampled_from(ACTS) | st.sampled_from(["yes", "m1", "s"]) | TEXT | JSON,
)
CALL = st.fixed_dictionaries(
    {
        "fn_index": st.integers(0, FUNCTIONS) | JSON,
        "data": st.lists(MESSAGE | TEXT | JSON, max_size=3) | JSON,
        "session_hash": st.sampled_from(["s", "t"]) | TEXT | JSON,
        "event_data": st.none() | DEED | JSON,
    },
    optional={"trigger_id": JSON, "request": JSON, "simple_format": JSON, "event_id": JSON},
)
# What the page's own calls look like: a function, its inputs, and what the event says.
SELECTED = st.fixed_dictionaries({"index": st.integers() | JSON, "value": TEXT | JSON})
STATE = st.none() | TEXT
OWN = st.one_of(
    st.tuples(st.just("submitted"), st.tuples(MESSAGE, STATE), st.none()),
    st.tuples(st.sampled_from(["choose", "follow"]), st.tuples(STATE), SELECTED),
    st.tuples(st.just("pressed"), st.tuples(STATE), DEED),
    st.tuples(st.sampled_from(["settle", "stop"]), st.tuples(STATE), st.none()),
    st.tuples(
        st.sampled_from(["arrive", "start_over", "show", "list_kept"]), st.just(()), st.none()
    ),
    st.tuples(st.sampled_from(["press", "change"]), st.just(()), DEED),
).map(
    lambda call: {"fn_index": call[0], "data": call[1], "session_hash": "s", "event_data": call[2]}
)
BODY = CALL.map(lambda call: json.dumps(call).encode()) | JSON.map(
    lambda value: json.dumps(value).encode()) | st.binary(max_size=200)  # fmt: skip
ROUTE = st.sampled_from(["run/predict", "queue/join", "cancel", "reset", "upload"])
KIND = st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain", ""])


def own(name, inputs, event):
    call = {"fn_index": name, "data": inputs, "session_hash": "s", "event_data": event}
    return ("run/predict", json.dumps(call).encode(), "application/json")


OWN_REQUEST = st.tuples(
    st.just("run/predict"), OWN.map(lambda call: json.dumps(call).encode()), st.just("application/json")
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    memory = Memory(f"sqlite:///{home / 'memory.sqlite'}")
    with open_page(ShelfAgent(ITEMS, memory=memory), home) as address:
        yield urlsplit(address)
    memory.close()


@pytest.fixture(scope="module")
def numbers(address):
    """Return the numbers of the page's functions, by their names."""
    _, _, shown = ask(address, "GET", "/")
    start = shown.index(CONFIG) + len(CONFIG)
    config = json.JSONDecoder().raw_decode(shown, start)[0]
    return {one["api_name"]: one["id"] for one in config["dependencies"]}


def with_number(body, numbers):
    """Write a function's number in the place of its name."""
    for name, number in numbers.items():
        body = body.replace(f'"fn_index": "{name}"'.encode(), f'"fn_index": {number}'.encode())
    return body


def ask(address, method, path, body=None, kind="application/json", cookie=""):
    asked = http.client.HTTPConnection(address.hostname, address.port, timeout=PATIENCE)
    try:
        asked.request(method, path, body, {"Content-Type": kind, "Cookie": cookie})
        answer = asked.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        asked.close()


@settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=settings.default.max_examples,
)
@example(own("choose", [None], {"index": 1, "value": ""}))  # crashes that it has found
@example(own("pressed", [None], None))
@example(own("press", [], None))
@given(OWN_REQUEST | OWN_REQUEST | st.tuples(ROUTE, BODY, KIND))
def test_any_request_is_answered_and_the_page_goes_on(address, numbers, capfd, request_sent):
    route, body, kind = request_sent
    capfd.readouterr()
    _, headers, _ = ask(address, "GET", "/")
    cookie = headers["set-cookie"].partition(";")[0]
    body = with_number(body, numbers)
    status, _, told = ask(address, "POST", f"/gradio_api/{route}", body, kind, cookie)
    broken = [line for line in capfd.readouterr().err.splitlines() if "/assistant/" in line]
    assert not broken, (status, broken)
    assert "Traceback" not in told
    assert "root:" not in told
    assert str(Path.cwd()) not in told
    call = {"fn_index": numbers["show"], "data": [], "session_hash": "after", "event_data": None}
    assert (
        ask(address, "POST", "/gradio_api/run/predict", json.dumps(call), cookie=cookie)[0] == 200
    )
