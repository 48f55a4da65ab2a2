"""What the demo's recordings say, as it is shipped: complete, small, and still what is heard."""

import random
from difflib import SequenceMatcher

import pytest

from assistant.build import open_catalogue
from assistant.models import load_encoders
from assistant.settings import load_settings
from demo import catalogue_path, transcripts_path
from retrieval.encoders.known_transcripts import read_transcripts, recording_digest
from retrieval.encoders.speech import load_transcriber
from retrieval.encoders.speech_engines import engine_name
from retrieval.media.recordings import Recording
from retrieval.models.fetch import fetch
from retrieval.models.registry import weights_digest

MODEL = "whisper-base"
RECORDINGS = sorted((catalogue_path().parent / "recordings").iterdir())
ALIKE = 0.85  # share of words
ENGINES = ("openai-whisper", "faster-whisper")


def shipped(engine):
    return read_transcripts(transcripts_path(), engine_name(engine, MODEL), weights_digest(MODEL))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_recording_has_its_transcript_and_nothing_else_has(engine):
    assert set(shipped(engine)) == set(map(recording_digest, RECORDINGS))
    assert transcripts_path().stat().st_size < 100_000


@pytest.mark.models
@pytest.mark.parametrize("engine", ENGINES)
def test_they_are_what_the_speech_model_hears(home, engine):
    folder = fetch(home, MODEL, report=lambda progress: None)
    transcriber = load_transcriber(engine, folder, kept=home / "converted")
    assert transcriber.name == engine_name(engine, MODEL)
    for recording in random.Random(4).sample(RECORDINGS, 3):
        heard = transcriber.transcribe(Recording(recording)).words.split()
        kept = shipped(engine)[recording_digest(recording)].words.split()
        # Eight-bit kernels round otherwise on another processor: now and then a word is another.
        assert SequenceMatcher(None, heard, kept).ratio() > ALIKE, recording.name


@pytest.mark.models
def test_the_first_index_of_the_demo_needs_no_speech_model(home, tmp_path):
    (tmp_path / "models").mkdir()
    words = fetch(home, "all-minilm-l6-v2", report=lambda progress: None)
    (tmp_path / "models" / words.name).symlink_to(words)
    settings = load_settings(home=tmp_path, catalogue="demo")
    encoders = load_encoders(settings, lambda step: None)
    index = open_catalogue(settings, encoders, lambda step: None)
    spoken = [item for item in index.catalogue.items.values() if item.transcripts]
    index.close()
    assert len(spoken) > 50
    assert [one.name for one in (tmp_path / "models").iterdir()] == [words.name]
