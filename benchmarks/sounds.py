"""Compare sound encoders: how well a sound finds sounds of the same kind.

Knows synthesised sounds (demo/sounds.py), the few real ones that gradio includes, and the encoders
to compare. Writes report.md, report.html and report.json.

    python -m benchmarks.sounds --out FOLDER     the tables
    python -m benchmarks.sounds --scale          make retrieval/encoders/sound_scale.toml again
"""

import argparse
import csv
import platform
import tempfile
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import gradio
import numpy as np

from assistant.models import load_encoders
from assistant.settings import load_settings
from benchmarks.whisper_pooling import PooledWhisper
from demo import catalogue_path
from demo.sounds import SAMPLE_RATE, SOUND_KINDS, synthesise, under_noise
from retrieval.embed import Encoders
from retrieval.encoders.sound import LogMelEncoder, statistics
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.metrics import hit_at, ndcg_at, precision_at
from retrieval.evaluation.report import Report, Table, TableRow, peak_memory, write
from retrieval.media.recordings import Recording, read_recording
from retrieval.protocols import Sound, Vectors

DEVELOPED_ON = tuple(SOUND_KINDS)[:8]  # the other kinds were held out until the encoder was chosen
ADDED_NOISE = (None, 20, 10, 0)  # signal-to-noise ratio, decibels; None: no noise
_DEVELOPMENT, _INDEXED, _ASKED = range(12), range(100, 105), range(105, 110)  # seeds
_SOME = 6  # Whisper's states are centred on one in six development sounds
_SCALE = Path(__file__).parents[1] / "retrieval" / "encoders" / "sound_scale.toml"
_REAL = {"sax.wav": "a saxophone", "cantina.wav": "a band"}  # gradio's media assets
_CLEARLY = 0.85  # cosine from which Magpie says "it sounds like your recording"

Encode = Callable[[Sequence[Sound]], Vectors]
Find = Callable[[Sequence["Instance"]], list[list[str]]]  # sounds → ids, the nearest first
MeasuredSounds = Mapping[str, Sequence[float]]  # by metric, one per query


@dataclass(frozen=True, slots=True)
class Instance:
    """One synthesised sound."""

    kind: str
    seed: int
    noise: int | None
    sound: Sound

    @property
    def id(self) -> str:
        """Its unique id."""
        return f"{self.kind} {self.seed}"


def instances(
    kinds: Sequence[str], seeds: Sequence[int], noises: Sequence[int | None]
) -> Iterator[Instance]:
    """Yield an instance of every kind with every seed and noise."""
    for kind in kinds:
        for seed in seeds:
            sound = synthesise(kind, seed)
            for noise in noises:
                under = sound if noise is None else under_noise(sound, noise, seed)
                yield Instance(kind, seed, noise, under)


def write_scale(path: Path) -> None:
    """Write the statistics' mean and standard deviation over the development sounds."""
    sounds = instances(DEVELOPED_ON, _DEVELOPMENT, ADDED_NOISE)
    found = np.array([statistics(one.sound) for one in sounds])
    lines = [
        "# The mean and the spread of each number that describes a sound: 40 bands' levels, their",
        "# variations and their changes, in decibels. `python -m benchmarks.sounds --scale`, from",
        f"# {len(found)} sounds of {len(DEVELOPED_ON)} kinds, synthesised, without noise and with.",
    ]
    for name, numbers in (("mean", found.mean(axis=0)), ("spread", found.std(axis=0))):
        rows = [", ".join(f"{x:.2f}" for x in row) for row in numbers.reshape(-1, 10)]
        lines += ["", f"{name} = [", *(f"    {row}," for row in rows), "]"]
    path.write_text("\n".join(lines) + "\n", "utf-8")


# ---- search methods -----------------------------------------------------------------------------


def by_vector(encode: Encode, indexed: Sequence[Instance]) -> Find:
    """Return a search that ranks all indexed sounds by the cosines of their vectors."""
    stored = encode([x.sound for x in indexed])

    def find(asked: Sequence[Instance]) -> list[list[str]]:
        cosines = encode([x.sound for x in asked]) @ stored.T
        return [[indexed[at].id for at in row] for row in np.argsort(-cosines)]

    return find


