"""Transcripts that are there already: only for the same recording, engine and weights."""

from retrieval.encoders.known_transcripts import (
    KnownTranscripts,
    read_transcripts,
    recording_digest,
    write_transcripts,
)
from retrieval.media.recordings import Recording
from retrieval.protocols import Transcript

SAID = Transcript("a soft scarf", "en", 2.5)
SILENT = Transcript("", "", 1.0, "I could hear no speech in this recording.")


class Listening:
    name = "engine tiny"

    def __init__(self):
        self.heard = []

    def transcribe(self, recording, expected=None):
        self.heard.append(recording.path)
        return Transcript("anew", "en", 1.0)


def test_a_known_recording_is_not_transcribed_and_a_changed_one_is(tmp_path):
    one, other = tmp_path / "one.opus", tmp_path / "other.opus"
    one.write_bytes(b"spoken")
    other.write_bytes(b"drummed")
    listening = Listening()
    known = {recording_digest(one): SAID, recording_digest(other): SILENT}
    transcriber = KnownTranscripts(listening, known)
    assert transcriber.name == listening.name
    assert transcriber.transcribe(Recording(one)) == SAID
    assert transcriber.transcribe(Recording(other)) == SILENT
    assert listening.heard == []
    one.write_bytes(b"spoken otherwise")
    assert transcriber.transcribe(Recording(one)).words == "anew"
    transcriber.transcribe(Recording(tmp_path / "gone.opus"))
    assert listening.heard == [one, tmp_path / "gone.opus"]


def test_another_engine_or_other_weights_know_nothing(tmp_path):
    file = tmp_path / "transcripts.json"
    write_transcripts(file, {"engine tiny": {"abc": {"0123": SAID, "4567": SILENT}}})
    assert read_transcripts(file, "engine tiny", "abc") == {"0123": SAID, "4567": SILENT}
    assert read_transcripts(file, "engine tiny", "abd") == {}
    assert read_transcripts(file, "engine large", "abc") == {}
    assert read_transcripts(file, "engine tiny", "") == {}
