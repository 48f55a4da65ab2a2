"""What may be said in a recording: in the languages offered, with the names that are expected."""

import subprocess
import wave

import gradio
import numpy as np
import pytest

from retrieval.encoders.speech import WhisperTranscriber, load_transcriber
from retrieval.encoders.speech_engines import Segment
from retrieval.media.recordings import RATE, Recording, read_recording
from retrieval.models.fetch import fetch
from retrieval.protocols import SpeechExpected
from tests.media_files import save_wave

OFFERED = ("en", "de", "fr", "es", "zh")


class Window:
    """A window of which is known what each language and hint makes of it."""

    def __init__(self, languages, said):
        self.languages, self._said, self.decoded = languages, said, []

    def decode(self, language, hint):
        self.decoded.append((language, hint))
        return [
            Segment(words, 0.0, likelihood / 5, 1.0, likelihood)
            for words, likelihood in self._said.get((language, bool(hint)), ())
        ]


class Engine:
    """A speech engine whose windows are told."""

    name = "told"

    def __init__(self, *windows):
        self._windows, self.given = list(windows), []

    def encode(self, sound):
        self.given.append(sound)
        return self._windows[len(self.given) - 1]


def speech(tmp_path, times=1):
    """Return real speech that gradio ships, some times over."""
    import pathlib

    place = pathlib.Path(gradio.__file__).parent / "media_assets" / "audio" / "heath_ledger.mp3"
    return Recording(save_wave(np.tile(read_recording(place), times), tmp_path / "a.wav"))


def heard(tmp_path, window, **expected):
    return WhisperTranscriber(Engine(window)).transcribe(
        speech(tmp_path), SpeechExpected(languages=OFFERED, **expected)
    )


def test_a_language_that_is_not_offered_is_never_tried(tmp_path):
    window = Window({"cy": 0.9, "en": 0.08, "de": 0.001}, {("en", False): [("a mug", -2.0)]})
    found = heard(tmp_path, window)
    assert (found.words, found.language) == ("a mug", "en")
    assert {language for language, _ in window.decoded} == {"en"}


def test_two_languages_are_tried_where_neither_is_sure(tmp_path):
    said = {("en", False): [("sharp", -3.0)], ("de", False): [("Schal", -2.0)]}
    window = Window({"en": 0.5, "de": 0.45}, said)
    found = heard(tmp_path, window)
    assert [(one.words, one.language) for one in found.hypotheses] == [("Schal", "de"), ("sharp", "en")]  # fmt: skip
    assert found.words == "Schal"


def test_the_language_of_the_page_is_likelier_before_anything_is_heard(tmp_path):
    window = Window({"en": 0.8, "de": 0.15, "fr": 0.05}, {("de", False): [("Schal", -2.0)]})
    heard(tmp_path, window, likely="de")
    assert {language for language, _ in window.decoded} == {"en", "de"}
    sure = Window({"en": 0.99}, {("en", False): [("scarf", -2.0)]})
    heard(tmp_path, sure, likely="de")
    assert {language for language, _ in sure.decoded} == {"en"}


def test_what_is_expected_is_a_hint_and_pays_for_it(tmp_path):
    said = {
        ("en", False): [("Show me tablets.", -3.0)],
        ("en", True): [("Xiaomi tablets.", -2.5), ("Show me tablets.", -2.8)],
    }
    window = Window({"en": 1.0}, said)
    found = heard(tmp_path, window, names={"en": ("tablets", "Xiaomi"), "de": ("Tablets",)})
    assert window.decoded == [("en", ""), ("en", "tablets, Xiaomi")]
    assert [one.words for one in found.hypotheses] == ["Show me tablets.", "Xiaomi tablets."]


def test_a_long_message_is_heard_in_one_language_window_by_window(tmp_path):
    first = Window({"en": 0.4, "fr": 0.6}, {("en", False): [("first part", -2.0)]})
    second = Window({"en": 1.0, "fr": 0.0}, {("en", False): [("second part", -3.0)]})
    engine = Engine(first, second)
    found = WhisperTranscriber(engine).transcribe(
        speech(tmp_path, times=12), SpeechExpected(languages=("en", "fr"))
    )
    assert found.words == "first part second part"
    assert len(engine.given[0]) == 30 * RATE


def test_nothing_believable_is_nothing_heard(tmp_path):
    found = heard(tmp_path, Window({"en": 1.0}, {("en", False): [("glorp", -9.0)]}))
    assert (found.words, found.hypotheses) == ("", ())
    assert "could not make out" in found.notice


def test_channels_that_cancel_out_are_heard(tmp_path):
    sound = read_recording(speech(tmp_path).path)
    for channels in ([sound, -sound], [sound, 0 * sound], [0 * sound, sound], [sound, sound]):
        place = tmp_path / "stereo.wav"
        with wave.open(str(place), "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes((np.stack(channels).T * 32767).astype("<i2").tobytes())
        found = read_recording(place)
        assert np.abs(np.abs(found) - np.abs(sound)).max() < 0.001


# ---- real weights -------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["openai-whisper", "faster-whisper"])
def transcriber(request, home):
    weights = fetch(home, "whisper-base", report=lambda progress: None)
    return load_transcriber(request.param, weights, kept=home / "converted")


@pytest.mark.models
@pytest.mark.media
def test_names_that_are_expected_make_the_right_words_likelier(transcriber, tmp_path):
    """Without them "a scarf" is "a scar" here, and "sandals" "sandal thunder"."""
    names = {"en": ("scarf", "mug", "sandals", "table lamp", "under 50 dollars", "at least 100")}
    for said, heard in (
        ("I'm looking for a scarf", {"i'm looking for a scarf"}),
        ("do you have sandals under forty dollars?",
         {"do you have sandals under 40 dollars", "do you have sandals under $40"}),
    ):  # fmt: skip
        place = tmp_path / "q.wav"
        command = ["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(place), said]
        subprocess.run(command, check=True)
        found = transcriber.transcribe(Recording(place), SpeechExpected(names, OFFERED, "en"))
        likelihoods = [one.likelihood for one in found.hypotheses]
        assert likelihoods == sorted(likelihoods, reverse=True)
        assert {one.language for one in found.hypotheses} == {"en"}
        assert heard & {one.words.casefold().strip(".?") for one in found.hypotheses}


@pytest.mark.models
def test_real_speech_is_heard_as_well_with_names_that_are_not_said(transcriber, tmp_path):
    names = {"en": ("scarf", "mug", "table lamp", "under 50 dollars")}
    found = transcriber.transcribe(speech(tmp_path), SpeechExpected(names, OFFERED))
    assert found.words.replace(",", "") == "If you're good at something never do it for free."
