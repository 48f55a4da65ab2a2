"""Make the demo of news from its texts: `python -m demo.news.make`.

Knows the articles (`articles.txt`, one a line) and what is spoken beside some of them
(`spoken.csv`: a voice that adds what the article does not say). The generated files are committed,
as the shop's are, so this is needed only after a change of the texts, with espeak-ng for the
voices; `python -m demo.transcribe news` then hears the recordings.
"""

import csv
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from demo import catalogue_path
from demo.draw import Look
from demo.make import save_picture, save_recording
from demo.people.make import write_table

_MONTH = "2026-05"
_WORDS_A_SECOND = 3.5  # at which people read
_HEADER = (
    "id", "title", "description", "topic", "place", "author", "published", "reading time",
    "pictures", "recordings",
)  # fmt: skip
_PICTURE, _BIT_RATE = 224, 12_000  # pixels; bits per second


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is written."""

    id: str
    day: int
    topic: str
    place: str
    author: str
    look: Look
    title: str
    text: str


def articles(folder: Path) -> Iterator[Article]:
    """Yield the articles, in the order of the file."""
    lines = (folder / "articles.txt").read_text("utf-8").splitlines()
    written = [line for line in lines if line and not line.startswith("#")]
    for number, line in enumerate(written, start=1):
        day, topic, place, author, drawn, title, text = (part.strip() for part in line.split("|"))
        kind, colour = drawn.split(", ")
        look = Look(kind=kind, colour=colour, second_colour="cream", seed=4_000 + number)
        yield Article(f"a{number:03}", int(day), topic, place, author, look, title, text)


def spoken_rows(folder: Path) -> dict[str, tuple[str, str]]:
    """Return voice and words by the title of the article that they belong to."""
    with (folder / "spoken.csv").open(encoding="utf-8", newline="") as lines:
        return {row["title"]: (row["voice"], row["words"]) for row in csv.DictReader(lines)}


def main() -> None:
    """Write the catalogue, every picture and every recording."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    source = catalogue_path("news")
    folder = source.parent
    for name in ("pictures", "recordings"):
        (folder / name).mkdir(exist_ok=True)
    spoken, rows = spoken_rows(folder), list[tuple[str, ...]]()
    for one in articles(folder):
        picture, recording = f"pictures/{one.id}.webp", ""
        save_picture(one.look, folder / picture, size=_PICTURE)
        if one.title in spoken:
            recording = f"recordings/{one.id}.opus"
            voice, words = spoken[one.title]
            save_recording(words, voice, folder / recording, bit_rate=_BIT_RATE)
        seconds = round(len(one.text.split()) / _WORDS_A_SECOND)
        at, time = f"{_MONTH}-{one.day:02}", f"{seconds} s"
        rows.append(
            (one.id, one.title, one.text, one.topic, one.place, one.author, at, time)
            + (picture, recording)
        )  # fmt: skip
    write_table(source, _HEADER, rows)
    logging.info("made %d articles, %d of them spoken", len(rows), len(spoken))


if __name__ == "__main__":
    main()
