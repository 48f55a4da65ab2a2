"""Transcribe recordings with Whisper, after voice-activity detection.

◆ silero-vad. Knows sound and words; knows nothing of products. Whisper invents words on silence,
noise and music. So silero-vad first removes what is not speech, and a segment in which Whisper has
little confidence is dropped: no words rather than wrong words. Whisper: arXiv 2212.04356.

Where it is told what is expected, the language is one of those offered, found over the whole
message, and everything that may have been said is returned: of the two likeliest languages where
neither is sure, with and without the names that are expected.
"""

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from retrieval.encoders.speech_engines import (
    ENGINES,
    WINDOW,
    Engine,
    Segment,
    SpeechEngine,
    SpeechWindow,
    chosen_engine,
)
from retrieval.errors import (
    MissingDependencyError,
    ModelCorruptError,
    ModelMissingError,
    SettingsError,
)
from retrieval.media.recordings import RATE
from retrieval.protocols import HasSound, Hypothesis, Sound, SpeechExpected, Transcript

_SHORTEST_SPEECH = 250  # milliseconds; shorter sounds, such as clicks, are ignored
_PAUSE = 1_000  # milliseconds; silence from this length is removed
_MARGIN = 200  # milliseconds kept around speech
_SILENT = 0.6  # no_speech_prob above which there is no speech, if confidence is below _DOUBTED
_DOUBTED = -1.0  # mean log-probability of a token below which words are doubtful
_GUESSED = -1.6  # … and below which they are guesses
_REPEATED = 2.4  # compression ratio above which a text is a repetition
_NOTHING = "I could hear no speech in this recording."
_UNSURE = "I heard a voice in this recording, but could not make out the words."
_LIKELY = 4.0  # how much likelier the language of the conversation is before anything is heard
_SUGGESTED = 1.0  # how much likelier what is expected becomes by that alone
_SURE = 0.9  # share of a language among those offered from which no other is tried
_LOUD, _MOST_GAIN = 0.3, 30.0  # peak that quiet speech is raised to, and how much at most


class WhisperTranscriber:
    """Transcribes recordings; thread-safe, one recording at a time."""

    def __init__(self, engine: SpeechEngine) -> None:
        self.name, self._engine = engine.name, engine
        self._find_speech = _speech_finder()
        self._lock = threading.Lock()

    def transcribe(self, recording: HasSound, expected: SpeechExpected | None = None) -> Transcript:
        """Return what is said, with a notice when nothing was said.

        With `expected` the transcript has hypotheses: all that may have been said.

        Raises:
            RecordingError: the file is not a recording, is damaged, or is too long.

        """
        sound = recording.sound
        seconds = len(sound) / RATE
        with self._lock:
            speech = self._find_speech(sound if expected is None else _raised(sound))
            if not len(speech):
                return Transcript("", "", seconds, _NOTHING)
            if expected is None:
                return _plainly(*self._engine.hear(speech), seconds)
            windows = [
                self._engine.encode(speech[at : at + WINDOW])
                for at in range(0, len(speech), WINDOW)
            ]
            found = [
                one
                for language in _languages(windows, expected)
                for one in _with_and_without(windows, language, expected)
            ]
        if not found:
            return Transcript("", "", seconds, _UNSURE)
        best = max(found, key=lambda one: one.likelihood)
        return Transcript(best.words, best.language, seconds, "", _distinct(found))


def _plainly(language: str, segments: Sequence[Segment], seconds: float) -> Transcript:
    """Return a transcript of the segments that were probably said."""
    words = " ".join(segment.words.strip() for segment in segments if believable(segment))
    if not words.strip():
        return Transcript("", "", seconds, _UNSURE)
    return Transcript(words.strip(), language, seconds)


def _languages(windows: Sequence[SpeechWindow], expected: SpeechExpected) -> list[str]:
    """Return the languages that a message is probably in: one where it is sure, else two."""
    offered = expected.languages or tuple(windows[0].languages)
    shares = {
        language: float(np.mean([one.languages.get(language, 0.0) for one in windows]))
        * (_LIKELY if language == expected.likely else 1.0)
        for language in offered
    }
    ranked = sorted(shares, key=shares.__getitem__, reverse=True)
    sure = shares[ranked[0]] >= _SURE * sum(shares.values())
    return ranked[: 1 if sure else 2]


