"""Measure search with a photo and words that change it (composed image retrieval).

    python -m benchmarks.composed --data FOLDER [--encoder FOLDER] [--words FOLDER] [--json FILE]

`--data` holds `fashion/products.parquet`. A query is the photo of one product and either "like this
but in <colour>" or "like this but <type>". Relevant are the products with the photo's type and the
new colour, or with the new type and the photo's colour. All products and photos are in the held-out
test split of 4,000 products (retrieval/training/splits.py); the balance is chosen on the validation
split. Words are read as in a conversation; the guard is the filter by the constraints in the
resulting state. Attributes of the photo come from the votes of the nearest other pictures
(retrieval/photo_attributes.py). Only the picture encoder's vectors are used, without texts and
shared words, because the comparison is between ways of combining photo and words. At a balance of
one half, spherical interpolation and the sum have the same direction.
"""

import argparse
import json
import platform
import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import load_settings
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from benchmarks.picture_encoder import Figure, encode_blobs, figure
from benchmarks.training_data import CaptionRecord, fashion_split, read_fashion
from retrieval.encoders.picture import load_picture_encoder
from retrieval.encoders.picture_folder import EMBEDDED
from retrieval.filter import satisfying
from retrieval.fusion.concatenation import Population, spread
from retrieval.fusion.slerp import slerp
from retrieval.items import Catalogue, Item, Query
from retrieval.models.registry import model_folder
from retrieval.photo_attributes import VOTERS, agreed
from retrieval.protocols import PictureEncoder, Vectors
from retrieval.search import PREFERENCE_WORTH, met_preferences
from retrieval.training.pictures.wordings import one_of_kind, plain

TYPE, COLOUR = "article type", "base colour"  # names in the catalogue
EDIT_SEED = 5
EDITS = 500  # per kind
TUNING_EDITS = 200
LEAST_EDITS = 10  # relevant items per edit, at least, so that P@10 can be 1
BALANCES = tuple(round(0.1 * step, 1) for step in range(1, 10))
DEFAULT_BALANCE = Query.__dataclass_fields__["balance"].default

Compose = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class PhotoEdit:
    """A query: a photo, words that change it, and the relevant type and colour."""

    kind: str  # "colour" or "type"
    place: int  # position of the product in the photo
    words: str
    type: str
    colour: str


@dataclass(frozen=True)
class EditedProducts:
    """Products with their pictures' vectors, and the edits that are searched among them."""

    records: Sequence[CaptionRecord]
    pictures: Vectors
    edits: Sequence[PhotoEdit]
    captions: Vectors  # of the edits' words, by the picture encoder
    allowed: NDArray[np.bool_]  # (edits, products): satisfies the state's constraints
    met_preferences: NDArray[np.bool_]  # (edits, products): has the attributes read from the photo

    def hits(self, compose: Compose, *, guarded: bool, wished: bool = False) -> NDArray[np.bool_]:
        """Return which of the first ten are relevant, (edits, 10)."""
        photos = self.pictures[[edit.place for edit in self.edits]]
        queries = np.stack([compose(p, w) for p, w in zip(photos, self.captions, strict=True)])
        scores = standardised_cosines(queries, self.pictures)
        if wished:
            scores += PREFERENCE_WORTH * self.met_preferences
        if guarded:
            scores[~self.allowed] = -np.inf
        scores[np.arange(len(self.edits)), [edit.place for edit in self.edits]] = -np.inf
        first = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        pairs = zip(self.edits, first, scores, strict=True)
        return np.array(
            [[self._right(edit, at, row[at]) for at in top] for edit, top, row in pairs]
        )

    def _right(self, edit: PhotoEdit, at: int, score: float) -> bool:
        record = self.records[at]
        kept = (record["type"], record["colour"]) == (edit.type, edit.colour)
        return bool(np.isfinite(score)) and kept


