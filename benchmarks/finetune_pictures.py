"""Fine-tune the shipped picture encoder on 500 items, and compare before and after.

    python -m benchmarks.finetune_pictures --data FOLDER --words FOLDER --out FOLDER

The shop sells 500 of the fashion products that the shipped weights were never trained on. Its
records are in German, which neither the weights nor all-MiniLM-L6-v2 were trained on; with
`--english` they are worded like the training data, which leaves little to gain.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.training_data import CaptionRecord, fashion_split, read_fashion
from retrieval.items import Item
from retrieval.training.pictures.finetune import train_pictures
from retrieval.training.trainer import TrainingProgress

GERMAN = {
    "Tshirts": "T-Shirt", "Shirts": "Hemd", "Casual Shoes": "Freizeitschuhe",
    "Watches": "Armbanduhr", "Sports Shoes": "Sportschuhe", "Handbags": "Handtasche",
    "Tops": "Oberteil", "Heels": "Absatzschuhe", "Sunglasses": "Sonnenbrille",
    "Wallets": "Geldbörse", "Flip Flops": "Zehentrenner", "Sandals": "Sandalen",
    "Briefs": "Unterhose", "Belts": "Gürtel", "Backpacks": "Rucksack", "Socks": "Socken",
    "Jeans": "Jeanshose", "Formal Shoes": "Halbschuhe", "Shorts": "kurze Hose",
    "Trousers": "Stoffhose", "Flats": "flache Schuhe", "Bra": "Büstenhalter",
    "Dresses": "Kleid", "Earrings": "Ohrringe", "Nail Polish": "Nagellack",
    "Lipstick": "Lippenstift", "Track Pants": "Trainingshose", "Sweatshirts": "Kapuzenpullover",
    "Caps": "Schirmmütze", "Sweaters": "Strickpullover", "Ties": "Krawatte", "Jackets": "Jacke",
    "Black": "schwarz", "White": "weiß", "Blue": "blau", "Brown": "braun", "Grey": "grau",
    "Red": "rot", "Green": "grün", "Pink": "rosa", "Navy Blue": "dunkelblau", "Purple": "lila",
    "Silver": "silbern", "Yellow": "gelb", "Beige": "beige", "Gold": "golden",
    "Maroon": "weinrot", "Orange": "orange", "men": "für Herren", "women": "für Damen",
    "unisex": "für alle", "boys": "für Jungen", "girls": "für Mädchen",
}  # fmt: skip


def shop_items(
    records: list[CaptionRecord], blobs: list[bytes], *, english: bool, count: int
) -> list[Item]:
    """Return the first `count` test products whose fields have a wording."""
    items: list[Item] = []
    for at in fashion_split(records).test:
        record = records[at]
        facts = [record[field] for field in ("type", "colour", "who")]
        if all(facts) and (english or all(fact in GERMAN for fact in facts)):
            kind, colour, who = facts if english else [GERMAN[fact] for fact in facts]
            title = record["name"] if english else f"{kind} {colour} {who}"
            attributes = {
                "colour" if english else "farbe": colour,
                "for" if english else "wer": who,
            }
            items.append(
                Item(
                    record["id"], title, category=kind, attributes=attributes, pictures=(blobs[at],)
                )
            )
    return items[:count]


def tell(progress: TrainingProgress) -> None:
    """Print the training progress."""
    told = "" if progress.validation is None else f", validation {progress.validation:.3f}"
    line = f"step {progress.step} of {progress.steps}, loss {progress.loss:.3f}"
    sys.stderr.write(f"{line}, {progress.seconds_left:.0f} s left{told}\n")


def main() -> None:
    """Fine-tune and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "words", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--english", action="store_true")
    given = parser.parse_args()
    items = shop_items(*read_fashion(given.data), english=given.english, count=given.items)
    done = train_pictures(items, out=given.out, words=given.words, report=tell)
    heading = f"{len(items)} items, {done.trained} trained on, {done.held_out} held out"
    lines = [f"{heading}, {done.steps} steps, {done.seconds:.0f} s", ""]
    lines += ["| held-out items | before | after |", "|---|---|---|"]
    lines += [f"| {line.name} | {line.before:.3f} | {line.after:.3f} |" for line in done.table]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
