"""What docs/api.md shows is run: the real command, the real encoders, the real index of the demo."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.api_server import ask, data_address

pytestmark = pytest.mark.models
DOCS = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
PICTURE = Path(__file__).parents[3] / "demo" / "pictures" / "mug-02-1.webp"
MAGPIE = [sys.executable, "-m", "assistant.commands.main"]
WRITTEN = "http://127.0.0.1:7960"


def examples(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)


def environment(home):
    return os.environ | {"MAGPIE_HOME": str(home), "MAGPIE_LANGUAGE_MODEL": "none"}


@pytest.fixture(scope="module")
def server(home, demo_index):
    """Start the command that the page names, and yield its address."""
    started = subprocess.Popen(
        [*MAGPIE, "serve", "--port", "0"],
        stdout=subprocess.PIPE, text=True, env=environment(home),
    )  # fmt: skip
    try:
        yield re.search(r"http://[\d.:]+", started.stdout.readline())[0]
    finally:
        started.terminate()
        started.wait(30)
        started.stdout.close()


def test_the_page_and_the_doors_are_served_by_one_command(home, demo_index):
    started = subprocess.Popen(
        [*MAGPIE, "ui", "--api", "0"], stdout=subprocess.PIPE, text=True, env=environment(home),
    )  # fmt: skip
    try:
        page, programs = (
            re.search(r"http://[\d.:]+", started.stdout.readline())[0] for _ in range(2)
        )
        assert "<html" in ask(page, "/")[1]
        assert ask(programs, "/v1/models")[0] == 200
        assert ask(page, "/v1/models")[0] == 404  # the page's own port has no door
    finally:
        started.terminate()
        started.wait(30)
        started.stdout.close()


@pytest.mark.parametrize("number", range(3))
def test_the_python_examples_run(server, home, number):
    program = examples("python")[number].replace(WRITTEN, server)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, timeout=120, env=environment(home),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = (
        ("1. **", "green"),
        ("Mug", "$20"),
        ("Mug", "Mug"),
    )[number]
    assert all(one in done.stdout for one in told), done.stdout


def test_no_python_example_is_left_out():
    assert len(examples("python")) == 3


def test_the_curl_example_finds_what_it_says(server):
    (command,) = [one for one in examples("sh") if one.startswith("curl")]
    done = subprocess.run(
        ["bash", "-c", command.replace(WRITTEN, server)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    products = json.loads(done.stdout)["products"]
    assert len(products) == 3
    assert all("Scarf" in one["title"] for one in products)
    assert all(one["price_range"]["min"]["amount"] < 4000 for one in products)
    assert all(one["variants"][0]["availability"]["available"] for one in products)


def test_a_photo_finds_itself_by_the_real_encoder(server):
    told = ask(server, "/v1/chat/completions", _photo_asked("what is like this?"))
    assert "mug-02" in [one["id"] for one in told[1]["magpie"]["items"]][:2]


def test_noise_finds_nothing_and_synonyms_find_something(server):
    for words, some in (
        ("zzz_no_such_product_zzz", False),
        ("qwrtz", False),
        ("sneakers", True),
        ("Schal", True),
    ):
        status, told = ask(server, "/catalog/search", {"query": words})
        assert (status, bool(told["products"])) == (200, some), words


def _photo_asked(words):
    image = {
        "type": "image_url",
        "image_url": {"url": data_address(PICTURE.read_bytes(), "image/webp")},
    }
    return {"messages": [{"role": "user", "content": [{"type": "text", "text": words}, image]}]}


def test_over_standard_streams_a_conversation_with_a_photo_goes_on(home, demo_index):
    async def talk():
        started = StdioServerParameters(
            command=MAGPIE[0], args=[*MAGPIE[1:], "mcp"], env=environment(home)
        )
        async with Client(stdio_client(started)) as magpie:
            photo = data_address(PICTURE.read_bytes(), "image/webp")
            first = await magpie.call_tool("ask", {"words": "a mug like this", "photo": photo})
            session = first.structured_content["session"]
            second = await magpie.call_tool(
                "ask", {"words": "but under 13 dollars", "session": session}
            )
            return first.structured_content, second.structured_content

    first, second = asyncio.run(asyncio.wait_for(talk(), 180))
    assert "mug-02" in [one["id"] for one in first["items"]]
    assert second["items"]
    assert all(one["price"] < 13 and "Mug" in one["title"] for one in second["items"])


@pytest.mark.parametrize("command", ["serve", "mcp", "token"])
def test_the_commands_that_it_names_are_there(command):
    done = subprocess.run([*MAGPIE, command, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    for option in set(re.findall(rf"magpie {command}[^\n`]*?(--[\w-]+)", DOCS)):
        assert option in done.stdout, option


def test_tokens_are_made_listed_and_removed(tmp_path):
    def run(*words):
        done = subprocess.run(
            [*MAGPIE, "token", *words], capture_output=True, text=True, timeout=60,
            env=environment(tmp_path),
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    status, token, _ = run("add", "shop")
    assert status == 0
    assert re.fullmatch(r"magpie-[\w-]{43}\n", token)
    assert "shop" in run("list")[1]
    assert token.strip() not in (tmp_path / "api.tokens").read_text()
    assert run("add", "shop")[0] == 2
    assert run("remove", "shop")[0] == 0
    assert "shop" not in run("list")[1]