def make_edits(records: Sequence[CaptionRecord], count: int, seed: int) -> list[PhotoEdit]:
    """Draw `count` colour edits and as many type edits, each with enough relevant products."""
    dice = random.Random(seed)
    known = Counter((r["type"], r["colour"]) for r in records if r["type"] and r["colour"])
    enough = sorted(pair for pair, seen in known.items() if seen >= LEAST_EDITS)
    colour, type_ = list[PhotoEdit](), list[PhotoEdit]()
    for at in dice.sample(range(len(records)), len(records)):
        kind, hue = records[at]["type"], records[at]["colour"]
        hues = [other for one, other in enough if one == kind and other != hue]
        kinds = [one for one, other in enough if other == hue and one != kind]
        if hues and hue and len(colour) < count:
            new = dice.choice(hues)
            colour.append(PhotoEdit("colour", at, f"like this but in {plain(new)}", kind, new))
        if kinds and len(type_) < count:
            new = dice.choice(kinds)
            type_.append(PhotoEdit("type", at, f"like this but {one_of_kind(new)}", new, hue))
    return [*colour, *type_]


def make_part(
    records: Sequence[CaptionRecord], blobs: Sequence[bytes], encoder: PictureEncoder, count: int
) -> EditedProducts:
    """Encode the pictures, draw the edits and read their words."""
    edits = make_edits(records, count, EDIT_SEED)
    if not edits:
        raise SystemExit(
            f"{len(records)} products are too few: no colour of a type has {LEAST_EDITS}"
        )
    items = [
        Item(r["id"], r["name"], attributes={TYPE: r["type"], COLOUR: r["colour"]}) for r in records
    ]
    vocabulary = Vocabulary(Catalogue("fashion", {item.id: item for item in items}))
    phrases, allowed = list[str](), np.zeros((len(edits), len(records)), dtype=np.bool_)
    for row, edit in enumerate(edits):
        reading = read_by_code(edit.words, Conversation(), vocabulary)
        phrases.append(reading.phrase or edit.words)
        state = merge(DialogueState(), reading.changes, kinds=frozenset(vocabulary.kinds))
        kept = satisfying(vocabulary.catalogue, state.constraints)
        allowed[row] = [record["id"] in kept for record in records]
    pictures = encode_blobs(encoder, blobs)
    return EditedProducts(
        records,
        pictures,
        edits,
        encoder.encode_words(phrases),
        allowed,
        items_with_seen_values(edits, items, pictures),
    )


def items_with_seen_values(
    edits: Sequence[PhotoEdit], items: Sequence[Item], pictures: Vectors
) -> NDArray[np.bool_]:
    """Return which items have the attributes that are read from each photo.

    The field that the words name is ignored, as in a conversation: words take precedence over the
    photo.
    """
    likeness = standardised_cosines(pictures[[edit.place for edit in edits]], pictures)
    kept = np.zeros((len(edits), len(items)), dtype=np.bool_)
    for row, edit in enumerate(edits):
        likeness[row, edit.place] = -np.inf
        near = np.argsort(-likeness[row], kind="stable")[:VOTERS]
        voters, field = [items[at] for at in near], TYPE if edit.kind == "colour" else COLOUR
        if preference := agreed(voters, likeness[row, near], field):
            kept[row] = [bool(met_preferences(item, (preference,))) for item in items]
    return kept


def standardised_cosines(queries: Vectors, pictures: Vectors) -> NDArray[np.float32]:
    """Return cosines standardised over the pictures, (queries, pictures)."""
    everything = describe_pictures(pictures)
    spreads = np.array([spread(query, everything) for query in queries], dtype=np.float32)
    cosines = (queries @ pictures.T) - (queries @ everything.mean)[:, np.newaxis]
    return np.asarray(cosines / spreads[:, np.newaxis], dtype=np.float32)


def describe_pictures(pictures: Vectors) -> Population:
    """Return the mean and covariance of the pictures' vectors."""
    mean = pictures.mean(axis=0)
    return Population(mean, np.cov(pictures, rowvar=False, bias=True).astype(np.float32))


def compose_along_arc(balance: float) -> Compose:
    """Return a function that combines photo and words by spherical interpolation."""
    return lambda photo, words: slerp(photo, words, balance)


