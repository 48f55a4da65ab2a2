"""What is lost when modalities go, on a shelf and in a shop small enough to know on paper."""

import json
import wave
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from assistant.commands.main import app, main
from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.errors import MissingDependencyError, StorageError
from retrieval.evaluation.products import robustness
from retrieval.evaluation.products.features import Features
from retrieval.evaluation.products.missing import (
    ASKED,
    BLIND,
    GONE,
    MISSING_SHARES,
    SearchedProducts,
    attempt,
    table_of_losses,
    tried,
)
from retrieval.evaluation.products.promises import never_worse, unpunished
from retrieval.evaluation.products.shelf import Materials, make_shelf, prepare
from retrieval.evaluation.speech import spoken
from retrieval.evaluation.speech.hearing import NOISE_LEVELS, VOICES, HeardDescription, Studio, rate
from retrieval.evaluation.speech.speaking import (
    speak,
    with_noise,
    word_errors,
    words_of,
    write_sound,
)
from retrieval.fusion.concatenation import places
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.fusion.sum import Sum
from retrieval.index.bm25 import BM25Index
from retrieval.items import Item
from retrieval.media.recordings import RATE, read_recording
from retrieval.protocols import Transcript
from tests.builders import ENCODERS, PRODUCTS

ROWS = range(len(PRODUCTS))


@pytest.fixture(scope="module")
def stock():
    looks = [Image.new("RGB", (6, 8), one.colour) for one in PRODUCTS]
    text = ENCODERS.text.encode([one.name for one in PRODUCTS])
    features = Features(PRODUCTS, text, ENCODERS.picture.encode(looks))
    whole = make_shelf(features, ROWS, ENCODERS.dimensions, BM25Index)
    return SearchedProducts(features, ROWS, whole, BM25Index)


@pytest.fixture(scope="module")
def trials(stock):
    found = []
    for kind in ASKED:
        asked = prepare(stock.features, ROWS, stock.whole, ENCODERS, kind, 12)
        for gone in GONE:
            shelves = {share: stock.without(gone, share) for share in MISSING_SHARES}
            found.append(attempt(gone, kind, asked, shelves))
    return found


def lacking(shelf, modality):
    _, flag = places(shelf.dimensions)[modality]
    return {id_ for id_, there in zip(shelf.ids, shelf.stored[:, flag] > 0, strict=True) if not there}  # fmt: skip


def test_as_many_lack_the_modality_as_was_asked_and_the_same_ones_again(stock):
    gone = [lacking(stock.without("picture", share), "picture") for share in MISSING_SHARES]
    assert [len(one) for one in gone] == [0, 9, 18, 27, 36]
    for fewer, more in zip(gone, gone[1:], strict=False):
        assert fewer < more
    quarter = stock.without("text", 0.25)
    assert lacking(quarter, "text") == gone[1]
    assert not lacking(quarter, "picture")
    heard = stock.without("speech", 0.25)
    assert lacking(heard, "speech") == gone[1]
    assert len(lacking(heard, "text")) == 36  # the name is said, not written


def test_words_go_with_the_text_that_held_them(stock):
    assert stock.without("picture", 1.0).lexical.scores("Brand3").any()
    assert not stock.without("text", 1.0).lexical.scores("Brand3").any()
    assert not stock.without("speech", 1.0).lexical.scores("Brand3").any()


def test_every_fusion_is_tried_at_every_share(trials):
    for trial in trials:
        laid = table_of_losses(trial)
        assert {*FAMILIES, BLIND, "text alone"} <= {row.method for row in laid.rows}
        for row in laid.rows:
            assert list(row.figures) == ["0%", "25%", "50%", "75%", "100%"]
        assert laid.across == f"share of {GONE[trial.gone]} gone"
        assert DEFAULT_FUSION in laid.says


def test_without_any_picture_the_default_is_itself_with_pictures_ignored(trials):
    for trial in trials:
        if trial.gone == "picture":
            assert trial.values[DEFAULT_FUSION][1.0] == trial.values[BLIND][1.0]
    promised = never_worse([one for one in trials if one.gone == "picture"])
    assert len(promised.rows) == len(ASKED) * 2
    assert all(
        list(row.figures) == [f"{share:.0%}" for share in MISSING_SHARES] for row in promised.rows
    )
    assert "nowhere worse" in promised.says


