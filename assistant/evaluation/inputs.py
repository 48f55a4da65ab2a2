"""Build the request of a script's line: words, photos, recordings.

Knows Pillow; knows no agent. A picture of the demo is distorted to look like a photo: on a table,
rotated, cropped, in other light, slightly out of focus, as JPEG, all from one random seed.
"""

import random
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter

from assistant.evaluation.script import Script, ScriptLine
from assistant.turn.request import Request
from demo import SHOP_DEMO, catalogue_path, demo_names
from retrieval.evaluation.speech.speaking import speak
from retrieval.media.pictures import read_picture


def request_for(line: ScriptLine, folder: Path, script: Script | None = None) -> Request:
    """Return the request of a line; generated files are stored in `folder`.

    Pictures and recordings are those of the script's demo, the shop's where there is none.

    Raises:
        MissingDependencyError: the line is spoken, and espeak-ng is not installed.
    """
    name = script.catalogue if script and script.catalogue in demo_names() else SHOP_DEMO
    here = catalogue_path(name).parent
    recording = here / "recordings" / f"{line.recording}.opus" if line.recording else None
    if line.spoken:
        recording = _speak(line, folder)
    photos: tuple[Path, ...] = ()
    if line.photo:
        owner, _, shown = line.photo.rpartition("/")
        home = catalogue_path(owner).parent if owner in demo_names() else here
        picture = home / "pictures" / f"{shown}.webp"
        photos = (photographed(picture, folder, line.seed) if line.seed else picture,)
    if script and script.speaker:
        return Request(line.words, photos, recording, user=script.speaker)
    return Request(line.words, photos, recording)


def photographed(picture: Path, folder: Path, seed: int) -> Path:
    """Distort a picture to look taken with a phone, in the same way for the same seed."""
    chance = random.Random(f"{picture.name} {seed}")
    drawn = read_picture(picture)
    width, height = drawn.size
    table = tuple(chance.randint(150, 235) for _ in range(3))
    tilted = drawn.rotate(chance.uniform(-9, 9), Image.Resampling.BICUBIC, fillcolor=table)
    cut = [chance.uniform(0.0, 0.06) for _ in range(4)]
    box = (cut[0] * width, cut[1] * height, (1 - cut[2]) * width, (1 - cut[3]) * height)
    seen = tilted.crop(box)
    seen = ImageEnhance.Brightness(seen).enhance(chance.uniform(0.78, 1.18))
    seen = ImageEnhance.Color(seen).enhance(chance.uniform(0.85, 1.1))
    seen = seen.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.2)))
    place = folder / f"{picture.stem}-{seed}.jpg"
    seen.save(place, quality=chance.randint(55, 80))
    return place


def _speak(line: ScriptLine, folder: Path) -> Path:
    place = folder / "spoken.wav"
    speak(line.spoken, line.voice, place)
    return place
