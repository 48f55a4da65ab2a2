"""Say a message aloud as it reaches a microphone: a voice, and what is around it.

Knows espeak-ng, flite and samples; knows no catalogue and no model. Debian's flite has voices that
were made from recordings of people (English only). Other voices and music are recordings that
gradio ships. Everything is drawn by the message's number, so that it sounds the same each time.
"""

import shutil
import subprocess
import wave
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.speech_messages import SpokenMessage
from retrieval.errors import MissingDependencyError
from retrieval.evaluation.speech.speaking import speak, with_noise, write_sound
from retrieval.media.recordings import RATE, read_recording
from retrieval.protocols import Sound

_DECIBELS = {"white": 10.0, "voices": 10.0, "music": 10.0}
_AROUND = {"voices": ("heath_ledger.mp3",), "music": ("cantina.wav",)}
_BAND, _LINE = (300.0, 3400.0), 8000  # hertz of a telephone; samples per second
_BEFORE, _AFTER = 12, 8  # seconds of a long silence
_MU = 255.0


def say_message(message: SpokenMessage, place: Path) -> None:
    """Write a message as a WAV file.

    Raises: MissingDependencyError when a voice's program is not installed.
    """
    engine, _, name = message.voice.rpartition(":")
    if engine == "flite":
        if not shutil.which("flite"):
            raise MissingDependencyError("this voice needs flite: apt install flite")
        command = ["flite", "-voice", name, "-t", message.said, "-o", str(place)]
        subprocess.run(command, check=True, capture_output=True)
    else:
        speak(message.said, message.voice, place)
    sound = read_recording(place)
    draw = np.random.default_rng(message.number)
    if message.sound == "white":
        write_sound(with_noise(sound, _DECIBELS["white"], message.number), place)
    elif message.sound in _AROUND:
        around = _stretch(message.sound, len(sound), draw)
        write_sound(_mixed(sound, around, _DECIBELS[message.sound]), place)
    elif message.sound == "telephone":
        _write(telephone(sound)[None], _LINE, place)
    elif message.sound == "antiphase":
        _write(np.stack([sound, -sound]), RATE, place)
    elif message.sound == "silence":
        hiss = [draw.normal(0, 0.001, seconds * RATE) for seconds in (_BEFORE, _AFTER)]
        write_sound(np.concatenate([hiss[0], sound, hiss[1]]).astype(np.float32), place)
    else:
        write_sound(sound, place)


def telephone(sound: Sound) -> Sound:
    """Return a sound as a telephone line carries it: its band, 8,000 samples a second, mu-law."""
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(frequencies < _BAND[0]) | (frequencies > _BAND[1])] = 0
    narrow = np.clip(np.fft.irfft(spectrum, len(sound))[:: RATE // _LINE], -1, 1)
    told = np.sign(narrow) * np.log1p(_MU * np.abs(narrow)) / np.log1p(_MU)
    heard = np.round(told * 127) / 127
    plain = np.sign(heard) * np.expm1(np.abs(heard) * np.log1p(_MU)) / _MU
    return plain.astype(np.float32)


@cache
def _recorded(name: str) -> Sound:
    import gradio

    return read_recording(Path(gradio.__file__).parent / "media_assets" / "audio" / name)


def _stretch(kind: str, length: int, draw: np.random.Generator) -> Sound:
    """Return a stretch of a recording, repeated where it is too short."""
    whole = np.concatenate([_recorded(name) for name in _AROUND[kind]])
    return np.roll(np.resize(whole, max(length, len(whole))), int(draw.integers(len(whole))))[
        :length
    ]


def _mixed(sound: Sound, around: Sound, decibels: float) -> Sound:
    """Mix two sounds, the first louder by some decibels."""
    scale = np.sqrt(np.square(sound).mean() / np.square(around).mean() / 10 ** (decibels / 10))
    mixed: Sound = np.clip(sound + scale * around, -1, 1).astype(np.float32)
    return mixed


def _write(channels: Sound, rate: int, place: Path) -> None:
    """Write channels as 16-bit WAV."""
    with wave.open(str(place), "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((channels.T * 32767).astype("<i2").tobytes())
