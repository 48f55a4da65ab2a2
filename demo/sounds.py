"""Synthesise sounds of things: a plucked string, a bell, a purring cat; every seed differs.

Knows how a few things make their sound (numpy only); knows no file and no catalogue. The same kind
and seed give the same sound. None of them is a real recording.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import cycle
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # samples per second
_SECONDS = 3.0
_PEAK = 0.7  # of full scale

Samples = NDArray[np.float32]  # (samples,) at SAMPLE_RATE, mono, -1 to 1
Wave = NDArray[np.float64]
Hit = Callable[[Wave], Wave]  # seconds since the stroke → samples


def synthesise(kind: str, seed: int, *, seconds: float = _SECONDS) -> Samples:
    """Return an instance of a kind of sound; the seed sets pitch, tempo, timbre and room.

    Raises: KeyError for an unknown kind.
    """
    dice = np.random.default_rng([seed, *kind.encode()])
    made = SOUND_KINDS[kind](dice, np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    heard = _in_a_room(made, dice)
    return np.asarray(_PEAK * heard / np.abs(heard).max(), dtype=np.float32)


def under_noise(sound: Samples, decibels: float, seed: int) -> Samples:
    """Return a sound with white noise added, at a signal-to-noise ratio in decibels."""
    noise = np.random.default_rng(seed).standard_normal(len(sound))
    level = np.sqrt(np.mean(np.square(sound))) * 10 ** (-decibels / 20)
    mixed = sound + level * noise
    return np.asarray(mixed / max(1.0, float(np.abs(mixed).max())), dtype=np.float32)


def _plucked_string(dice: Generator, t: Wave) -> Wave:
    """Pluck strings one after another (Karplus and Strong 1983, doi 10.2307/3680062)."""
    sound = np.zeros(len(t))
    pitch, brightness = dice.uniform(90, 250), dice.uniform(0.2, 0.8)
    for start in _beats(t, dice.uniform(0.25, 0.8), dice, shake=0.05):
        period = int(SAMPLE_RATE / (pitch * 2 ** (dice.choice([0, 4, 5, 7, 12]) / 12)))
        burst = _smoothed(dice.standard_normal(period), 1 + int(6 * (1 - brightness)))
        rest = len(t) - start
        tone = np.zeros(rest + period)
        tone[:period] = burst
        for at in range(period, rest, period):  # average neighbours of the last period
            last = tone[at - period : at]
            tone[at : at + period] = 0.498 * (last + np.roll(last, 1))
        sound[start:] += tone[:rest]
    return sound


def _drum(dice: Generator, t: Wave) -> Wave:
    pitch, ring = dice.uniform(60, 160), dice.uniform(0.08, 0.3)
    stick = dice.uniform(0.1, 0.5)

    def hit(s: Wave) -> Wave:
        swept = 2 * np.pi * pitch * (s + 0.03 * (1 - np.exp(-s / 0.03)))
        skin = _sum(np.sin(swept * r) / r for r in (1, 1.59, 2.14)) * np.exp(-s / ring)
        return skin + stick * dice.standard_normal(len(s)) * np.exp(-s / 0.02)

    return _struck(t, hit, _beats(t, dice.uniform(0.2, 0.6), dice, shake=0.1), dice)


def _bell(dice: Generator, t: Wave) -> Wave:
    pitch, ring = dice.uniform(350, 1100), dice.uniform(0.6, 2.0)
    partials = np.array([0.5, 1, 1.19, 1.56, 2, 2.51, 2.66, 3.01, 4.1])
    partials *= dice.uniform(0.99, 1.01, 9)
    loud = dice.uniform(0.3, 1.0, 9)

    def hit(s: Wave) -> Wave:
        return _sum(
            a * np.sin(2 * np.pi * pitch * r * s) * np.exp(-s * r / ring)
            for r, a in zip(partials, loud, strict=True)
            if pitch * r < SAMPLE_RATE / 2
        )

    return _struck(t, hit, _beats(t, dice.uniform(0.7, 1.6), dice, shake=0.02), dice)


def _engine(dice: Generator, t: Wave) -> Wave:
    firing = dice.uniform(25, 70) * (1 + 0.15 * np.sin(2 * np.pi * dice.uniform(0.1, 0.6) * t))
    phase = 2 * np.pi * np.cumsum(firing) / SAMPLE_RATE
    slope = dice.uniform(0.6, 1.1)
    hum = _sum(np.sin(k * phase + dice.uniform(0, 6)) / k**slope for k in range(1, 25))
    uneven = 1 + 0.4 * np.sin(phase / 2) + 0.15 * _smoothed(dice.standard_normal(len(t)), 400) * 20
    return hum * uneven + 0.3 * _smoothed(dice.standard_normal(len(t)), 8)


def _purr(dice: Generator, t: Wave) -> Wave:
    rate, breath = dice.uniform(22, 30), dice.uniform(0.4, 0.8)
    pulses = np.maximum(np.sin(2 * np.pi * rate * t + dice.uniform(0, 6)), 0) ** 4
    rumble = _band(dice.standard_normal(len(t)), 60, dice.uniform(300, 700))
    in_and_out = 0.55 + 0.45 * np.sin(2 * np.pi * breath * t) ** 2
    return np.asarray(rumble / rumble.std() * pulses * in_and_out)


def _rain(dice: Generator, t: Wave) -> Wave:
    hiss = _band(dice.standard_normal(len(t)), 500, 7500) * dice.uniform(0.2, 0.6)
    drops = np.zeros(len(t))
    for start in dice.integers(0, len(t) - 400, int(dice.uniform(100, 400) * t[-1])):
        s = t[:400]
        drop = np.sin(2 * np.pi * dice.uniform(1500, 6000) * s) * np.exp(-s / 0.004)
        drops[start : start + 400] += dice.pareto(2.5) * drop
    return hiss + 0.7 * drops


def _whistle(dice: Generator, t: Wave) -> Wave:
    """Return a kettle's whistle: a rising, wavering tone in the noise of steam."""
    rise = 1 - 0.35 * np.exp(-t / dice.uniform(0.3, 1.2))
    waver = 1 + 0.01 * np.sin(2 * np.pi * dice.uniform(4, 9) * t)
    phase = 2 * np.pi * np.cumsum(dice.uniform(1400, 2800) * rise * waver) / SAMPLE_RATE
    steam = _band(dice.standard_normal(len(t)), 2000, 7500)
    return (np.sin(phase) + 0.3 * np.sin(2 * phase)) * rise + dice.uniform(0.1, 0.4) * steam


