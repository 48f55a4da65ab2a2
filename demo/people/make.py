"""Make the demo of people from its tables of words: `python -m demo.people.make`.

Knows the profiles and the generators of pictures and voices. The generated files are committed, as
the shop's are, so this is needed only after a change of the words, with espeak-ng for the voices.
The same words give the same files; `python -m demo.transcribe people` then hears the recordings.
"""

import csv
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from demo import catalogue_path
from demo.draw import Look
from demo.make import save_picture, save_recording
from demo.people.profiles import Persona, friendships, personas, read_words

_HEADER = (
    "id", "title", "description", "interests", "place", "languages", "work", "gender", "religion",
    "listed", "private", "pictures", "recordings",
)  # fmt: skip
_PICTURE = 224  # pixels: the demos together stay small to install
_BIT_RATE = 12_000  # bits per second


def people_rows(people: Iterable[Persona]) -> list[tuple[str, ...]]:
    """Return the rows of the catalogue."""
    return [
        (
            one.id, one.title, one.description, ", ".join(one.interests), one.place,
            ", ".join(one.languages), one.work, one.gender, one.religion,
            "yes" if one.listed else "no", ", ".join(one.private),
            f"pictures/{one.id}.webp", f"recordings/{one.id}.opus",
        )
        for one in people
    ]  # fmt: skip


def drawn_look(one: Persona) -> Look:
    """Return what a person's picture shows."""
    kind = read_words("interests")[one.drawn]["kind"]
    seed = sum(map(ord, one.id)) * 7 + len(one.id)
    return Look(kind=kind, colour=one.colour, second_colour="cream", seed=seed)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def main() -> None:
    """Write the catalogue, the friendships, and every picture and recording."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    source, people = catalogue_path("people"), personas()
    folder = source.parent
    for name in ("pictures", "recordings"):
        (folder / name).mkdir(exist_ok=True)
    links = friendships(people)
    write_table(source, _HEADER, people_rows(people))
    write_table(source.with_name("people.links.csv"), ("one", "other"), links)
    for one in people:
        save_picture(drawn_look(one), folder / "pictures" / f"{one.id}.webp", size=_PICTURE)
        place = folder / "recordings" / f"{one.id}.opus"
        save_recording(one.spoken, one.voice, place, bit_rate=_BIT_RATE)
    logging.info("made %d people, %d friendships", len(people), len(links))


if __name__ == "__main__":
    main()