def _with_and_without(
    windows: Sequence[SpeechWindow], language: str, expected: SpeechExpected
) -> Iterator[Hypothesis]:
    """Yield what windows may say, as they are and after the names that are expected.

    A name makes itself likelier by being expected: that is taken off again.
    """
    yield from _decoded(windows, language, "")
    if hint := ", ".join(expected.names.get(language, ())):
        for one in _decoded(windows, language, hint):
            yield replace(one, likelihood=one.likelihood - _SUGGESTED)


def _decoded(windows: Sequence[SpeechWindow], language: str, hint: str) -> list[Hypothesis]:
    """Return what windows may say in a language; of several windows the likeliest of each."""
    parts = [[one for one in w.decode(language, hint) if believable(one)] for w in windows]
    if len(parts) == 1:
        return [Hypothesis(s.words, language, s.likelihood, s.confidence) for s in parts[0]]
    best = [several[0] for several in parts if several]
    if not best:
        return []
    words = " ".join(one.words for one in best)
    confidence = float(np.mean([one.confidence for one in best]))
    return [Hypothesis(words, language, sum(one.likelihood for one in best), confidence)]


def _distinct(found: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Return each words once, as their likeliest hypothesis, in order."""
    kept: dict[str, Hypothesis] = {}
    for one in sorted(found, key=lambda one: one.likelihood, reverse=True):
        kept.setdefault(" ".join(one.words.casefold().split()).strip(" .!?"), one)
    return tuple(kept.values())


def _raised(sound: Sound) -> Sound:
    """Return quiet sound louder, as voice-activity detection needs it."""
    peak = float(np.abs(sound).max()) if len(sound) else 0.0
    if not 0 < peak < _LOUD:
        return sound
    return sound * np.float32(min(_LOUD / peak, _MOST_GAIN))


def believable(segment: Segment) -> bool:
    """Tell whether a segment's words were probably said."""
    silent = segment.no_speech > _SILENT and segment.confidence < _DOUBTED
    guessed = segment.confidence < _GUESSED
    return not (silent or guessed or segment.repetition > _REPEATED)


def _speech_finder() -> Callable[[Sound], Sound]:
    """Return a function that removes what is not speech."""
    threads = torch.get_num_threads()
    from silero_vad import collect_chunks, get_speech_timestamps, load_silero_vad

    torch.set_num_threads(threads)  # importing silero-vad sets it to one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch.jit.load is deprecated
        model = load_silero_vad()

    def find(sound: Sound) -> Sound:
        samples = torch.from_numpy(sound)
        with torch.inference_mode():
            stretches = get_speech_timestamps(
                samples,
                model,
                sampling_rate=RATE,
                min_speech_duration_ms=_SHORTEST_SPEECH,
                min_silence_duration_ms=_PAUSE,
                speech_pad_ms=_MARGIN,
            )
        if not stretches:
            return np.zeros(0, np.float32)
        speech: Sound = collect_chunks(stretches, samples).numpy()
        return speech

    return find


# ---- from a name to a transcriber ---------------------------------------------------------------


def load_transcriber(engine: Engine, model: str | Path, *, kept: Path) -> WhisperTranscriber:
    """Open Whisper: a folder with CTranslate2 weights, a .pt checkpoint, or an official name.

    `kept` is the folder for openai-whisper's converted weights and for downloads.

    Raises:
        SettingsError: there is no such engine.
        MissingDependencyError: faster-whisper is asked for, but not installed.
        ModelMissingError: the model is not there.
        ModelCorruptError: the model is not Whisper.

    """
    engine = chosen_engine(engine)
    if engine not in ENGINES:
        known = ", ".join(("auto", *ENGINES))
        raise SettingsError(f"speech engine {engine!r} is unknown; known: {known}")
    try:
        return WhisperTranscriber(ENGINES[engine](str(model), kept))
    except ImportError as error:
        cure = "pip install -e '.[faster]'" if engine == "faster-whisper" else "pip install -e ."
        raise MissingDependencyError(f"{engine} cannot be loaded ({error}): {cure}") from error
    except OSError as error:
        raise ModelMissingError(f"speech model {model} cannot be had: {error}") from error
    except (RuntimeError, ValueError, KeyError) as error:
        raise ModelCorruptError(f"speech model {model} cannot be opened: {error}") from error
