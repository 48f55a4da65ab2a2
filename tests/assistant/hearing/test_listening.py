"""A voice message in a turn: what is told to the transcriber, and what is made of its answer."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant.page.visitor import visitor_language
from assistant.turn.request import Request
from retrieval.protocols import Hypothesis, Transcript
from tests.builders import build, last
from tests.media_files import save_wave


class Heard:
    """A transcriber that hears what it is told to, and keeps what it was told to expect."""

    name = "heard"

    def __init__(self, *hypotheses):
        self.hypotheses, self.expected = hypotheses, []

    def transcribe(self, recording, expected=None):
        self.expected.append(expected)
        best = self.hypotheses[0]
        return Transcript(best.words, best.language, 1.0, "", self.hypotheses)


@pytest.fixture
def recording(tmp_path):
    return save_wave([0.0] * 1600, tmp_path / "note.wav")


def spoken(tmp_path, *hypotheses):
    agent, heard = build(tmp_path), Heard(*hypotheses)
    return replace(agent, encoders=replace(agent.encoders, transcriber=heard)), heard


def test_the_page_s_language_is_expected_and_then_the_conversation_s(tmp_path, recording):
    agent, heard = spoken(tmp_path, Hypothesis("a scarf under 40", "en", -2.0))
    for language in ("de", "fr"):
        *_, done = agent.reply(Request(recording=recording, language=language), "s")
    assert [one.likely for one in heard.expected] == ["de", done.language]
    assert {"en", "de"} <= set(heard.expected[0].languages)
    assert any("scar" in name for name in heard.expected[0].names["en"])


def test_the_likelier_words_give_way_to_those_that_make_sense(tmp_path, recording):
    agent, _ = spoken(
        tmp_path,
        Hypothesis("a scar under 100 and 50 dollars", "en", -2.0),
        Hypothesis("a scarf under 100 and 50 dollars", "en", -3.5),
    )
    done = last(agent, recording=recording)
    assert done.transcript == "a scarf under 150 dollars"
    assert [(c.field, c.value) for c in done.constraints if c.field == "price"] == [
        ("price", 150.0)
    ]


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("zh-Hans-CN", "zh"), ("pt,FR;q=0.5", "fr"), ("", "en")],
)
def test_the_page_s_language_is_what_the_browser_prefers(header, language):
    by = SimpleNamespace(headers={"accept-language": header}, cookies={})
    assert visitor_language(by) == language
