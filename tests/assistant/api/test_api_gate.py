"""Who is let in at the doors: hosts, origins, tokens, sizes; and which routes there are."""

import re
import socket
from urllib.parse import urlsplit

import pytest

from assistant.api.answer_items import PublicAddress
from assistant.api.callers import ANSWERED_A_MINUTE, REFUSED_A_MINUTE, Rate, Tokens, end_user
from assistant.api.gate import LARGEST_BODY, GatePolicy
from assistant.api.server.api_parts import api_parts
from assistant.api.server.api_server import ApiSettings, open_api
from assistant.api.server.application import application
from retrieval.errors import MessageError, SettingsError, StorageError
from tests.api_server import LentAgent, ask, ask_fully, doors_agent, served

ASKED = {"messages": [{"role": "user", "content": "a scarf"}]}
CHAT = "/v1/chat/completions"
LOADED = r"(?:<\w[^>]*\b(?:src|href)=|url\(|fetch\(|import\(?)\s*[\"']?((?:https?:)?//[^\"')\s]+)"


def test_these_routes_are_open_and_no_other(doors, shop_home):
    parts = api_parts(LentAgent(doors), PublicAddress())
    app = application(parts, GatePolicy(), Tokens(shop_home))
    parts.close()
    there = {
        f"{method} {route.path}"
        for route in _routes(app.routes)
        for method in route.methods or {"ANY"}
    }
    assert there == {
        "GET /health", "GET /ready", "GET /metrics",
        "GET /.well-known/ucp", "POST /catalog/search", "POST /catalog/lookup", "POST /catalog/product",
        "GET /pictures/{id:path}/{place}", "GET /v1/models", "POST /v1/chat/completions", "ANY /mcp",
        "GET /openapi.json", "HEAD /openapi.json", "GET /docs", "GET /widget", "GET /widget.js",
        "GET /example", "GET /static/docs.js", "GET /static/widget_frame.js", "GET /static/doors.css",
    }  # fmt: skip


def _routes(routes):
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from _routes(inner.routes) if inner else (route,)


@pytest.mark.parametrize("path", ["/", "/docs/", "/redoc", "/docs/oauth2-redirect", "/sse", "/messages",
                                  "/static/widget.html", "/static/..%2fapi%2fgate.py", "/v1", "/config"])  # fmt: skip
def test_a_route_that_is_none_is_not_there(address, path):
    assert ask(address, path)[0] == 404


def test_only_this_servers_own_names_are_answered(address):
    port = urlsplit(address).port
    assert ask(address, "/v1/models", Host=f"localhost:{port}")[0] == 200
    for host in (
        f"evil.example:{port}",
        f"127.0.0.1.evil.example:{port}",
        "169.254.169.254",
        "[::1]",
        "a b",
    ):
        for path in ("/v1/models", "/widget", "/.well-known/ucp", "/mcp"):
            assert ask(address, path, Host=host)[0] == 400, (host, path)


@pytest.mark.parametrize(
    "path", ["/v1/models", "/.well-known/ucp", "/docs", "/openapi.json", "/pictures/c-red/0"]
)
def test_another_origin_gets_nothing_not_even_another_port(address, path):
    port = urlsplit(address).port
    assert ask(address, path, Origin=address)[0] == 200
    for origin in (
        f"http://127.0.0.1:{port + 1}",
        "http://localhost:3000",
        "https://evil.example",
        "null",
    ):
        assert ask(address, path, Origin=origin)[0] == 403, origin
    for site in ("cross-site", "same-site"):
        assert ask(address, path, Sec_Fetch_Site=site, Sec_Fetch_Dest="image")[0] == 403


def test_another_origin_cannot_make_the_assistant_answer(address):
    for kind in ("application/json", "text/plain"):
        told = ask(address, CHAT, ASKED, Origin="https://evil.example", Content_Type=kind)
        assert told[0] == 403
    assert ask(address, CHAT, ASKED)[0] == 200


