"""Compare the two Whisper engines on the same weights and recordings, in one run.

    python -m benchmarks.transcription [RECORDING=TRANSCRIPT …]

Synthesises ten shopping sentences with Debian's espeak-ng, adds the given recordings, transcribes
each with both engines alternately, and prints word error rate, computation time and its ratio as
one JSON object. A busy machine slows both engines: the seconds change, but the ratio is stable.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.settings import load_settings
from retrieval.encoders.speech import load_transcriber
from retrieval.evaluation.speech.hearing import VOICES
from retrieval.evaluation.speech.speaking import speak, word_errors, words_of
from retrieval.media.recordings import Recording
from retrieval.models.fetch import fetch
from retrieval.protocols import Transcriber

COMPARED_ENGINES = ("openai-whisper", "faster-whisper")
SENTENCES = (
    "something to keep my coffee hot",
    "a warm scarf under forty dollars",
    "I am looking for a blue shirt for my husband",
    "show me leather boots that are waterproof",
    "a quiet lamp for reading in bed",
    "the second one, but in brown",
    "do you have it in a larger size",
    "a birthday present for a girl who likes to paint",
    "anything but plastic please",
    "compare the first two for me",
)


@dataclass
class EngineTally:
    """One engine's totals so far."""

    seconds: float = 0.0  # of computation
    sound: float = 0.0  # seconds of recordings
    errors: int = 0
    words: int = 0
    heard: list[str] = field(default_factory=list)


def say_all(folder: Path) -> list[tuple[Path, str]]:
    """Synthesise the sentences in three voices; return the recordings with their texts."""
    recordings = []
    for number, sentence in enumerate(SENTENCES):
        path = folder / f"{number}.wav"
        speak(sentence, VOICES[number % len(VOICES)], path)
        recordings.append((path, sentence))
    return recordings


def measure_recording(
    transcriber: Transcriber, recording: Path, expected: str, tally: EngineTally
) -> None:
    """Transcribe one recording and add it to the tally."""
    start = time.perf_counter()
    transcript = transcriber.transcribe(Recording(recording))
    tally.seconds += time.perf_counter() - start
    tally.sound += transcript.seconds
    tally.errors += word_errors(words_of(expected), words_of(transcript.words))
    tally.words += len(words_of(expected))
    tally.heard.append(transcript.words)


def main(given: Sequence[str]) -> None:
    """Run the comparison and print its table."""
    home = load_settings().home
    folder = fetch(home, "whisper-base", report=lambda progress: None)
    engines = {e: load_transcriber(e, folder, kept=home / "converted") for e in COMPARED_ENGINES}
    tallies = {engine: EngineTally() for engine in COMPARED_ENGINES}
    with tempfile.TemporaryDirectory() as spoken:
        recordings = say_all(Path(spoken))
        recordings += [(Path(p), text) for p, _, text in (pair.partition("=") for pair in given)]
        for transcriber in engines.values():  # warm up each engine
            transcriber.transcribe(Recording(recordings[0][0]))
        for recording, expected in recordings:
            for engine, transcriber in engines.items():
                measure_recording(transcriber, recording, expected, tallies[engine])
    rows = {
        engine: {
            "recordings": len(tally.heard),
            "sound_s": round(tally.sound, 1),
            "work_s": round(tally.seconds, 2),
            "times_real_time": round(tally.sound / tally.seconds, 2),
            "word_error_rate": round(tally.errors / tally.words, 3),
        }
        for engine, tally in tallies.items()
    }
    reference, faster = (tallies[engine] for engine in COMPARED_ENGINES)
    same = sum(
        words_of(a) == words_of(b) for a, b in zip(reference.heard, faster.heard, strict=True)
    )
    rows["comparison"] = {
        "same_transcript": f"{same} of {len(reference.heard)}",
        "openai_over_faster_work": round(reference.seconds / faster.seconds, 2),
    }
    sys.stdout.write(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
