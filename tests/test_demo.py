"""The demo catalogue keeps its promises, and its pictures show what its records say."""

import itertools
import random
import re
from collections import Counter

import av
import numpy as np
import pytest
from PIL import Image

from demo import catalogue_path
from demo.draw import DRAWN_KINDS, Look, caption, draw_look, random_look
from demo.make import looks, read_table, save_recording, save_sound
from demo.materials import suits_patterns, usual_materials
from demo.patterns import PALETTE, PATTERNS
from demo.sounds import synthesise
from retrieval.encoders.sound import LogMelEncoder, audible
from retrieval.media.recordings import read_recording

FOLDER = catalogue_path().parent
RECORDS = read_table("catalogue")
KIND = {row["id"]: row["kind"] for row in read_table("looks")}
FACTS = ("colour", "material", "size", "pattern", "capacity", "pages", "age", "power")
COMMON = set(
    "about after again also because before comes does down each every from have into makes only "
    "over right same shop that their them they this when where which with your were more than "
    "made hand hands large small little".split()
)


def words(text):
    return set(re.findall(r"[a-z]{4,}", text.lower())) - COMMON


def pictures(record):
    return [name for name in record["pictures"].split("|") if name]


def pixels(name, side=48):
    with Image.open(FOLDER / name) as picture:
        return np.asarray(picture.convert("RGB").resize((side, side)), dtype=float)


def twins():
    """Yield pairs of one kind and brand whose facts differ once, with the name of that fact."""
    for one, other in itertools.combinations(RECORDS, 2):
        same = one["brand"] == other["brand"] and KIND.get(one["id"]) == KIND.get(other["id"])
        changed = [fact for fact in FACTS if one[fact] != other[fact]]
        if same and len(changed) == 1:
            yield one, other, changed[0]


def test_it_is_large_and_varied():
    assert len(RECORDS) >= 200
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)
    assert len({record["title"] for record in RECORDS}) == len(RECORDS)
    categories = Counter(record["category"] for record in RECORDS)
    assert len(categories) >= 14
    assert min(categories.values()) >= 5
    assert len({record["brand"] for record in RECORDS}) >= 15
    assert len({record["material"] for record in RECORDS}) >= 40


def test_every_record_names_the_kind_that_is_drawn():
    assert all(record["kind"] for record in RECORDS)
    assert all(record["kind"] == KIND.get(record["id"], record["kind"]) for record in RECORDS)


def test_prices_are_in_dollars_from_2_to_900():
    prices = [float(record["price"]) for record in RECORDS]
    assert min(prices) == 2
    assert 800 < max(prices) <= 900
    assert {record["currency"] for record in RECORDS} == {"USD"}


def test_some_things_are_sold_out():
    stock = [int(record["stock"]) for record in RECORDS]
    assert 5 <= stock.count(0) <= 30


def test_records_use_the_generators_colours_and_patterns():
    named = {name for record in RECORDS for name in record["colour"].split(" and ") if name}
    assert named <= set(PALETTE)
    assert len(named) >= 20
    assert {record["pattern"] for record in RECORDS} <= {"", "plain", *PATTERNS}


def test_a_pattern_names_both_of_its_colours():
    patterned = [r for r in RECORDS if r["pattern"] not in ("", "plain")]
    assert len(patterned) >= 50
    assert all(len(record["colour"].split(" and ")) == 2 for record in patterned)


def test_descriptions_are_written_one_by_one():
    described = [r["description"] for r in RECORDS if r["description"]]
    assert len(described) == len(set(described))
    assert 1 <= len(RECORDS) - len(described) <= 3
    openings = Counter(" ".join(text.split()[:3]).lower() for text in described)
    assert max(openings.values()) <= 2


def test_near_twins_differ_in_one_fact():
    by_fact = Counter(changed for _, _, changed in twins())
    assert by_fact["colour"] >= 20
    assert by_fact["material"] >= 3
    assert by_fact["size"] >= 2


def test_warm_scarves_stand_on_both_sides_of_40_dollars():
    scarves = [record for record in RECORDS if KIND.get(record["id"]) == "scarf"]
    warm = [r for r in scarves if re.search("wool|cashmere|alpaca|acrylic", r["material"])]
    assert sum(float(record["price"]) < 40 for record in warm) >= 4
    assert sum(float(record["price"]) > 40 for record in warm) >= 3


def test_all_pictures_are_small_webp_files():
    listed = [name for record in RECORDS for name in pictures(record)]
    assert listed == [name for name, _ in looks()]
    assert {FOLDER / name for name in listed} == set((FOLDER / "pictures").iterdir())
    for name in listed:
        with Image.open(FOLDER / name) as picture:
            assert (picture.format, picture.size) == ("WEBP", (384, 384))
            picture.load()


def test_some_items_have_two_pictures_and_few_have_none():
    counts = Counter(len(pictures(record)) for record in RECORDS)
    assert counts[2] >= 10
    assert 1 <= counts[0] <= 3


def test_the_whole_demo_is_small():
    files = [path for part in ("pictures", "recordings") for path in (FOLDER / part).iterdir()]
    assert sum(path.stat().st_size for path in files) < 6_000_000
    assert max(path.stat().st_size for path in files) < 40_000


def test_no_two_pictures_look_the_same():
    shown = [(name, pixels(name)) for record in RECORDS for name in pictures(record)]
    for (one, first), (other, second) in itertools.combinations(shown, 2):
        assert np.abs(first - second).mean() > 1.5, (one, other)


