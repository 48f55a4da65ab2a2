"""Find sounds by sounds: how the vectors that a recording can get compare.

Knows synthesised sounds (demo/sounds.py), the few real ones that installed packages bring, and the
encoders to compare.

    python -m benchmarks.sounds --scale     make retrieval/sound_scale.toml again
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from demo.sounds import KINDS, synthesise, with_noise
from retrieval.protocols import Sound
from retrieval.sound_encoder import statistics

DEVELOPED_ON = tuple(KINDS)[:8]  # the other kinds were not heard before the encoder was chosen
NOISES = (None, 20, 10, 0)  # decibels of a sound above the noise; None is without
_DEVELOPMENT = range(12)  # seeds
_SCALE = Path(__file__).parents[1] / "retrieval" / "sound_scale.toml"


def development() -> Iterator[tuple[str, int, int | None, Sound]]:
    """Yield kind, seed, noise and sound of everything that was looked at to choose an encoder."""
    for kind in DEVELOPED_ON:
        for seed in _DEVELOPMENT:
            sound = synthesise(kind, seed)
            for noise in NOISES:
                yield kind, seed, noise, sound if noise is None else with_noise(sound, noise, seed)


def write_scale(path: Path) -> None:
    """Write the mean and the spread of the statistics over the development sounds."""
    found = np.array([statistics(sound) for *_, sound in development()])
    lines = [
        "# The mean and the spread of each number that describes a sound: 40 bands' levels, their",
        "# variations and their changes, in decibels. `python -m benchmarks.sounds --scale`, from",
        f"# {len(found)} sounds of {len(DEVELOPED_ON)} kinds, synthesised, without noise and with.",
    ]
    for name, numbers in (("mean", found.mean(axis=0)), ("spread", found.std(axis=0))):
        rows = [", ".join(f"{x:.2f}" for x in row) for row in numbers.reshape(-1, 10)]
        lines += ["", f"{name} = [", *(f"    {row}," for row in rows), "]"]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Read the options and do as they say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", action="store_true")
    if parser.parse_args().scale:
        write_scale(_SCALE)


if __name__ == "__main__":
    main()
