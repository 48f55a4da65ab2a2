"""Make the demo's pictures and recordings from its tables: `python -m demo.make`.

Knows the four tables: the products (`catalogue.csv`), their looks (`looks.csv`: kind and seed;
colours, pattern and material come from the catalogue's record), their spoken descriptions
(`spoken.csv`), and the sounds of some (`sounding.csv`: kind and seed of a synthesised sound). The
generated files are committed, so this is needed only after a change of the tables, with espeak-ng
for the spoken descriptions. The same tables give the same files.
"""

import csv
import logging
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path

import av

from demo import catalogue_path
from demo.draw import Look, draw_look
from demo.sounds import SAMPLE_RATE, synthesise

_FOLDER = catalogue_path().parent
_PICTURE = 384  # pixels
_QUALITY = 80  # WebP
_PACE = ["-s", "130", "-g", "2"]  # words per minute; gap between words, in hundredths of a second
_BIT_RATE = 24_000  # bits per second; speech stays clear in Opus at this rate

LookRecord = Mapping[str, str]


def read_table(name: str) -> list[LookRecord]:
    """Read one of the demo's tables, one mapping per row."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def looks() -> Iterator[tuple[str, Look]]:
    """Yield every picture's path, relative to the catalogue, and the look it shows."""
    records = {record["id"]: record for record in read_table("catalogue")}
    for row in read_table("looks"):
        record = records[row["id"]]
        colour, _, second = record["colour"].partition(" and ")
        for view in range(int(row["views"])):
            look = Look(
                kind=row["kind"],
                colour=colour,
                second_colour=second,
                pattern=record["pattern"],
                material=record["material"],
                seed=int(row["seed"]),
                view=view,
            )
            yield f"pictures/{row['id']}-{view + 1}.webp", look


def save_picture(look: Look, path: Path, *, size: int = _PICTURE) -> None:
    """Draw a look into a WebP file."""
    draw_look(look, size=size).save(path, "WEBP", quality=_QUALITY, method=6)


def save_recording(words: str, voice: str, path: Path, *, bit_rate: int = _BIT_RATE) -> None:
    """Synthesise speech into an Ogg Opus file.

    Raises: CalledProcessError when espeak-ng fails, FileNotFoundError when it is missing.
    """
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        speak = ["espeak-ng", "-v", voice, *_PACE, "-w", str(spoken), words]
        subprocess.run(speak, check=True, capture_output=True)
        _compress(spoken, path, bit_rate)


def save_sound(kind: str, seed: int, path: Path) -> None:
    """Synthesise a sound into an Ogg Opus file."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.wav"
        with wave.open(str(made), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes((synthesise(kind, seed) * 32_767).astype("<i2").tobytes())
        _compress(made, path, _BIT_RATE)


def _compress(source: Path, target: Path, bit_rate: int) -> None:
    """Convert a sound file to Ogg Opus; the same sound gives the same bytes."""
    exact = {"fflags": "+bitexact"}  # otherwise the stream's number is random
    with av.open(str(source)) as sound, av.open(str(target), "w", "ogg", options=exact) as small:
        stream = small.add_stream("libopus", rate=16_000, options={"application": "voip"})
        stream.bit_rate, stream.layout = bit_rate, "mono"
        for frame in sound.decode(audio=0):
            small.mux(stream.encode(frame))
        small.mux(stream.encode(None))


def main() -> None:
    """Make every picture and every recording."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in ("pictures", "recordings"):
        (_FOLDER / name).mkdir(exist_ok=True)
    pictures = list(looks())
    for name, look in pictures:
        save_picture(look, _FOLDER / name)
    spoken = read_table("spoken")
    for row in spoken:
        save_recording(row["words"], row["voice"], _FOLDER / "recordings" / f"{row['id']}.opus")
    sounding = read_table("sounding")
    for row in sounding:
        save_sound(row["kind"], int(row["seed"]), _FOLDER / "recordings" / f"{row['id']}.opus")
    logging.info("made %d pictures, %d recordings", len(pictures), len(spoken) + len(sounding))


if __name__ == "__main__":
    main()
