"""Recordings into samples: any container and codec that FFmpeg's libraries know.

◆ av (PyAV, which brings FFmpeg's libraries: no program on the system is needed). Knows sound files;
knows nothing of speech. A recording is foreign input: only sound containers are opened, never a
playlist that points elsewhere, and decoding stops at the limit whatever the header says.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer

from retrieval.errors import RecordingError
from retrieval.protocols import Sound

RATE = 16_000  # samples a second, what Whisper and silero-vad want
LONGEST = 600.0  # seconds, of what is decoded at all

_CONTAINERS = "wav,w64,ogg,matroska,webm,mp3,flac,mov,mp4,m4a,3gp,aac,aiff,amr,caf,asf,avi,mpegts"


def read_recording(path: Path, *, longest: float = LONGEST) -> Sound:
    """Return a recording's samples.

    Raises:
        RecordingError: it is no recording, is damaged, or is longer than `longest` seconds.

    """
    try:
        with path.open("rb") as file, _opened(file, path) as container:
            if not container.streams.audio:
                raise RecordingError(f"{path.name} holds no sound; record it again")
            _check_length(path, (container.duration or 0) / av.time_base, longest)
            blocks, samples = [], 0
            for block in _decoded(container):
                blocks.append(block)
                samples += len(block)
                _check_length(path, samples / RATE, longest)
    except (av.error.FFmpegError, EOFError, ValueError) as error:
        raise RecordingError(
            f"{path.name} is not a recording that can be read ({_reason(error)}); "
            "try WAV, MP3, OGG, WebM or M4A"
        ) from error
    except OSError as error:
        raise RecordingError(f"{path} cannot be opened: {error.strerror}") from error
    if not blocks:
        raise RecordingError(f"{path.name} holds no sound; record it again")
    return np.concatenate(blocks)


def _opened(file: object, path: Path) -> InputContainer:
    if path.stat().st_size == 0:
        raise RecordingError(f"{path.name} is empty; record it again")
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
    return av.open(file, mode="r", options=options, metadata_errors="ignore")


def _decoded(container: InputContainer) -> Iterator[Sound]:
    """Yield mono blocks at RATE."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)

    def blocks(frame: AudioFrame | None) -> Iterator[Sound]:
        for part in resampler.resample(frame):
            yield part.to_ndarray().reshape(-1).astype(np.float32, copy=False)

    for frame in container.decode(audio=0):
        yield from blocks(frame)
    yield from blocks(None)


def _check_length(path: Path, seconds: float, longest: float) -> None:
    if seconds > longest + 1:  # a second of grace for what containers round
        raise RecordingError(
            f"{path.name} is {_clock(seconds)} long or longer, the limit is {_clock(longest)}; "
            "send a shorter recording"
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error).partition(":")[0]
