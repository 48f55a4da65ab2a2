"""Decode recordings into samples and videos into pictures, with FFmpeg's libraries.

◆ av (PyAV, which includes FFmpeg's libraries: no system program is needed). Knows sound and video
files; knows nothing of speech. A recording is untrusted input: only sound and video containers are
opened, never a playlist that points to other files, and decoding stops at the limit whatever the
header says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from retrieval.errors import BAD_VALUE, RecordingError
from retrieval.files import size_of_file
from retrieval.media.pictures import LONGEST_EDGE
from retrieval.protocols import Sound

RATE = 16_000  # samples per second, required by Whisper and silero-vad
LONGEST = 600.0  # seconds; longer recordings are refused
VIDEOS = frozenset(".mp4 .m4v .mov .webm .mkv .avi .3gp .mpg .mpeg .ts".split())  # or sound alone
FRAMES = 5  # pictures that represent a video
WATCHED = 120.0  # seconds of a video; the rest is ignored
MOST_FRAME = 4096 * 2304  # pixels; a decoder keeps up to 16 frames, and as many a thread again

_LOOK = 0.25  # seconds between the frames that are examined
_PACE = 25  # frames per second, where the file has no timestamps
_MOST_FRAMES = int(WATCHED * 120)  # that are decoded, whatever the timestamps say
_MOST_BYTES = 4 << 30  # of a file
_CANCELLED = 0.3  # power of the mixed channels, of that of the louder one, below which it is taken
_SMALL = 256  # pixels; sharpness is measured on a small copy, so that noise does not count
_UNREADABLE = tuple(kind for kind in BAD_VALUE if kind is not OSError)
_VIDEO_FORMATS = "MP4, MOV or WebM"
_CONTAINERS = "wav,w64,ogg,matroska,webm,mp3,flac,mov,mp4,m4a,3gp,aac,aiff,amr,caf,asf,avi,mpegts"


@dataclass(frozen=True)
class Recording:
    """A recording's file; its sound is decoded once, when it is first used."""

    path: Path

    @cached_property
    def sound(self) -> Sound:
        """Return the samples; raise RecordingError when the file cannot be decoded."""
        return read_recording(self.path)


def read_recording(path: Path, *, longest: float = LONGEST) -> Sound:
    """Return a recording's samples.

    Raises:
        RecordingError: it is not a recording, is damaged, or is longer than `longest` seconds.

    """
    with _reading(path, "WAV, MP3, OGG, WebM or M4A") as container:
        if not container.streams.audio:
            raise RecordingError(f"{path.name} holds no sound; record it again")
        _check_length(path, (container.duration or 0) / av.time_base, longest)
        blocks, samples = [], 0
        for block in _decoded(container):
            blocks.append(block)
            samples += block.shape[-1]
            _check_length(path, samples / RATE, longest)
    if not blocks:
        raise RecordingError(f"{path.name} holds no sound; record it again")
    return _as_one_channel(np.concatenate(blocks, axis=-1))


def tracks(path: Path) -> frozenset[Literal["pictures", "sound"]]:
    """Return which tracks a recording or video has.

    Raises: RecordingError when it cannot be opened.
    """
    with _reading(path, _VIDEO_FORMATS) as container:
        found: set[Literal["pictures", "sound"]] = set()
        found |= {"pictures"} if _moving(container) else set()
        return frozenset(found | ({"sound"} if container.streams.audio else set()))


def read_frames(path: Path) -> tuple[Image.Image, ...]:
    """Return up to FRAMES pictures of a video, evenly spaced, each the sharpest of its part.

    Sharpness is the variance of a frame's Laplacian: Pech-Pacheco et al. 2000, doi
    10.1109/ICPR.2000.903548.

    Raises:
        RecordingError: it is not a video, is damaged, or its frames are too large.

    """
    with _reading(path, _VIDEO_FORMATS) as container:
        stream = _moving(container)
        if stream is None:
            raise RecordingError(f"{path.name} shows nothing: it holds no moving picture")
        _check_frames(path, stream)
        best: dict[int, tuple[float, Image.Image]] = {}  # the sharpest frame of each second
        for second, frame in _looked_at(container, stream):
            picture = _upright(frame)
            sharp = _sharpness(picture)
            if second not in best or sharp > best[second][0]:
                best[second] = sharp, picture
    if not best:
        raise RecordingError(f"{path.name} shows nothing: no frame of it can be decoded")
    seconds = np.array_split(np.array(sorted(best)), min(FRAMES, len(best)))
    parts = [[best[second] for second in part.tolist()] for part in seconds]
    return tuple(max(part, key=lambda one: one[0])[1] for part in parts)


