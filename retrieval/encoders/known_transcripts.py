"""Spare transcribing what was transcribed before by the same engine with the same weights.

Knows the file in which such transcripts lie: by engine, by the SHA-256 of the speech model's
weights, by the SHA-256 of the recording. Another recording, model or engine is transcribed anew.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from retrieval.protocols import HasSound, SpeechExpected, Transcriber, Transcript

Transcripts = Mapping[str, Transcript]  # by the digest of the recording
_File = dict[str, dict[str, dict[str, Transcript]]]  # by engine, weights, recording


class KnownTranscripts:
    """A transcriber that asks another one only for recordings that it does not know."""

    def __init__(self, transcriber: Transcriber, known: Transcripts) -> None:
        """Keep both; they must be of the same engine and weights."""
        self.name, self._transcriber, self._known = transcriber.name, transcriber, known

    def transcribe(self, recording: HasSound, expected: SpeechExpected | None = None) -> Transcript:
        """Return what is said; raises as the other transcriber does."""
        if expected is not None:
            return self._transcriber.transcribe(recording, expected)
        known = self._known.get(recording_digest(recording.path))
        return known or self._transcriber.transcribe(recording)


def recording_digest(recording: Path) -> str:
    """Return the SHA-256 of a recording's file, "" when it cannot be read."""
    try:
        return sha256(recording.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_transcripts(file: Path, engine: str, weights: str) -> Transcripts:
    """Return the transcripts that an engine made with weights of this digest."""
    kept = TypeAdapter(_File).validate_json(file.read_bytes())
    return kept.get(engine, {}).get(weights, {})


def write_transcripts(file: Path, made: Mapping[str, Mapping[str, Transcripts]]) -> None:
    """Write transcripts by engine, weights and recording, one recording a line."""
    plain = {
        engine: {
            weights: {digest: _as_written(one) for digest, one in sorted(known.items())}
            for weights, known in by_weights.items()
        }
        for engine, by_weights in made.items()
    }
    text = json.dumps(plain, indent=0, ensure_ascii=False)
    file.write_text(text + "\n", "utf-8")


def _as_written(transcript: Transcript) -> dict[str, object]:
    """Return what a file keeps of a transcript: all but what else may have been said."""
    return {name: value for name, value in asdict(transcript).items() if name != "hypotheses"}
