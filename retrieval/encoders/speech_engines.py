"""Run Whisper on samples: words with their confidence, and other words that may have been said.

◆ openai-whisper, faster-whisper. Two engines run the same weights: openai-whisper, the reference,
on torch; faster-whisper, on CTranslate2, if it is installed. Knows samples and tokens; knows
neither files nor what a shop sells. What is expected to be said is Whisper's previous text, which
makes such words likelier and forces none.
"""

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Protocol

import torch

from retrieval.encoders.whisper_weights import convert
from retrieval.errors import ModelMissingError
from retrieval.media.recordings import RATE
from retrieval.models.sources import hub_answers
from retrieval.protocols import Sound

Engine = Literal["auto", "openai-whisper", "faster-whisper"]

WINDOW = 30 * RATE  # samples that Whisper encodes at once
_BEAMS = 5
_LONGEST_HINT = 160  # tokens of what is expected
_LONGEST_WORDS = 120  # tokens of what is said in a window: four a second


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of speech as Whisper transcribed it, with its confidence."""

    words: str
    no_speech: float  # 0 to 1
    confidence: float  # mean log-probability of its tokens
    repetition: float  # compression ratio
    likelihood: float = 0.0  # log-probability of all its tokens, where several are compared


class SpeechWindow(Protocol):
    """Up to 30 seconds of sound, encoded once."""

    @property
    def languages(self) -> Mapping[str, float]:
        """How likely each language is, by its ISO 639-1 code."""
        ...

    def decode(self, language: str, hint: str) -> list[Segment]:
        """Return what may be said in a language after the text of a hint, the likeliest first."""
        ...


class SpeechEngine(Protocol):
    """Runs Whisper on samples."""

    name: str

    def hear(self, sound: Sound) -> tuple[str, list[Segment]]:
        """Return the language (ISO 639-1) and what is said."""
        ...

    def encode(self, sound: Sound) -> SpeechWindow:
        """Encode up to WINDOW samples."""
        ...


class OpenAIWhisper:
    """The reference implementation, on torch: a GPU when there is one, else the CPU."""

    def __init__(self, model: str, kept: Path) -> None:
        """Open a folder's weights, a checkpoint or an official name."""
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

    @torch.inference_mode()
    def encode(self, sound: Sound) -> "SpeechWindow":
        """Encode up to WINDOW samples."""
        whisper, model = self._whisper, self._model
        mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(sound), model.dims.n_mels)
        half = model.device.type == "cuda"
        mel = mel.to(model.device, torch.float16 if half else torch.float32)
        return _TorchWindow(model, model.encoder(mel[None]), half=half)


class _TorchWindow:
    """A window that openai-whisper has encoded."""

    def __init__(self, model: Any, encoded: torch.Tensor, *, half: bool) -> None:  # noqa: ANN401
        self._model, self._encoded, self._half = model, encoded, half

    @cached_property
    def languages(self) -> Mapping[str, float]:
        _, (found,) = self._model.detect_language(self._encoded)
        return dict(found)

    @torch.inference_mode()
    def decode(self, language: str, hint: str) -> list[Segment]:
        from whisper.decoding import DecodingOptions, DecodingTask

        tokens = _hint_tokens(self._tokenizer.encode, hint)
        options = DecodingOptions(
            language=language,
            beam_size=_BEAMS,
            prompt=tokens or None,
            without_timestamps=True,
            sample_len=_LONGEST_WORDS,
            fp16=self._half,
        )
        task = DecodingTask(self._model, options)
        ranking = _AllRanked(task.sequence_ranker)
        task.sequence_ranker = ranking
        (best,) = task.run(self._encoded)
        found = {
            task.tokenizer.decode(list(said)).strip(): (likelihood, len(said))
            for said, likelihood in ranking.seen
        }
        return _ranked(found, best.no_speech_prob)

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(self._model.is_multilingual)


class _AllRanked:
    """Ranks as another ranker does, and remembers everything that was ranked."""

    def __init__(self, ranker: Any) -> None:  # noqa: ANN401
        self._ranker, self.seen = ranker, list[tuple[tuple[int, ...], float]]()

    def rank(
        self, tokens: Sequence[Sequence[torch.Tensor]], likelihoods: Sequence[Sequence[float]]
    ) -> Any:  # noqa: ANN401
        for several, ranked in zip(tokens, likelihoods, strict=True):
            self.seen += [
                (tuple(one.tolist()), float(likelihood))
                for one, likelihood in zip(several, ranked, strict=True)
            ]
        return self._ranker.rank(tokens, likelihoods)


class FasterWhisper:
    """The same on CTranslate2: 8-bit weights on a CPU, 16-bit on a GPU."""

    def __init__(self, model: str, kept: Path) -> None:
        """Open a folder's weights or an official name."""
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

    def encode(self, sound: Sound) -> "SpeechWindow":
        """Encode up to WINDOW samples."""
        from faster_whisper.audio import pad_or_trim

        return _QuantisedWindow(
            self._model, self._model.encode(pad_or_trim(self._model.feature_extractor(sound)))
        )


class _QuantisedWindow:
    """A window that CTranslate2 has encoded."""

    def __init__(self, model: Any, encoded: Any) -> None:  # noqa: ANN401
        self._model, self._encoded = model, encoded

    @cached_property
    def languages(self) -> Mapping[str, float]:
        (found,) = self._model.model.detect_language(self._encoded)
        return {token[2:-2]: float(likely) for token, likely in found}

    def decode(self, language: str, hint: str) -> list[Segment]:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        tokenizer = Tokenizer(self._model.hf_tokenizer, True, task="transcribe", language=language)
        expected = _hint_tokens(tokenizer.encode, hint)
        prompt = self._model.get_prompt(tokenizer, expected, without_timestamps=True)
        (result,) = self._model.model.generate(
            self._encoded,
            [prompt],
            beam_size=_BEAMS,
            num_hypotheses=_BEAMS,
            max_length=len(prompt) + _LONGEST_WORDS,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        found = {
            tokenizer.decode(tokens).strip(): (score * max(len(tokens), 1), len(tokens))
            for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
        }
        return _ranked(found, result.no_speech_prob)


ENGINES: Mapping[str, Callable[[str, Path], SpeechEngine]] = MappingProxyType(
    {"openai-whisper": OpenAIWhisper, "faster-whisper": FasterWhisper}
)


def engine_name(engine: Engine, model: str | Path) -> str:
    """Return the name of the transcriber that `load_transcriber` would open."""
    return f"{chosen_engine(engine)} {Path(model).stem}"


def chosen_engine(engine: Engine) -> Engine:
    """Return an engine by name: "auto" is the faster one if it is installed."""
    if engine != "auto":
        return engine
    return "faster-whisper" if find_spec("faster_whisper") else "openai-whisper"


def _hint_tokens(encode: Callable[[str], list[int]], hint: str) -> list[int]:
    """Return the tokens of what is expected, as many as are useful."""
    return encode(f" {hint}")[:_LONGEST_HINT] if hint else []


def _ranked(found: Mapping[str, tuple[float, int]], no_speech: float) -> list[Segment]:
    """Return what was decoded, the likeliest first."""
    segments = [
        Segment(words, no_speech, likelihood / (tokens + 1), _repetition(words), likelihood)
        for words, (likelihood, tokens) in found.items()
        if any(map(str.isalnum, words))
    ]
    return sorted(segments, key=lambda one: one.likelihood, reverse=True)


def _repetition(words: str) -> float:
    """Return how much shorter a text becomes when it is compressed, as Whisper measures it."""
    plain = words.encode()
    return len(plain) / len(zlib.compress(plain))


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