def test_committed_pictures_are_what_the_generator_draws():
    every = list(looks())
    for name, look in random.Random(4).sample(every, 6):
        drawn = np.asarray(draw_look(look).resize((48, 48)), dtype=float)
        assert np.abs(drawn - pixels(name)).mean() < 3, name


@pytest.mark.parametrize("kind", DRAWN_KINDS)
def test_a_drawing_is_the_same_for_its_look_and_another_for_another_seed(kind):
    look = Look(kind, "teal", material=usual_materials(kind)[0], seed=1)
    other = Look(kind, "teal", material=usual_materials(kind)[0], seed=2)
    first = draw_look(look, size=64)
    assert (first.mode, first.size) == ("RGB", (64, 64))
    assert first.tobytes() == draw_look(look, size=64).tobytes()
    assert (
        np.abs(np.asarray(first, float) - np.asarray(draw_look(other, size=64), float)).mean() > 1
    )


@pytest.mark.parametrize("kind", DRAWN_KINDS)
def test_the_colour_of_a_look_is_seen(kind):
    red, blue = (
        np.asarray(draw_look(Look(kind, colour, seed=3), size=64), float)
        for colour in ("red", "blue")
    )
    turned = (red[..., 0] - blue[..., 0] > 60) & (blue[..., 2] - red[..., 2] > 60)
    assert turned.mean() > 0.005


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_a_pattern_changes_the_surface(pattern):
    plain = draw_look(Look("cushion", "navy blue", "white", seed=5), size=96)
    drawn = draw_look(Look("cushion", "navy blue", "white", pattern, seed=5), size=96)
    assert np.abs(np.asarray(plain, float) - np.asarray(drawn, float)).mean() > 4


def test_another_view_shows_the_same_thing_otherwise():
    front, side = (
        np.asarray(draw_look(Look("mug", "red", view=v), size=64), float) for v in (0, 1)
    )
    assert np.abs(front - side).mean() > 3


def test_captions_name_what_is_drawn():
    look = Look("scarf", "navy blue", "white", "striped", "wool")
    assert caption(look) == "a navy blue and white striped wool scarf"
    assert caption(Look("boots", "olive")) == "a pair of olive boots"
    assert caption(Look("lantern", "orange", "red", "plain", "iron")) == "an orange iron lantern"
    assert caption(Look("trousers", "grey")) == "grey trousers"


def test_random_looks_are_believable_and_never_the_catalogues_own():
    dice = random.Random(0)
    invented = [random_look(dice) for _ in range(2_000)]
    assert {look.kind for look in invented} == set(DRAWN_KINDS)
    assert {look.colour for look in invented} == set(PALETTE)
    assert all(look.pattern == "plain" or suits_patterns(look.kind) for look in invented)
    assert min(look.seed for look in invented) > max(look.seed for _, look in looks())


def test_enough_is_said_in_enough_voices():
    spoken = read_table("spoken")
    assert len(spoken) >= 36
    assert len({row["voice"] for row in spoken}) >= 8
    named = {record["id"]: record["recordings"] for record in RECORDS if record["recordings"]}
    heard = [*spoken, *read_table("sounding")]
    assert named == {row["id"]: f"recordings/{row['id']}.opus" for row in heard}
    assert {FOLDER / name for name in named.values()} == set((FOLDER / "recordings").iterdir())


def test_what_is_said_is_not_written():
    by_id = {record["id"]: record for record in RECORDS}
    for row in read_table("spoken"):
        written = words(" ".join(by_id[row["id"]].values()))
        said = words(row["words"])
        assert len(said - written) >= 0.7 * len(said), (row["id"], said & written)


def test_some_things_sound_and_say_nothing():
    sounding = {row["id"]: row for row in read_table("sounding")}
    assert not sounding.keys() & {row["id"] for row in read_table("spoken")}
    sounds = [read_recording(FOLDER / "recordings" / f"{id_}.opus") for id_ in sounding]
    made = [synthesise(row["kind"], int(row["seed"])) for row in sounding.values()]
    encoder = LogMelEncoder()
    cosines = encoder.encode(sounds) @ encoder.encode(made).T
    assert all(map(audible, sounds))
    assert cosines.diagonal() == pytest.approx(1, abs=0.3)
    assert np.array_equal(cosines.argmax(axis=1), np.arange(len(sounds)))


def test_recordings_are_compressed():
    for path in sorted((FOLDER / "recordings").iterdir())[::8]:
        with av.open(str(path)) as sound:
            stream = sound.streams.audio[0]
            assert stream.codec_context.name in ("opus", "libopus")
            samples = np.concatenate([f.to_ndarray().ravel() for f in sound.decode(stream)])
        assert 1.5 < len(samples) / stream.codec_context.sample_rate < 20
        assert np.abs(samples).max() > 0.05


def test_a_sound_is_made_from_its_kind_and_always_the_same(tmp_path):
    made = [tmp_path / name for name in ("one.opus", "two.opus")]
    for path in made:
        save_sound("bell", 21, path)
    assert made[0].read_bytes()[:4] == b"OggS"
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.media
def test_a_recording_is_made_from_words_and_always_the_same(tmp_path):
    made = [tmp_path / name for name in ("one.opus", "two.opus")]
    for path in made:
        save_recording("The lid is dishwasher safe.", "en-us", path)
    assert made[0].read_bytes()[:4] == b"OggS"
    assert made[0].read_bytes() == made[1].read_bytes()