def test_a_shop_page_may_load_the_widget_and_only_named_origins_may_frame_it(doors, tmp_path):
    shop = "https://shop.example"
    with served(doors, tmp_path, origins=(shop,)) as address:
        script = ask_fully(
            address, "/widget.js", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="script"
        )
        frame = ask_fully(address, "/widget", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="iframe")
        other = ask_fully(address, "/docs")
    assert (script[0], frame[0]) == (200, 200)
    assert script[1]["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert frame[1]["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {shop}")
    assert other[1]["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "default-src 'none'" in other[1]["Content-Security-Policy"]
    assert other[1]["X-Content-Type-Options"] == "nosniff"


def test_no_page_loads_anything_from_elsewhere(address):
    for path in ("/docs", "/widget", "/example", "/widget.js", "/static/docs.js", "/static/widget_frame.js",
                 "/static/doors.css"):  # fmt: skip
        status, text = ask(address, path)
        assert status == 200
        loaded = re.findall(LOADED, text)
        assert loaded == [], path


def test_a_long_body_is_refused_whatever_its_header_says(address):
    told = ask(address, CHAT, b"{}", Content_Length=str(LARGEST_BODY + 1))
    assert told[0] == 413
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=30) as sent:
        head = f"POST {CHAT} HTTP/1.1\r\nHost: {where.netloc}\r\nTransfer-Encoding: chunked\r\n\r\n"
        sent.sendall(head.encode())
        piece = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
        answered = b""
        try:
            for _ in range(LARGEST_BODY // 2**20 + 8):
                sent.sendall(piece)
            answered = sent.recv(200)
        except OSError:  # it was cut off in the middle
            return
    assert answered.startswith(b"HTTP/1.1 4")


def test_beyond_this_machine_nothing_is_served_without_a_token_and_a_name(doors, tmp_path):
    with (
        pytest.raises(SettingsError, match="token is needed"),
        served(doors, tmp_path, host="0.0.0.0"),
    ):
        pass
    Tokens(tmp_path).issue("shop")
    with (
        pytest.raises(SettingsError, match="--allow-host"),
        served(doors, tmp_path, host="0.0.0.0"),
    ):
        pass


def test_beyond_this_machine_only_who_has_a_token_is_answered(doors, tmp_path):
    token = Tokens(tmp_path).issue("shop")
    with served(doors, tmp_path, host="0.0.0.0", names=("magpie.example",)) as shown:
        assert shown.startswith("http://magpie.example:")
        port = urlsplit(shown).port
        here, named = f"http://127.0.0.1:{port}", {"Host": f"magpie.example:{port}"}
        assert ask(here, "/v1/models")[0] == 400  # not by this machine's name
        for path, body in (("/v1/models", None), (CHAT, ASKED), ("/catalog/search", {"query": "x"}),
                           ("/mcp", {}), ("/pictures/c-red/0", None)):  # fmt: skip
            for given in (None, "Bearer ", "Bearer wrong", f"Basic {token}", f"Bearer {token}x"):
                assert ask(here, path, body, Authorization=given, **named)[0] in (401, 429), (
                    path,
                    given,
                )
        for path in ("/.well-known/ucp", "/widget", "/docs"):  # hold nothing of the catalogue
            assert ask(here, path, **named)[0] == 200
    with served(doors, tmp_path, host="0.0.0.0", names=("magpie.example",)) as shown:
        named = {
            "Host": f"magpie.example:{urlsplit(shown).port}",
            "Authorization": f"Bearer {token}",
        }
        here = f"http://127.0.0.1:{urlsplit(shown).port}"
        assert ask(here, "/v1/models", **named)[0] == 200
        Tokens(tmp_path).remove("shop")
        assert ask(here, "/v1/models", **named)[0] == 401  # at once


@pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded"])
def test_what_a_proxy_passes_on_needs_a_token_also_on_this_machine(doors, tmp_path, header):
    token = Tokens(tmp_path).issue("shop")
    with served(doors, tmp_path) as address:
        assert ask(address, "/v1/models")[0] == 200
        assert ask(address, "/v1/models", **{header: "for=203.0.113.9"})[0] == 401
        known = {header: "for=203.0.113.9", "Authorization": f"Bearer {token}"}
        assert ask(address, "/v1/models", **known)[0] == 200


def test_a_public_address_is_a_name_and_needs_tokens(doors, tmp_path):
    token = Tokens(tmp_path).issue("shop")
    with served(doors, tmp_path, public="https://magpie.example/") as shown:
        assert shown == "https://magpie.example"
    with open_api(LentAgent(doors), tmp_path, ApiSettings(port=_free(), public=shown)) as shown:
        here = f"http://127.0.0.1:{PORTS[-1]}"
        known = {"Host": "magpie.example", "Origin": shown, "Authorization": f"Bearer {token}"}
        assert ask(here, "/v1/models")[0] == 401
        assert ask(here, "/v1/models", **known)[0] == 200
        told = ask(here, "/.well-known/ucp", **known)[1]
        rest = told["ucp"]["services"]["dev.ucp.shopping"][0]
        assert rest["endpoint"] == "https://magpie.example"


PORTS = []


def _free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        PORTS.append(taken.getsockname()[1])
    return PORTS[-1]


def test_a_caller_with_a_token_asks_so_often_and_no_more(doors, tmp_path):
    token = Tokens(tmp_path).issue("shop")
    with served(doors, tmp_path) as address:
        known = {"Authorization": f"Bearer {token}"}
        answers = [ask(address, "/v1/models", **known)[0] for _ in range(ANSWERED_A_MINUTE + 20)]
        assert answers.count(429) >= 10
        assert ask(address, "/v1/models")[0] == 200  # another caller


def test_who_guesses_tokens_has_to_wait(doors, tmp_path):
    token = Tokens(tmp_path).issue("shop")
    with served(doors, tmp_path, needs_token=True) as address:
        answers = [
            ask(address, "/v1/models", Authorization=f"Bearer {n}")[0]
            for n in range(REFUSED_A_MINUTE + 3)
        ]
        assert answers[0] == 401
        assert answers[-1] == 429
        assert (
            ask(address, "/v1/models", Authorization=f"Bearer {token}")[0] == 200
        )  # never held up


def test_a_rate_is_each_callers_own_and_comes_back():
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    assert [rate.allows("a") for _ in range(61)] == [True] * 60 + [False]
    assert rate.allows("b")
    now[0] = 2.0
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 1e6
    assert sum(rate.allows("a") for _ in range(100)) == 60


def test_a_token_is_shown_once_and_kept_as_a_digest_for_its_owner_alone(tmp_path):
    tokens = Tokens(tmp_path / "home")
    token = tokens.issue("shop")
    file = tmp_path / "home" / "api.tokens"
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert tokens.caller(token) == "shop"
    assert tokens.caller(token[:-1]) == tokens.caller("") == ""
    for name in ("shop", "local", "a b", "", "A", "x" * 41, "../x"):
        with pytest.raises(SettingsError):
            tokens.issue(name)
    tokens.issue("kiosk")
    tokens.remove("shop")
    assert (tokens.names(), tokens.caller(token)) == (("kiosk",), "")
    file.write_text("kiosk\n")
    with pytest.raises(StorageError, match="damaged"):
        tokens.caller(token)


def test_no_end_user_of_a_program_is_another_ones_or_the_pages(tmp_path):
    assert end_user("shop", "anna") != end_user("kiosk", "anna") != end_user("kiosk")
    assert end_user("local").startswith("api:")
    for name in ("a:b", "a b", "\n", "x" * 65, "-", "../x"):
        with pytest.raises(MessageError):
            end_user("shop", name)


def test_a_taken_port_is_said(doors, tmp_path, address):
    taken = ApiSettings(port=urlsplit(address).port)
    with pytest.raises(SettingsError, match="--port"), open_api(LentAgent(doors), tmp_path, taken):
        pass


def test_a_fault_of_ours_tells_nothing_of_the_inside(tmp_path):
    agent = doors_agent(tmp_path)

    class Broken(LentAgent):
        def reply(self, request, session):
            raise ZeroDivisionError("a secret of the inside")

    with served(Broken(agent), tmp_path) as address:
        status, told = ask(address, CHAT, ASKED)
    agent.memory.close()
    assert status == 500
    assert "secret" not in str(told)
