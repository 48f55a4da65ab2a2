"""Probes and metrics of a real server: who may read them, what they count, and that they tell no word."""

import re
from dataclasses import replace

import pytest

from assistant.api.callers import Tokens
from assistant.beginning import Beginning
from retrieval.errors import LanguageModelError
from tests.api_server import LentAgent, ask, ask_fully, doors_agent, served
from tests.fakes import ScriptedModel

CHAT = "/v1/chat/completions"


def asked(words):
    return {"messages": [{"role": "user", "content": words}]}


def counted(address):
    """Return the counts of turns by how they ended, and the names of stages."""
    status, headers, text = ask_fully(address, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    ends = re.findall(r'^magpie_turns_total\{end="(\w+)"\} (\S+)$', text, re.MULTILINE)
    stages = re.findall(r'^magpie_stage_seconds_count\{stage="(\w+)"\}', text, re.MULTILINE)
    assert "magpie_turns_running 0.0" in text
    return {end: float(count) for end, count in ends}, set(stages), text


def test_turns_are_counted_by_how_they_end_and_no_word_of_them_is_told(doors, shop_home):
    with served(doors, shop_home) as address:
        assert ask(address, CHAT, asked("a marvellous scarf"))[0] == 200
        assert ask(address, CHAT, asked(""))[0] == 400
        assert ask(address, CHAT, asked("a mug") | {"stream": True})[0] == 200
        ends, stages, text = counted(address)
    assert ends == {"answered": 2.0, "refused": 1.0}
    assert stages >= {"understand", "search", "first_items", "total"}
    assert "marvellous" not in text


def test_a_turn_whose_model_failed_counts_as_degraded_and_one_that_broke_as_failed(tmp_path):
    class Breaks(LentAgent):
        def reply(self, request, session):
            if request.words == "break":
                raise LanguageModelError("so many turns wait")
            return super().reply(request, session)

    agent = replace(doors_agent(tmp_path), model=ScriptedModel(broken=True))
    with served(Breaks(agent), tmp_path) as address:
        assert ask(address, CHAT, asked("break"))[0] == 503
        assert ask(address, CHAT, asked("a soft scarf"))[0] == 200
        ends, _, _ = counted(address)
    assert ends == {"failed": 1.0, "degraded": 1.0}
    agent.memory.close()


def test_health_and_readiness_need_no_token_and_metrics_do(doors, shop_home):
    Tokens(shop_home).issue("watcher")
    with served(doors, shop_home, needs_token=True) as address:
        assert ask(address, "/health", Authorization=None) == (200, {"status": "ok"})
        assert ask(address, "/ready", Authorization=None) == (200, {"ready": True})
        assert ask(address, "/metrics", Authorization=None)[0] == 401


def test_a_server_that_still_loads_lives_and_is_not_ready(doors, shop_home):
    class Loading(LentAgent):
        ready = Beginning.ready
        _living = None

    with served(Loading(doors), shop_home) as address:
        assert ask(address, "/health")[0] == 200
        assert ask(address, "/ready") == (503, {"ready": False})


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_no_page_of_another_origin_reads_them(address, path):
    assert ask(address, path, Origin="https://evil.example")[0] == 403
