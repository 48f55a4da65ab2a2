"""Small real recordings and videos, made on the spot."""

import wave
from fractions import Fraction

import numpy as np

RATE = 16_000  # samples a second


def save_wave(samples, path, rate=RATE):
    """Write samples (-1 to 1, `rate` a second) as 16-bit mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def save_clip(path, pictures, sound=None, *, each=5, pace=5, rotation=0):
    """Write a video that shows each picture for `each` frames of `pace` a second; sound if given.

    Without pictures it holds sound alone.
    """
    import av

    video, audio = ("mpeg4", "aac") if path.suffix != ".webm" else ("libvpx", "libopus")
    with av.open(str(path), "w") as file:
        shown = heard = None
        if pictures:
            shown = file.add_stream(video, rate=pace)
            shown.width, shown.height = pictures[0].size
            shown.pix_fmt, shown.bit_rate = "yuv420p", 2_000_000
            if rotation:
                shown.set_display_rotation(rotation)
        if sound is not None:
            heard = file.add_stream(audio, rate=RATE, layout="mono")
        for picture in [one for one in pictures for _ in range(each)]:
            file.mux(shown.encode(av.VideoFrame.from_image(picture)))
        if shown:
            file.mux(shown.encode(None))
        if heard:
            _write_sound(file, heard, sound)
    return path


def _write_sound(file, stream, sound):
    import av

    for start in range(0, len(sound), 960):
        block = np.ascontiguousarray(sound[None, start : start + 960], dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        file.mux(stream.encode(frame))
    file.mux(stream.encode(None))