def test_a_default_that_is_worse_is_called_worse(trials):
    (trial, *_) = [one for one in trials if one.gone == "picture"]
    poor = {name: dict.fromkeys(MISSING_SHARES, [0.0] * 12) for name in trial.values}
    rich = poor | {"text alone": dict.fromkeys(MISSING_SHARES, [0.5] * 6 + [1.0] * 6)}
    says = never_worse([replace(trial, values=rich)]).says
    assert "worse by more than the interval at: attributes, nDCG@10: over text alone, 0%;" in says
    assert f"over {BLIND}" not in says


def test_items_without_a_picture_are_told_apart(stock):
    asked = prepare(stock.features, ROWS, stock.whole, ENCODERS, "reworded titles", 36)
    laid = unpunished(asked, stock.without("picture", 0.5))
    assert "of which 18 name a product without a picture" in laid.data
    assert [row.method for row in laid.rows] == [one.name for one in tried(stock.whole)]
    assert f"against {BLIND} " in laid.says


def test_one_report_holds_the_promises_the_losses_and_what_was_spoken(stock, tmp_path):
    materials = Materials(tmp_path, tmp_path, ENCODERS, BM25Index, queries=4)
    report = robustness.run_robustness(stock.features, materials, ())
    assert len(report.tables) == 2 + len(ASKED) * len(GONE)
    trained = replace(materials, trained=partial(Sum, name="trained"))
    report = robustness.run_robustness(stock.features, trained, ())
    for laid in report.tables[1:]:
        assert "trained" in [row.method for row in laid.rows]


# ---- speech -----------------------------------------------------------------------------------


def test_words_are_compared_without_case_and_marks_and_errors_are_counted_in_words():
    assert words_of("It's a “Red” mug, 2 of them.") == ["it's", "a", "red", "mug", "two", "of", "them"]  # fmt: skip
    assert word_errors(words_of("a red mug"), words_of("A read mug!")) == 1
    assert word_errors(words_of("a red mug"), words_of("red mug please")) == 2
    assert word_errors(words_of("a red mug"), []) == 3


def test_the_rate_counts_words_and_not_recordings():
    several = [
        HeardDescription("one two three", "one two", 1.0),
        HeardDescription("four", "four", 1.0),
    ]
    assert rate(several).value == pytest.approx(1 / 4)


def test_noise_is_as_loud_as_it_should_be(tmp_path):
    sound = (0.1 * np.sin(np.arange(RATE) / 9)).astype(np.float32)
    noise = with_noise(sound, 10, seed=1) - sound
    measured = 10 * np.log10((sound**2).mean() / (noise**2).mean())
    assert measured == pytest.approx(10, abs=0.2)
    assert (with_noise(sound, 10, seed=1) == with_noise(sound, 10, seed=1)).all()
    write_sound(sound, tmp_path / "sound.wav")
    with wave.open(str(tmp_path / "sound.wav")) as file:
        assert file.getparams()[:4] == (1, 2, RATE, RATE)
    assert read_recording(tmp_path / "sound.wav", longest=2) == pytest.approx(sound, abs=1e-3)
    with pytest.raises(StorageError, match="cannot be written"):
        write_sound(sound, tmp_path / "nowhere" / "sound.wav")


class Mishearer:
    """Hears what was last spoken, and in noise all but its first word; counts what it heard."""

    name = "mishearer"

    def __init__(self):
        self.heard = 0

    def transcribe(self, recording):
        self.heard += 1
        words, decibels = json.loads(recording.path.read_text())
        return Transcript(words if decibels is None else words.partition(" ")[2], "en", 1.0)


def written_down(words, voice, decibels, folder):
    """Let a recording be a file that says what was spoken, on machines without a voice too."""
    place = folder / "spoken.json"
    place.write_text(json.dumps([words, decibels]))
    return place


THINGS = ("lantern", "kettle", "violin", "ladder", "pillow", "saddle", "anchor", "mirror")
ITEMS = [
    Item(f"i{at}", f"The {thing}", f"{thing} of number {chr(97 + at) * 3} made by hand in our town")
    for at, thing in enumerate(THINGS)
]


