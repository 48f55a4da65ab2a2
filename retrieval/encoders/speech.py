"""Transcribe recordings with Whisper, after voice-activity detection.

◆ openai-whisper, faster-whisper, silero-vad. Knows sound and words; knows nothing of products.
Whisper invents words on silence, noise and music. So silero-vad first removes what is not speech,
and a segment in which Whisper has little confidence is dropped: no words rather than wrong words.
Whisper: arXiv 2212.04356.

Two engines run the same weights behind one transcriber: openai-whisper, the reference, on torch;
faster-whisper, on CTranslate2, if it is installed.
"""

import hashlib
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

import numpy as np
import torch

from retrieval.encoders.whisper_weights import convert
from retrieval.errors import (
    MissingDependencyError,
    ModelCorruptError,
    ModelMissingError,
    SettingsError,
)
from retrieval.media.recordings import RATE
from retrieval.models.sources import hub_answers
from retrieval.protocols import HasSound, Sound, Transcript

Engine = Literal["auto", "openai-whisper", "faster-whisper"]

_SHORTEST_SPEECH = 250  # milliseconds; shorter sounds, such as clicks, are ignored
_PAUSE = 1_000  # milliseconds; silence from this length is removed
_MARGIN = 200  # milliseconds kept around speech
_SILENT = 0.6  # no_speech_prob above which there is no speech, if confidence is below _DOUBTED
_DOUBTED = -1.0  # mean log-probability of a token below which words are doubtful
_GUESSED = -1.6  # … and below which they are guesses
_REPEATED = 2.4  # compression ratio above which a text is a repetition
_NOTHING = "I could hear no speech in this recording."
_UNSURE = "I heard a voice in this recording, but could not make out the words."


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of speech as Whisper transcribed it, with its confidence."""

    words: str
    no_speech: float  # 0 to 1
    confidence: float  # mean log-probability of its tokens
    repetition: float  # compression ratio


class SpeechEngine(Protocol):
    """Runs Whisper on samples."""

    name: str

    def hear(self, sound: Sound) -> tuple[str, list[Segment]]:
        """Return the language (ISO 639-1) and what is said."""
        ...


class WhisperTranscriber:
    """Transcribes recordings; thread-safe, one recording at a time."""

    def __init__(self, engine: SpeechEngine) -> None:
        self.name, self._engine = engine.name, engine
        self._find_speech = _speech_finder()
        self._lock = threading.Lock()

    def transcribe(self, recording: HasSound) -> Transcript:
        """Return what is said, with a notice when nothing was said.

        Raises:
            RecordingError: the file is not a recording, is damaged, or is too long.

        """
        sound = recording.sound
        seconds = len(sound) / RATE
        with self._lock:
            speech = self._find_speech(sound)
            if not len(speech):
                return Transcript("", "", seconds, _NOTHING)
            language, segments = self._engine.hear(speech)
        words = " ".join(segment.words.strip() for segment in segments if believable(segment))
        if not words.strip():
            return Transcript("", "", seconds, _UNSURE)
        return Transcript(words.strip(), language, seconds)


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


# ---- engines ------------------------------------------------------------------------------------


class OpenAIWhisper:
    """The reference implementation, on torch: a GPU when there is one, else the CPU."""

    def __init__(self, model: str, kept: Path) -> None:
        import whisper

        self.name = engine_name("openai-whisper", model)
        self._whisper = whisper
        self._model = whisper.load_model(_checkpoint(model, kept), download_root=str(kept))

    def hear(self, sound: Sound) -> tuple[str, list[Segment]]:
        """Return the language and the words: greedy decoding, each 30 seconds independently."""
        heard = self._whisper.transcribe(
            self._model,
            sound,
            temperature=0.0,
            condition_on_previous_text=False,
            fp16=self._model.device.type == "cuda",
        )
        return heard["language"], [
            Segment(s["text"], s["no_speech_prob"], s["avg_logprob"], s["compression_ratio"])
            for s in heard["segments"]
        ]


class FasterWhisper:
    """The same on CTranslate2: 8-bit weights on a CPU, 16-bit on a GPU."""

    def __init__(self, model: str, kept: Path) -> None:
        from faster_whisper import WhisperModel

        self.name = engine_name("faster-whisper", model)
        if not Path(model).is_dir() and not hub_answers():
            raise ModelMissingError(f"speech model {model} is no folder; the hub does not answer")
        device, numbers = ("cuda", "float16") if torch.cuda.is_available() else ("cpu", "int8")
        self._model = WhisperModel(
            model, device=device, compute_type=numbers, download_root=str(kept)
        )

    def hear(self, sound: Sound) -> tuple[str, list[Segment]]:
        """Return the language and the words: greedy decoding, each 30 seconds independently."""
        segments, about = self._model.transcribe(
            sound, beam_size=1, temperature=0.0, condition_on_previous_text=False
        )
        return about.language, [
            Segment(s.text, s.no_speech_prob, s.avg_logprob, s.compression_ratio) for s in segments
        ]


ENGINES: Mapping[str, Callable[[str, Path], SpeechEngine]] = MappingProxyType(
    {"openai-whisper": OpenAIWhisper, "faster-whisper": FasterWhisper}
)


# ---- from a name to a transcriber ---------------------------------------------------------------


def engine_name(engine: Engine, model: str | Path) -> str:
    """Return the name of the transcriber that `load_transcriber` would open."""
    return f"{_chosen(engine)} {Path(model).stem}"


def load_transcriber(engine: Engine, model: str | Path, *, kept: Path) -> WhisperTranscriber:
    """Open Whisper: a folder with CTranslate2 weights, a .pt checkpoint, or an official name.

    `kept` is the folder for openai-whisper's converted weights and for downloads.

    Raises:
        SettingsError: there is no such engine.
        MissingDependencyError: faster-whisper is asked for, but not installed.
        ModelMissingError: the model is not there.
        ModelCorruptError: the model is not Whisper.

    """
    engine = _chosen(engine)
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


def _chosen(engine: Engine) -> Engine:
    """Return an engine by name: "auto" is the faster one if it is installed."""
    if engine != "auto":
        return engine
    return "faster-whisper" if find_spec("faster_whisper") else "openai-whisper"


def _checkpoint(model: str, kept: Path) -> str:
    """Return what openai-whisper can open: a checkpoint, converted once, or an official name."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    binary = folder / "model.bin"
    stat = binary.stat()
    source = f"{binary.resolve()} {stat.st_size} {stat.st_mtime_ns}"
    key = hashlib.sha256(source.encode()).hexdigest()[:8]
    checkpoint = kept / f"{folder.name}-{key}.pt"
    if not checkpoint.exists():
        convert(binary, checkpoint)
    return str(checkpoint)