def _siren(dice: Generator, t: Wave) -> Wave:
    low, span = dice.uniform(450, 700), dice.uniform(1.4, 2.2)
    swing = 0.5 - 0.5 * np.cos(2 * np.pi * dice.uniform(0.25, 1.2) * t + dice.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(low * span**swing) / SAMPLE_RATE
    return _sum(np.sin(k * phase) / k for k in (1, 2, 3, 4))


def _clock(dice: Generator, t: Wave) -> Wave:
    pitches, ring = dice.uniform(1500, 5500, 3), dice.uniform(0.004, 0.02)
    highs = cycle((1.0, 0.85))  # tick, tock

    def hit(s: Wave) -> Wave:
        high = next(highs)
        return _sum(np.sin(2 * np.pi * p * high * s) for p in pitches) * np.exp(-s / ring)

    return _struck(t, hit, _beats(t, dice.choice([0.2, 0.25, 0.5, 1.0]), dice, shake=0.0), dice)


def _bird(dice: Generator, t: Wave) -> Wave:
    sound, base = np.zeros(len(t)), dice.uniform(2200, 4800)
    length, warble = dice.uniform(0.05, 0.18), dice.uniform(15, 40)
    for start in _beats(t, dice.uniform(0.15, 0.5), dice, shake=0.3):
        s = t[: min(int(length * SAMPLE_RATE), len(t) - start)]
        sweep = base * (1 + dice.uniform(-0.3, 0.4) * s / length + 0.05 * np.sin(warble * 6.28 * s))
        chirp = np.sin(2 * np.pi * np.cumsum(sweep) / SAMPLE_RATE) * np.sin(np.pi * s / length) ** 2
        sound[start : start + len(s)] += dice.uniform(0.5, 1.0) * chirp
    return sound


def _footsteps(dice: Generator, t: Wave) -> Wave:
    thud, grit = dice.uniform(60, 110), dice.uniform(0.2, 0.7)

    def hit(s: Wave) -> Wave:
        heel = np.sin(2 * np.pi * thud * s) * np.exp(-s / 0.03)
        sole = _band(dice.standard_normal(len(s)), 400, 3500) * np.exp(-(((s - 0.09) / 0.035) ** 2))
        return heel + grit * sole

    return _struck(t, hit, _beats(t, dice.uniform(0.4, 0.7), dice, shake=0.06), dice)


def _drip(dice: Generator, t: Wave) -> Wave:
    """Return dripping water: bubbles with a rising tone (van den Doel, ACM TAP 2(4), 2005)."""

    def hit(s: Wave) -> Wave:
        rising = dice.uniform(500, 1400) * (1 + dice.uniform(2, 6) * s)
        return np.sin(2 * np.pi * np.cumsum(rising) / SAMPLE_RATE) * np.exp(
            -s / dice.uniform(0.02, 0.06)
        )

    return _struck(t, hit, _beats(t, dice.uniform(0.3, 1.0), dice, shake=0.25), dice)


def _saw(dice: Generator, t: Wave) -> Wave:
    strokes = np.abs(np.sin(np.pi * dice.uniform(1.2, 2.4) * t + dice.uniform(0, 3)))
    teeth = 2 * np.pi * np.cumsum(dice.uniform(120, 260) * (0.4 + strokes)) / SAMPLE_RATE
    rasp = np.sign(np.sin(teeth)) * 0.4 + _band(dice.standard_normal(len(t)), 1200, 6000)
    return np.asarray(rasp * strokes**2)


def _phone(dice: Generator, t: Wave) -> Wave:
    pair, beat = dice.uniform(700, 1300, 2), dice.uniform(14, 24)
    on = (t % dice.uniform(1.2, 2.0)) < dice.uniform(0.6, 0.9)
    warble = np.sin(2 * np.pi * beat * t) > 0
    tone = np.where(warble, np.sin(2 * np.pi * pair[0] * t), np.sin(2 * np.pi * pair[1] * t))
    return np.asarray((tone + 0.3 * tone**3) * on)


SOUND_KINDS: Mapping[str, Callable[[Generator, Wave], Wave]] = MappingProxyType(
    {
        "plucked string": _plucked_string,
        "drum": _drum,
        "bell": _bell,
        "engine": _engine,
        "purring cat": _purr,
        "rain": _rain,
        "kettle whistle": _whistle,
        "siren": _siren,
        "ticking clock": _clock,
        "bird": _bird,
        "footsteps": _footsteps,
        "dripping water": _drip,
        "saw": _saw,
        "telephone": _phone,
    }
)


def _beats(t: Wave, gap: float, dice: Generator, *, shake: float) -> list[int]:
    """Return the sample positions of events about every `gap` seconds, with random shifts."""
    times = np.arange(dice.uniform(0, gap / 2), t[-1] - 0.05, gap)
    times = times + gap * shake * dice.standard_normal(len(times))
    return [int(time * SAMPLE_RATE) for time in times if 0 <= time < t[-1] - 0.05]


def _struck(t: Wave, hit: Hit, beats: list[int], dice: Generator) -> Wave:
    """Return the sum of hits at the given positions, each at a random volume."""
    sound = np.zeros(len(t))
    for start in beats:
        sound[start:] += dice.uniform(0.6, 1.0) * hit(t[: len(t) - start])
    return sound


def _in_a_room(sound: Wave, dice: Generator) -> Wave:
    """Add room echo (Moorer 1979, doi 10.2307/3680280), a spectral slope and microphone hiss."""
    ring = dice.uniform(0.05, 0.5)  # seconds until the echo has fallen by a factor e³
    s = np.arange(int(ring * SAMPLE_RATE)) / SAMPLE_RATE
    echo = dice.standard_normal(len(s)) * np.exp(-3 * s / ring)
    echo *= dice.uniform(0.05, 0.5) / np.sqrt(np.sum(echo**2))
    echo[0] = 1.0
    size = len(sound) + len(echo)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(echo, size)
    slope = (np.fft.rfftfreq(size, 1 / SAMPLE_RATE) / 1000 + 0.05) ** dice.uniform(-0.2, 0.2)
    heard = np.fft.irfft(spectrum * slope, size)[: len(sound)]
    hiss = 10 ** (-dice.uniform(30, 60) / 20) * np.abs(heard).max()
    return np.asarray(heard + hiss * dice.standard_normal(len(sound)))


def _sum(waves: Iterable[Wave]) -> Wave:
    return np.asarray(np.sum(list(waves), axis=0))


def _smoothed(noise: Wave, width: int) -> Wave:
    return np.asarray(np.convolve(noise, np.full(width, 1 / width), "same"))


def _band(noise: Wave, low: float, high: float) -> Wave:
    """Return the noise between two frequencies in hertz (a band-pass filter)."""
    spectrum, at = np.fft.rfft(noise), np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE)
    return np.asarray(np.fft.irfft(spectrum * ((at > low) & (at < high)), len(noise)))