def test_items_that_only_speak_are_found_as_they_were_heard(tmp_path):
    mishearer = Mishearer()
    studio = Studio(mishearer, tmp_path / "kept.json", written_down)
    found, misheard = spoken.spoken_tables(ITEMS, ENCODERS, BM25Index, studio, recordings=6)
    assert mishearer.heard == 6 * len(NOISE_LEVELS)
    rows = {row.method: row.figures for row in found.rows}
    assert list(rows) == ["written", *(f"spoken, {noise}" for noise in NOISE_LEVELS)]
    assert rows["written"]["title R@1"].value == rows["spoken, clean"]["title R@1"].value == 1.0
    assert rows["spoken, clean"]["words misheard"].startswith(".000")
    assert rows["spoken, 5 dB"]["words misheard"].startswith(".100")  # the thing's name, of ten
    assert rows["spoken, 5 dB"]["title R@1"].value < 1
    assert [row.method for row in misheard.rows] == [*VOICES, "all voices"]
    assert misheard.across
    assert misheard.errors

    again = Mishearer()  # an interrupted run goes on where it stopped
    spoken.spoken_tables(
        ITEMS, ENCODERS, BM25Index, replace(studio, transcriber=again), recordings=7
    )
    assert again.heard < 7 * len(NOISE_LEVELS)
    (tmp_path / "kept.json").write_text("{half")
    with pytest.raises(StorageError, match=r"kept\.json is damaged .*: delete it"):
        spoken.spoken_tables(ITEMS, ENCODERS, BM25Index, studio)


def test_a_description_with_digits_or_few_words_is_not_spoken():
    more = [
        *ITEMS,
        Item("short", "A", "too short"),
        Item("digits", "B", "it holds 350 ml of tea or milk"),
    ]
    assert spoken.choose_spoken(more, 90) == {one.id for one in ITEMS}


def test_without_a_voice_it_says_what_is_needed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match="apt install espeak-ng"):
        speak("hello", "en-us", tmp_path / "hello.wav")
    (left_out,) = spoken.spoken_tables(ITEMS, ENCODERS, BM25Index, None)
    assert not left_out.rows
    assert "apt install espeak-ng" in left_out.says


@pytest.mark.models
@pytest.mark.media
def test_the_real_whisper_hears_what_espeak_says(home, tmp_path):
    transcriber = load_encoders(load_settings(home=home), lambda step: None).transcriber
    studio = Studio(transcriber, tmp_path / "kept.json")
    said = ["The pattern was painted by a retired teacher.", "Tap the rim with a spoon."]
    heard = studio.hear(said, "20 dB", lambda line: None)
    assert rate(heard).value < 0.4
    assert studio.hear(said, "20 dB", lambda line: None) == heard


# ---- the command ------------------------------------------------------------------------------


@pytest.mark.models
def test_the_command_refuses_what_it_cannot_read(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MAGPIE_HOME", str(home))
    monkeypatch.setattr("sys.argv", ["magpie", "evaluate", "robustness", "--data", str(tmp_path)])
    with pytest.raises(SystemExit, match="2"):
        main()
    told = capsys.readouterr().err
    assert "products.parquet cannot be read" in told


@pytest.mark.models
@pytest.mark.media
def test_the_command_measures_real_products_with_the_real_models(home, data, tmp_path, monkeypatch):
    monkeypatch.setenv("MAGPIE_HOME", str(home))
    from pyarrow import parquet

    (tmp_path / "fashion").mkdir()
    whole = parquet.read_table(data / "fashion" / "products.parquet")
    parquet.write_table(whole.slice(0, 60), tmp_path / "fashion" / "products.parquet")
    given = ["--data", str(tmp_path), "--cache", str(tmp_path / "kept"), "--queries", "6", "--recordings", "2", "--json"]  # fmt: skip
    told = CliRunner().invoke(app, ["evaluate", "robustness", *given])
    assert told.exit_code == 0, told.output
    report = json.loads(told.stdout)
    assert len(report["tables"]) == 2 + len(ASKED) * len(GONE) + 2
    assert report["seconds"] > 0
    page = home / "evaluations" / "robustness" / "report.html"
    assert page.read_text("utf-8").count("<svg") >= len(ASKED) * len(GONE) + 1
