"""Recordings in which nobody speaks: described, indexed, found by another one, explained."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from assistant.agent import Agent
from assistant.answering.lead_text import lead_text
from assistant.answering.render import render
from assistant.commands.json_output import search_json, turn_json
from assistant.events import Done, Heard
from assistant.memory.store import Memory
from assistant.recommending.evidence import Likenesses, reasons
from assistant.recommending.facts import Fact
from assistant.recommending.leads import Exhausted
from assistant.turn.input import BY_SOUND
from assistant.turn.request import Request
from assistant.turn.single_search import find_once
from assistant.understanding.catalogue_values import Vocabulary
from demo.sounds import SAMPLE_RATE, SOUND_KINDS, synthesise
from retrieval.embed import Encoders
from retrieval.encoders.sound import LogMelEncoder, audible, statistics
from retrieval.errors import MessageError
from retrieval.fusion.registry import FAMILIES
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import index_catalogue, open_index
from retrieval.items import Candidate, Item, Query
from retrieval.search import search
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore, SidecarTranscriber
from tests.media_files import save_wave

COLOURS = {"white": 0.0, "pink": 0.5, "brown": 1.0}


def noise(colour, seconds, seed):
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(int(seconds * SAMPLE_RATE)))
    slope = (np.arange(len(white)) / seconds + 5) ** COLOURS[colour]
    made = np.fft.irfft(white / slope)
    return (0.3 * made / np.abs(made).max()).astype(np.float32)


# ---- how a sound is described -------------------------------------------------------------------


@pytest.mark.parametrize("kind", SOUND_KINDS)
def test_a_kind_of_sound_can_be_heard_and_is_another_one_for_each_seed(kind):
    first, again, other = (synthesise(kind, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.abs(first).max() == pytest.approx(0.7)
    assert audible(first)
    assert audible(other)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("seconds", [0.5, 1, 3, 12])
def test_noise_of_any_colour_is_no_sound(colour, seconds):
    assert not any(audible(noise(colour, seconds, seed)) for seed in range(5))


@pytest.mark.parametrize("samples", [0, 1, 10, 16_000])
def test_silence_is_no_sound(samples):
    assert not audible(np.zeros(samples, np.float32))
    assert not audible(1e-4 * synthesise("bell", 1)[:samples])


def test_a_sound_is_a_unit_vector_whatever_its_loudness_and_the_silence_around_it():
    encoder, bell = LogMelEncoder(), synthesise("bell", 3)
    around = np.concatenate(
        [np.zeros(SAMPLE_RATE, np.float32), bell, np.zeros(2 * SAMPLE_RATE, np.float32)]
    )
    vectors = encoder.encode([bell, 0.2 * bell, around, bell[:100]])
    assert vectors.shape == (4, encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.999
    assert vectors[0] @ vectors[2] > 0.98
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_a_steady_tone_neither_varies_nor_changes():
    tone = np.sin(2 * np.pi * 1000 * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    level, variation, change = np.split(statistics(tone), 3)
    assert level.sum() == pytest.approx(0, abs=1e-6)
    loudest = level.argmax()
    assert variation[loudest] < 0.1
    assert change[loudest] < 0.1


def test_two_of_a_kind_are_nearer_than_two_of_different_kinds():
    encoder = LogMelEncoder()
    one, other = (encoder.encode([synthesise(k, s) for k in SOUND_KINDS]) for s in (100, 101))
    cosines = one @ other.T
    alike = np.diag(cosines).mean()
    assert alike > 0.6
    assert cosines[~np.eye(len(SOUND_KINDS), dtype=bool)].mean() < 0.1


# ---- a shop with sounds -------------------------------------------------------------------------


class SoundShop:
    """Items of which some have a recording without words, one speaks and one is silent."""

    def __init__(self, folder, kinds=("bell", "drum", "engine")):
        self.folder, self.shelf = folder, {}
        self.encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), SidecarTranscriber())
        for kind in kinds:
            self.record(kind.title(), synthesise(kind, 1))
        self.record("Radio", synthesise("bird", 1), says="a cat purring on a radio")
        self.record("Cushion", np.zeros(SAMPLE_RATE))
        told = "It is made by hand and it is meant for the house."
        names = [*(kind.title() for kind in kinds), "Radio", "Cushion"]
        rows = [(name, name, f"{name}.wav", told) for name in names]
        rows += [(f"x{n}", f"Bell number {n}", "", told) for n in range(6)]
        with (folder / "shop.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("id", "title", "recordings", "description"), *rows])
        self.report = index_catalogue(
            folder / "shop.csv", folder / "index", self.encoders, lambda _: MemoryStore(self.shelf)
        )

    def record(self, name, samples, says=""):
        path = save_wave(samples, self.folder / f"{name}.wav")
        path.with_suffix(".txt").write_text(says)
        return path

    def open(self, **options):
        def open_store(folder):
            return MemoryStore(self.shelf)

        return open_index(self.folder / "index", self.encoders, open_store, BM25Index, **options)

    def agent(self, folder):
        index = self.open()
        memory = Memory(f"sqlite:///{folder / 'conversations.sqlite'}")
        vocabulary = Vocabulary(index.catalogue)
        return Agent(index=index, encoders=self.encoders, model=None, memory=memory,
                     vocabulary=vocabulary)  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return SoundShop(tmp_path_factory.mktemp("sounds"))


def ids(found):
    return [one.item.id for one in found]


def test_only_recordings_without_words_get_a_sound_and_silence_is_reported(shop):
    assert [(p.row, p.field) for p in shop.report.problems] == [(6, "recordings")]
    index = shop.open()
    assert index.has_sounds
    where = sum(index.dimensions.values()) + list(index.dimensions).index("sound")
    having = {id_ for id_, entry in shop.shelf.items() if entry.vector[where]}
    assert having == {"Bell", "Drum", "Engine"}
    assert index.catalogue.items["Radio"].transcripts == ("a cat purring on a radio",)


@pytest.mark.parametrize("fusion", FAMILIES)
@pytest.mark.parametrize("kind", ["bell", "drum", "engine"])
def test_every_fusion_finds_a_sound_by_another_one_of_its_kind(shop, fusion, kind):
    recording = shop.record("other", synthesise(kind, 2))
    found = search(
        Query(sounds=(recording,)), shop.open(family=FAMILIES[fusion]), shop.encoders, limit=5
    )
    assert ids(found)[0] == kind.title()
    assert set(ids(found)) <= {"Bell", "Drum", "Engine"}
    assert all(one.score == pytest.approx(sum(one.contributions.values())) for one in found)
    assert found[0].contributions["sound"] == pytest.approx(found[0].score)


def test_words_and_a_sound_are_searched_together(shop):
    recording = shop.record("other", synthesise("drum", 2))
    found = search(Query("bell number 3", sounds=(recording,)), shop.open(), shop.encoders, limit=4)
    assert {"x3", "Drum"} <= set(ids(found))


def test_a_recording_without_words_is_answered_by_sound_and_says_so(shop, tmp_path):
    recording = shop.record("other", synthesise("drum", 3))
    agent = shop.agent(tmp_path)
    heard, *_, done = agent.reply(Request(recording=recording), "s")
    assert isinstance(heard, Heard)
    assert isinstance(done, Done)
    assert ids(done.candidates)[0] == "Drum"
    assert render([BY_SOUND], "en") in done.notice
    said = turn_json(done)
    assert said["items"][0]["contributions"]["sound"] > 0
    assert said["items"][0]["reasons"] == ["it sounds like your recording"]
    assert "sounds like your recording" in done.answer
    *_, cheaper = agent.reply(Request("show me others"), "s")  # the sound stands
    assert "Drum" not in ids(cheaper.candidates)
    agent.memory.close()


def test_what_is_found_by_sound_but_is_not_clearly_alike_does_not_say_so():
    near = Candidate(Item("1", "Bell"), 0.4, {"sound": 0.4, "text": 0.0})
    assert reasons(near, (), "", alike=Likenesses(sound=0.7)) == (
        Fact("near", "search", {"by": "sound"}),
    )
    assert reasons(near, (), "", alike=Likenesses(sound=0.9)) == (Fact("sound", "search"),)
    lacks = Candidate(Item("2", "Cup"), 0.0, {"sound": 0.0, "text": 0.0})
    assert reasons(lacks, (), "") == ()


def test_where_nothing_sounds_alike_nothing_is_shown(tmp_path):
    class Opposite(LogMelEncoder):
        def encode(self, sounds):
            return -super().encode(sounds)

    shop = SoundShop(tmp_path)
    agent, recording = shop.agent(tmp_path), shop.record("other", synthesise("bell", 1))
    for id_ in ("Drum", "Engine"):  # whatever is unlike a bell is like its opposite
        del shop.shelf[id_]
    agent = replace(agent, encoders=replace(agent.encoders, sound=Opposite()))
    *_, done = agent.reply(Request(recording=recording), "s")
    said = render(lead_text(Exhausted.NO_SOUND_ALIKE, ""), "en")
    assert (done.candidates, done.answer) == ((), said)
    agent.memory.close()


def test_without_sounds_to_compare_with_a_recording_without_words_finds_nothing(tmp_path):
    shop = SoundShop(tmp_path, kinds=())
    recording = shop.record("other", synthesise("bell", 2))
    agent = shop.agent(tmp_path)
    assert not agent.index.has_sounds
    with pytest.raises(MessageError, match="it is silent"):
        list(agent.reply(Request(recording=recording), "s"))
    agent.memory.close()


@pytest.mark.parametrize(
    "samples", [np.zeros(SAMPLE_RATE), noise("white", 2, 1), noise("pink", 2, 1)]
)
def test_silence_and_noise_find_nothing(shop, tmp_path, samples):
    recording = shop.record("other", samples)
    with pytest.raises(MessageError, match="it is silent"):
        find_once(Request(recording=recording), shop.open(), shop.encoders, limit=3)
    agent = shop.agent(tmp_path)
    with pytest.raises(MessageError, match="it is silent"):
        list(agent.reply(Request(recording=recording), "s"))
    *_, done = agent.reply(Request("a drum", recording=recording), "s")
    assert ids(done.candidates)[0] == "Drum"
    assert "it is silent" in done.notice
    agent.memory.close()


def test_one_search_says_how_the_recording_was_used(shop):
    recording = shop.record("other", synthesise("engine", 2))
    found = find_once(Request(recording=recording), shop.open(), shop.encoders, limit=3)
    said = search_json(found)
    assert said["query"]["sounds"] == [str(recording)]
    assert said["notice"] == render([BY_SOUND], "en")
    assert said["items"][0]["id"] == "Engine"
    assert "notice" not in search_json(
        find_once(Request("drum"), shop.open(), shop.encoders, limit=3)
    )


@pytest.mark.models
@pytest.mark.parametrize(("kind", "item"), [("drum", "drum-02"), ("ticking clock", "clock-03")])
def test_the_demo_is_searched_by_sound_with_the_real_parts(agent, tmp_path, kind, item):
    recording = save_wave(synthesise(kind, 101), tmp_path / "heard.wav")
    found = find_once(Request(recording=recording), agent.index, agent.encoders, limit=6)
    assert found.transcript == ""
    assert found.notice == render([BY_SOUND], "en")
    assert found.candidates[0].item.id == item


@pytest.mark.models
def test_real_silence_and_noise_find_nothing_in_the_demo(agent, tmp_path):
    for name, samples in (("silence", np.zeros(3 * SAMPLE_RATE)), ("noise", noise("white", 3, 5))):
        recording = save_wave(samples, tmp_path / f"{name}.wav")
        with pytest.raises(MessageError, match="no speech"):
            find_once(Request(recording=recording), agent.index, agent.encoders, limit=6)
