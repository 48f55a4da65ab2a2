"""A language model on a real server, llama.cpp's, which is killed in the middle of a turn."""

import threading

import numpy as np
import pytest

from assistant.model.model_queue import Ticket, holding
from assistant.model.protocol import Message
from assistant.model.served.model_server import ModelServer
from assistant.model.served.served_model import ServedModel
from assistant.model.served.stand_in import StandInModel
from assistant.models import load_language_model
from assistant.settings import load_settings
from retrieval.errors import LanguageModelError, SettingsError, StoppedError
from retrieval.models.fetch import fetch
from tests.builders import ITEMS, build, ids, last
from tests.fakes import ScriptedModel
from tests.llama_server import LlamaServer

NAME = "smollm2-135m-instruct"
QUESTION = [
    Message("system", "Answer with one word, Yes or No."),
    Message("user", "Is snow cold? Yes or No:"),
]
FACT = [
    Message("system", "You are a helpful AI assistant."),
    Message("user", "What is the capital of France?"),
]


def open_served(address, key=""):
    return ServedModel(ModelServer(address, key))


@pytest.fixture(scope="module")
def server(home):
    folder = fetch(home, NAME, report=lambda progress: None)
    server = LlamaServer(next(folder.glob("*.gguf")))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def served(server):
    model = open_served(server.address)
    yield model
    model.close()


@pytest.mark.models
def test_a_served_model_keeps_the_promises(served):
    assert list(served.prepare([FACT])) == [None]
    pieces = list(served.stream(FACT, max_tokens=20))
    assert len(pieces) > 3
    assert "Paris" in "".join(pieces)
    begun = [*FACT, Message("assistant", "The capital of France is")]
    assert "".join(served.stream(begun, max_tokens=2)).startswith(" Paris")


@pytest.mark.models
def test_scores_are_the_servers_own_log_probabilities(served):
    scores = served.score([QUESTION, FACT, QUESTION], ["Yes", "No"])
    assert scores.shape == (3, 2)
    assert np.allclose(np.exp(scores).sum(axis=1), 1, atol=1e-5)
    assert np.allclose(scores[0], scores[2], atol=0.05)  # the order of a batch's sums
    asked = {
        "model": "any",
        "messages": [{"role": one.role, "content": one.content} for one in QUESTION],
        "max_tokens": 1,
        "logprobs": True,
        "top_logprobs": 20,
    }
    told = served._server.answer("/chat/completions", asked)
    told = told["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
    found = {one["token"]: one["logprob"] for one in told}
    apart = scores[0, 0] - scores[0, 1]
    assert apart == pytest.approx(found["Yes"] - found["No"], abs=0.05)


@pytest.mark.models
def test_a_stop_ends_a_reply_and_frees_the_server(served):
    ticket = Ticket()

    def tell():
        for _ in served.stream([Message("user", "Tell a long story.")], max_tokens=400):
            ticket.stop()

    with holding(ticket), pytest.raises(StoppedError):
        tell()
    assert "Paris" in "".join(served.stream(FACT, max_tokens=20))


@pytest.mark.models
def test_a_server_killed_in_mid_turn_ends_the_turn_well_and_the_next_ones_work(
    server, served, tmp_path
):
    class Killer(ServedModel):
        """Kills the server when it has told one score, before it is asked for another."""

        one_by_one = threading.Lock()

        def _score(self, chat, choices):
            with self.one_by_one:
                scored = super()._score(chat, choices)
                server.kill()
            return scored

    wish, two = "a soft scarf", ITEMS[:2]  # of which the model chooses the first
    alone = build(tmp_path / "alone", items=two)
    broken = build(tmp_path / "broken", Killer(ModelServer(server.address)), two)
    done = last(broken, wish)
    assert "language model failed" in done.notice
    assert ids(done) == ids(last(alone, wish))
    assert ids(last(broken, wish, "another")) == ids(done)
    server.start()
    again = last(build(tmp_path / "again", served, two), wish)
    assert (again.notice, again.model) == ("", served.name)
    assert sorted(ids(again)) == sorted(ids(done))


def test_what_stands_in_answers_until_the_server_does_again(caplog):
    served, local = ScriptedModel(broken=True), ScriptedModel("a b", "c d", "e f")
    served.name = "served"
    model = StandInModel(served, local)
    assert "".join(model.stream(FACT, max_tokens=9)) == "a b"
    assert model.name == "scripted (standing in for served)"
    assert model.score([QUESTION], ["Yes", "No"]).shape == (1, 2)
    served.broken, served.replies = False, ["g h"]
    assert "".join(model.stream(FACT, max_tokens=9)) == "g h"
    assert model.name == "served"
    assert [record.message for record in caplog.records] == [
        "language model: scripted (standing in for served); the script has ended",
        "language model: served; it answers again",
    ]
    model.close()
    assert served.closed
    assert local.closed


def test_nothing_stands_in_for_what_has_begun_to_speak():
    class Breaks(ScriptedModel):
        def stream(self, chat, *, max_tokens):
            yield "half"
            raise LanguageModelError("gone")

    said = []
    with pytest.raises(LanguageModelError, match="gone"):
        said += StandInModel(Breaks(), ScriptedModel("whole")).stream(FACT, max_tokens=9)
    assert said == ["half"]


def test_a_server_that_is_not_there_is_an_error_with_a_cure_and_is_soon_left_alone():
    model = open_served("http://127.0.0.1:9/v1#tiny")
    assert model.name == "tiny at http://127.0.0.1:9/v1"
    for _ in range(3):
        with pytest.raises(LanguageModelError, match=r"refused.*start it, or set MAGPIE_LANG"):
            list(model.stream(FACT, max_tokens=1))
    with pytest.raises(LanguageModelError, match="is tried again in 15 s"):
        model.score([QUESTION], ["Yes", "No"])


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://host/v1", "http://"])
def test_an_address_is_an_address(address):
    with pytest.raises(SettingsError, match="is no server's address"):
        ModelServer(address)


def test_one_setting_chooses_a_server_and_another_what_stands_in(tmp_path):
    chosen = load_settings(home=tmp_path, language_model="http://127.0.0.1:9")
    assert (
        load_language_model(chosen, lambda step: None).name == "the model at http://127.0.0.1:9/v1"
    )
    both = chosen.model_copy(update={"stand_in_model": "http://127.0.0.1:10/v1#small"})
    assert isinstance(load_language_model(both, lambda step: None), StandInModel)
    assert "secret" not in repr(load_settings(language_model_key="secret"))