def by_transcript(encoders: Encoders, indexed: Sequence[Instance]) -> Find:
    """Return a search by the words that Whisper transcribes; without words it finds nothing."""
    heard = {x.id: said for x in indexed if (said := words_in(x.sound, encoders))}

    def find(asked: Sequence[Instance]) -> list[list[str]]:
        if not heard:
            return [[] for _ in asked]
        stored, found = encoders.text.encode(list(heard.values())), []
        for said in (words_in(x.sound, encoders) for x in asked):
            cosines = stored @ encoders.text.encode([said])[0] if said else np.zeros(0)
            found.append([list(heard)[at] for at in np.argsort(-cosines)])
        return found

    return find


def words_in(sound: Sound, encoders: Encoders) -> str:
    """Return the transcript of samples."""
    assert encoders.transcriber is not None
    with tempfile.NamedTemporaryFile(suffix=".wav") as kept:
        with wave.open(kept.name, "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        return encoders.transcriber.transcribe(Recording(Path(kept.name))).words


# ---- tables -------------------------------------------------------------------------------------


def noise_table(
    ways: Mapping[str, Find], indexed: Sequence[Instance], noise: int | None
) -> tuple[Table, Mapping[str, MeasuredSounds]]:
    """Return the table of all kinds at one noise level, and each method's values."""
    asked = list(instances(tuple(SOUND_KINDS), _ASKED, (noise,)))
    right = [[x.id for x in indexed if x.kind == one.kind] for one in asked]
    rows, values = [], {}
    for name, find in ways.items():
        started = perf_counter()
        pairs = list(zip(find(asked), right, strict=True))
        ms = round(1000 * (perf_counter() - started) / len(asked), 1)
        values[name] = {
            "R@1": [hit_at(found, relevant, 1) for found, relevant in pairs],
            "P@5": [precision_at(found, relevant, 5) for found, relevant in pairs],
            "nDCG@5": [ndcg_at(found, relevant, 5) for found, relevant in pairs],
        }
        rows.append(TableRow(name, {m: figure(v) for m, v in values[name].items()}, ms=ms))
    mel, whisper = (values[row.method]["P@5"] for row in rows[:2])
    compared = paired(mel, whisper)
    under = "without noise" if noise is None else f"under white noise, {noise} dB below"
    table = Table(
        f"Another instance of the same kind, {under}",
        f"{len(indexed)} synthesised sounds, as many of each of {len(SOUND_KINDS)} kinds",
        f"{len(asked)} queries of other seeds",
        0,
        tuple(rows),
        f"Of the first five, {_share(mel)} are of the kind by log-mel statistics, and "
        f"{_share(whisper)} by Whisper's encoder (difference {compared.gain}, p {compared.p:.3f}).",
    )
    return table, values


def kinds_table(values: Mapping[str, MeasuredSounds]) -> Table:
    """Return the table that compares the development kinds with the held-out kinds."""
    asked = [kind for kind in SOUND_KINDS for _ in _ASKED]
    rows = []
    for group, new in (("developed on", False), ("never heard before", True)):
        chosen = np.array([(kind not in DEVELOPED_ON) == new for kind in asked])
        for name, measures in values.items():
            figures = {m: figure(np.array(v)[chosen]) for m, v in measures.items()}
            rows.append(TableRow(f"{name}: kinds {group}", figures))
    return Table(
        "Kinds that were never heard while the encoder was chosen, without noise",
        "the same sounds",
        f"{len(DEVELOPED_ON)} kinds developed on, {len(SOUND_KINDS) - len(DEVELOPED_ON)} others",
        0,
        tuple(rows),
        "How far the choice carries beyond the kinds it was made on.",
    )


def clearly_table(indexed: Sequence[Instance]) -> Table:
    """Return precision and recall of "it sounds like your recording", over all test pairs."""
    encode = LogMelEncoder().encode
    stored, kinds = encode([x.sound for x in indexed]), np.array([x.kind for x in indexed])
    rows = []
    for noise in ADDED_NOISE:
        asked = list(instances(tuple(SOUND_KINDS), _ASKED, (noise,)))
        cosines = encode([x.sound for x in asked]) @ stored.T
        alike = np.array([x.kind for x in asked])[:, None] == kinds
        said = cosines > _CLEARLY
        figures = {
            "of these, of the same kind": figure(alike[said].astype(float)),
            "of the same kind, said to be": figure(said[alike].astype(float)),
        }
        rows.append(TableRow("no noise" if noise is None else f"{noise} dB", figures))
    return Table(
        f"Pairs of which Magpie says that they sound alike (cosine over {_CLEARLY})",
        f"the same {len(indexed)} sounds, log-mel statistics",
        f"{len(SOUND_KINDS) * len(_ASKED)} queries against each; pairs are not independent, so the "
        "intervals are too narrow",
        0,
        tuple(rows),
        "The threshold was chosen on other sounds; what it lets through is mostly right, and it "
        "keeps silent about many that are alike.",
    )


def real_table(encodes: Mapping[str, Encode]) -> Table:
    """Return the rank of a real recording's first half when its second half is the query."""
    synthesised = [x.sound for x in instances(tuple(SOUND_KINDS), _INDEXED, (None,))]
    folder = Path(gradio.__file__).parent / "media_assets" / "audio"
    halves = [np.array_split(read_recording(folder / name), 2) for name in _REAL]
    rows = []
    for name, encode in encodes.items():
        stored = encode([*(first for first, _ in halves), *synthesised])
        ranks = {}
        for at, (what, (_, second)) in enumerate(zip(_REAL.values(), halves, strict=True)):
            cosines = stored @ encode([second])[0]
            ranks[what] = f"rank {1 + int((cosines > cosines[at]).sum())} of {len(stored)}"
        rows.append(TableRow(name, ranks))
    return Table(
        "Two real recordings: the first half found by the second",
        f"{len(_REAL)} recordings that gradio brings, among {len(synthesised)} synthesised sounds",
        "two queries, so no interval",
        0,
        tuple(rows),
        "Two recordings prove nothing; they show that real sounds are not out of reach.",
    )


def voices_table(encodes: Mapping[str, Encode]) -> Table:
    """Return which recordings a spoken one would be nearest to, if speech had a sound vector."""
    folder = catalogue_path().parent
    with (folder / "spoken.csv").open(encoding="utf-8", newline="") as lines:
        spoken = list(csv.DictReader(lines))
    sounds = [read_recording(folder / "recordings" / f"{row['id']}.opus") for row in spoken]
    voices = np.array([row["voice"] for row in spoken])
    same = voices[:, None] == voices
    np.fill_diagonal(same, val=False)
    rows = []
    for name, encode in encodes.items():
        vectors = encode(sounds)
        cosines = vectors @ vectors.T - 2 * np.eye(len(sounds))
        nearest = cosines.argmax(axis=1)
        shares = {
            "nearest speaks in the same voice": [float(v) for v in voices[nearest] == voices],
            "by chance": [float(v) for v in same.sum(axis=1) / (len(voices) - 1)],
            "nearest is clearly alike": [float(v) for v in cosines.max(axis=1) > _CLEARLY],
        }
        rows.append(TableRow(name, {what: figure(v) for what, v in shares.items()}))
    return Table(
        "Why what is spoken gets no sound",
        f"the demo's {len(spoken)} spoken recordings, {len(set(voices))} voices of espeak-ng",
        "each against all others",
        0,
        tuple(rows),
        "Recordings in one voice are near to each other whatever they say, so only a recording "
        "without words is compared by its sound.",
    )


def _share(values: Sequence[float]) -> str:
    return f"{100 * np.mean(values):.0f} %"


def main() -> None:
    """Read the options and run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", action="store_true", help="make the scale again")
    parser.add_argument("--out", type=Path, default=Path("sounds"), help="folder for the report")
    chosen = parser.parse_args()
    if chosen.scale:
        write_scale(_SCALE)
        return
    started, settings = perf_counter(), load_settings()
    encoders = load_encoders(settings, lambda step: None)
    model = settings.home / "models" / settings.speech_model
    whisper = PooledWhisper(model, chosen.out / "whisper")
    whisper.centre([x.sound for x in instances(DEVELOPED_ON, _DEVELOPMENT[::_SOME], ADDED_NOISE)])
    encodes = {"log-mel statistics": LogMelEncoder().encode, "Whisper's encoder": whisper.encode}
    indexed = list(instances(tuple(SOUND_KINDS), _INDEXED, (None,)))
    ways = {name: by_vector(encode, indexed) for name, encode in encodes.items()}
    ways["the transcript alone"] = by_transcript(encoders, indexed)
    made = [noise_table(ways, indexed, noise) for noise in ADDED_NOISE]
    tables = [*(table for table, _ in made), kinds_table(made[0][1])]
    tables += [clearly_table(indexed), real_table(encodes), voices_table(encodes)]
    seconds, peak = perf_counter() - started, peak_memory()
    machine = f"{platform.machine()}, one thread, no GPU"
    report = Report("Sounds", "python -m benchmarks.sounds", machine, tuple(tables), seconds, peak)
    print(f"{write(report, chosen.out)} after {seconds:.0f} s")


if __name__ == "__main__":
    main()