def choose_balance(part: EditedProducts, *, guarded: bool) -> tuple[float, Mapping[float, float]]:
    """Return the best balance on this split, and the metric at every balance."""
    found = {b: float(part.hits(compose_along_arc(b), guarded=guarded).mean()) for b in BALANCES}
    return max(found, key=lambda balance: found[balance]), found


def measure_compositions(
    part: EditedProducts, balances: Mapping[bool, float]
) -> list[tuple[str, Figure]]:
    """Return every metric of the table, with the name of its row."""
    bare, guarded = balances[False], balances[True]
    rows: list[tuple[str, Compose, bool, bool]] = [
        ("photo only", lambda photo, words: photo, False, False),
        ("words only", lambda photo, words: words, False, False),
        ("sum of vectors", lambda photo, words: photo + words, False, False),
        (f"spherical, balance {bare}", compose_along_arc(bare), False, False),
        ("photo only, attribute guard", lambda photo, words: photo, True, False),
        (
            f"spherical, balance {DEFAULT_BALANCE}, attribute guard",
            compose_along_arc(DEFAULT_BALANCE),
            True,
            False,
        ),
        (f"spherical, balance {guarded}, attribute guard", compose_along_arc(guarded), True, False),
        (
            f"spherical, balance {DEFAULT_BALANCE}, attribute guard, what is seen",
            compose_along_arc(DEFAULT_BALANCE),
            True,
            True,
        ),
    ]
    figures = []
    for name, compose, guard, wished in rows:
        hits = part.hits(compose, guarded=guard, wished=wished)
        for kind in ("colour", "type"):
            mine = hits[[edit.kind == kind for edit in part.edits]]
            for depth in (5, 10):
                share = mine[:, :depth].mean(axis=1)
                figures.append((name, figure(f"{kind} edit, P@{depth}", share)))
    return figures


def composition_table(figures: Sequence[tuple[str, Figure]]) -> list[str]:
    """Format the metrics as a Markdown table, one row per way of combining."""
    names = list(dict.fromkeys(one.name for _, one in figures))
    lines = [f"| how | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for row in dict.fromkeys(name for name, _ in figures):
        cells = [f"{f.value:.3f} ({f.low:.3f}-{f.high:.3f})" for name, f in figures if name == row]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="")
    home = load_settings().home
    parser.add_argument("--words", type=Path, default=model_folder(home, "all-minilm-l6-v2"))
    parser.add_argument("--limit", type=int, help="only so many products of each part, to try it")
    parser.add_argument("--json", type=Path, help="also write every figure to this file")
    given = parser.parse_args()
    encoder = load_picture_encoder(given.encoder or EMBEDDED, words=given.words)
    records, blobs = read_fashion(given.data)
    split = fashion_split(records)

    def part(places: Sequence[int], count: int) -> EditedProducts:
        some = places[: given.limit]
        return make_part([records[at] for at in some], [blobs[at] for at in some], encoder, count)

    tuning, test = part(split.validation, TUNING_EDITS), part(split.test, EDITS)
    chosen = {guarded: choose_balance(tuning, guarded=guarded) for guarded in (False, True)}
    figures = measure_compositions(test, {guarded: best for guarded, (best, _) in chosen.items()})
    counts = Counter(edit.kind for edit in test.edits)
    sys.stdout.write(
        f"encoder {encoder.name}, {platform.machine()}, seed {EDIT_SEED}; "
        f"{len(test.records)} products, "
        f"{counts['colour']} colour edits, {counts['type']} type edits; 95 % intervals\n\n"
    )
    for guarded, (_, found) in chosen.items():
        shares = ", ".join(f"{balance}: {share:.3f}" for balance, share in found.items())
        sys.stdout.write(f"validation, {'with' if guarded else 'without'} guard, P@10 {shares}\n")
    sys.stdout.write("\n" + "\n".join(composition_table(figures)) + "\n")
    if given.json:
        facts = [{"row": name, **asdict(one)} for name, one in figures]
        given.json.write_text(json.dumps({"seed": EDIT_SEED, "figures": facts}, indent=2), "utf-8")


if __name__ == "__main__":
    main()