def _moving(container: InputContainer) -> VideoStream | None:
    """Return the video stream, None if there is none; a song's cover picture is not a video."""
    streams = container.streams.video
    moving = (s for s in streams if not s.disposition & Disposition.attached_pic)
    return next(moving, None)


def _check_frames(path: Path, stream: VideoStream) -> None:
    if stream.width * stream.height > MOST_FRAME:
        seen = f"{stream.width} x {stream.height} pixels, at most 4096 x 2304 are read"
        raise RecordingError(f"{path.name} has frames of {seen}: make it smaller")


def _looked_at(container: InputContainer, stream: VideoStream) -> Iterator[tuple[int, VideoFrame]]:
    """Yield (second, frame) for a few frames of each second."""
    stream.thread_type = "SLICE"  # a thread for each frame would need a set of frames for each
    stream.codec_context.options = {"max_pixels": str(MOST_FRAME)}  # whatever the header says
    since = -_LOOK
    for number, frame in enumerate(islice(container.decode(stream), _MOST_FRAMES)):
        time = frame.time if frame.time is not None else number / _PACE
        if time > WATCHED:
            return
        if time - since >= _LOOK:
            since = time
            yield int(time), frame


def _upright(frame: VideoFrame) -> Image.Image:
    """Return a frame rotated upright, at most LONGEST_EDGE pixels long and wide."""
    picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _sharpness(picture: Image.Image) -> float:
    small = picture.convert("L")
    small.thumbnail((_SMALL, _SMALL))
    grey = np.asarray(small, dtype=np.float32)
    inner = grey[1:-1, 1:-1]
    across, down = grey[1:-1, :-2] + grey[1:-1, 2:], grey[:-2, 1:-1] + grey[2:, 1:-1]
    return float((4 * inner - across - down).var()) if inner.size else 0.0


@contextmanager
def _reading(path: Path, formats: str) -> Iterator[InputContainer]:
    """Open a file; every error with it becomes a RecordingError."""
    try:
        if not size_of_file(path, most=_MOST_BYTES):
            raise RecordingError(f"{path.name} is empty; record it again")
        with path.open("rb") as file, _opened(file) as container:
            yield container
    except (av.error.FFmpegError, *_UNREADABLE) as error:
        raise RecordingError(
            f"{path.name} is not a recording that can be read ({_reason(error)}); try {formats}"
        ) from error
    except OSError as error:
        raise RecordingError(f"{path} cannot be opened: {error.strerror}") from error


def _opened(file: object) -> InputContainer:
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
    return av.open(file, mode="r", options=options, metadata_errors="ignore")


def _decoded(container: InputContainer) -> Iterator[Sound]:
    """Yield blocks at RATE, (channels, samples) of one channel or two."""
    layout = "mono" if container.streams.audio[0].channels == 1 else "stereo"
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)

    def blocks(frame: AudioFrame | None) -> Iterator[Sound]:
        for part in resampler.resample(frame):
            yield part.to_ndarray().astype(np.float32, copy=False)

    for frame in container.decode(audio=0):
        yield from blocks(frame)
    yield from blocks(None)


def _as_one_channel(channels: Sound) -> Sound:
    """Mix channels; where they cancel out, or one of them is silent, take the louder one.

    A cable soldered the wrong way round gives the same sound twice with opposite signs.
    """
    mixed: Sound = channels.mean(axis=0, dtype=np.float32)
    power = np.square(channels, dtype=np.float64).mean(axis=1)
    if np.square(mixed, dtype=np.float64).mean() < _CANCELLED * power.max():
        return np.ascontiguousarray(channels[int(power.argmax())])
    return mixed


def _check_length(path: Path, seconds: float, longest: float) -> None:
    if seconds > longest + 1:  # a tolerance of one second, since containers round
        raise RecordingError(
            f"{path.name} is {_clock(seconds)} long or longer, the limit is {_clock(longest)}; "
            "send a shorter recording"
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error).partition(":")[0]
