"""Foretell what simulated readers of the demo's news read next, and how varied a screen is.

    python -m benchmarks.readers

Real reading logs of these invented articles cannot be had, so readers are simulated: each has a
taste for topics (Dirichlet, .25 a topic), follows some stories (a word that articles share, such as
"bridge"), and reads three articles a day on 60 % of the days: the chance of an article falls to
half in two days, and grows with its own pull, which is drawn once. The first 18 days are known, the
days 19 to 30 are asked for: what will the reader open today, of all that is out and unread? Beside
ours stand popularity (of three days), the newest first and item-kNN. Weights were chosen on the
days 13 to 18. Values are means per reader with 95 % intervals and paired tests.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.build import open_catalogue
from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.metrics import ndcg_at
from retrieval.fusion.calibration import calibrated, divergence, topic_shares
from retrieval.fusion.concatenation import places
from retrieval.fusion.mmr import likeness, spread_out
from retrieval.index.index import Index, all_vectors
from retrieval.items import MODALITIES, Item, item_text
from retrieval.protocols import Vector
from retrieval.recommendation.attention import likeness_to, taste_scores

_SEED, _READERS, _K = 30, 300, 10
_KNOWN, _TUNED = 18, 12  # last known day; last day before those for tuning
_HALF, _READ, _DAYS = 2.0, 3, 0.6
_POOL = 30  # best articles among which a screen is chosen
_STORIES = (
    "bridge", "rovers", "crane", "comet", "varga", "flood play", "shipyard", "lantern cinema",
    "measles", "otter", "dune", "anchov", "night train", "library",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadingEvent:
    """One article that a reader opened on a day."""

    reader: int
    day: int
    place: int  # of the article


@dataclass(frozen=True)
class Press:
    """The articles as arrays."""

    items: Sequence[Item]
    days: Sequence[int]
    topics: Sequence[str]
    index: Index
    rows: Vector  # stored vectors, in the order of the items


# reader and day → read before, out and unread, opened
Exams = Mapping[tuple[int, int], tuple[list[int], list[int], set[int]]]
NewsScores = Callable[[Sequence[int], Sequence[int], int], Vector]  # read, out and unread, today


def press_of(index: Index) -> Press:
    """Return the articles of an index."""
    items = list(index.catalogue.items.values())
    days = [index.catalogue.dates[item.id].day for item in items]
    topics = [item.attributes["topic"] for item in items]
    return Press(items, days, topics, index, all_vectors(index))


def readings(press: Press) -> list[ReadingEvent]:
    """Simulate what everybody reads, day by day."""
    dice, chance = random.Random(_SEED), np.random.default_rng(_SEED)
    names = sorted(set(press.topics))
    texts = [item_text(item).casefold() for item in press.items]
    pull = chance.gamma(2.0, 0.5, len(texts))
    found = []
    for reader in range(_READERS):
        taste = dict(zip(names, chance.dirichlet([0.25] * len(names)), strict=True))
        follows = dice.sample(_STORIES, 2)
        seen: set[int] = set()
        for day in range(1, 31):
            if dice.random() > _DAYS:
                continue
            out = [p for p, at in enumerate(press.days) if at <= day and p not in seen]
            worth = [
                (0.02 + taste[press.topics[p]] + 0.5 * any(s in texts[p] for s in follows))
                * pull[p]
                * 0.5 ** ((day - press.days[p]) / _HALF)
                for p in out
            ]
            chances = np.array(worth) / sum(worth)
            for place in chance.choice(out, size=min(_READ, len(out)), replace=False, p=chances):
                seen.add(int(place))
                found.append(ReadingEvent(reader, day, int(place)))
    return found


def news_methods(press: Press, log: Sequence[ReadingEvent]) -> dict[str, NewsScores]:
    """Return the methods; each knows only what was read before today."""
    days = np.array(press.days, dtype=np.float32)

    def newest(read: Sequence[int], out: Sequence[int], today: int) -> Vector:
        return days[list(out)]

    def popular(read: Sequence[int], out: Sequence[int], today: int) -> Vector:
        counted = np.zeros(len(press.items), dtype=np.float32)
        for one in log:
            if today - 3 <= one.day < today:
                counted[one.place] += 1
        return counted[list(out)] + 0.01 * days[list(out)]

    def neighbours(read: Sequence[int], out: Sequence[int], today: int) -> Vector:
        table = np.zeros((_READERS, len(press.items)), dtype=np.float32)
        for one in log:
            if one.day < today:
                table[one.reader, one.place] = 1
        norms = np.maximum(np.linalg.norm(table, axis=0), 1.0)
        alike = (table.T @ table[:, list(read)]) / np.outer(norms, norms[list(read)])
        return np.asarray(alike.sum(axis=1)[list(out)] + 0.001 * days[list(out)], np.float32)

    return {"newest": newest, "popularity (3 days)": popular, "item-kNN": neighbours}


def content_method(press: Press, modalities: Sequence[str] = MODALITIES) -> NewsScores:
    """Return the taste of what was read, by the vectors of some modalities."""
    rows, index = press.rows.copy(), press.index
    for name, (block, flag) in places(index.dimensions).items():
        if name not in modalities:
            rows[:, block] = rows[:, flag] = 0
    alike = likeness_to(rows, rows, index.populations, index.dimensions)
    return lambda read, out, today: taste_scores(alike[np.ix_(list(out), list(read))])


def fresh(press: Press, half_life: float) -> NewsScores:
    """Return what is left of each article's worth for being new."""
    days = np.array(press.days, dtype=np.float32)
    return lambda read, out, today: np.asarray(0.5 ** ((today - days[list(out)]) / half_life))


def mixed_news(*weighted: tuple[float, NewsScores]) -> NewsScores:
    """Return the sum of standardised scores."""

    def score(read: Sequence[int], out: Sequence[int], today: int) -> Vector:
        total = np.zeros(len(out), dtype=np.float32)
        for weight, method in weighted:
            found = method(read, out, today)
            total += weight * (found - found.mean()) / max(float(found.std()), 1e-6)
        return total

    return score


def by_reader(press: Press, log: Sequence[ReadingEvent], first: int, last: int) -> Exams:
    """Return for each reader and day what was read before, what is out, and what was opened."""
    asked = {}
    reads: dict[int, list[ReadingEvent]] = {}
    for one in log:
        reads.setdefault(one.reader, []).append(one)
    for reader, mine in reads.items():
        for day in sorted({one.day for one in mine if first <= one.day <= last}):
            before = [one.place for one in mine if one.day < day]
            out = [p for p, at in enumerate(press.days) if at <= day and p not in set(before)]
            if before:
                asked[reader, day] = (before, out, {o.place for o in mine if o.day == day})
    return asked


ScreenValues = dict[str, list[float]]  # metric → a value for each reader
Choose = Callable[[Vector, Sequence[int], Sequence[int]], list[int]]  # scores, out, read → places


def best_first(scores: Vector, out: Sequence[int], read: Sequence[int]) -> list[int]:
    """Return the best places."""
    return [out[at] for at in np.argsort(-scores, kind="stable")[:_K]]


def diverse_screen(press: Press, relevance: float) -> Choose:
    """Return a chooser that leaves out near duplicates."""

    def choose(scores: Vector, out: Sequence[int], read: Sequence[int]) -> list[int]:
        top = np.argsort(-scores, kind="stable")[:_POOL]
        rows = press.rows[[out[at] for at in top]]
        alike = likeness(rows, press.index.dimensions)
        chosen = spread_out(scores[top].tolist(), alike, limit=_K, relevance=relevance)
        return [out[top[at]] for at in chosen]

    return choose


def calibrated_screen(press: Press, weight: float) -> Choose:
    """Return a chooser that follows the topics of what was read."""

    def choose(scores: Vector, out: Sequence[int], read: Sequence[int]) -> list[int]:
        top = np.argsort(-scores, kind="stable")[:_POOL]
        wanted = topic_shares([(press.topics[p],) for p in read])
        topics = [(press.topics[out[at]],) for at in top]
        chosen = calibrated(scores[top].tolist(), topics, wanted, limit=_K, weight=weight)
        return [out[top[at]] for at in chosen]

    return choose


def screens(press: Press, method: NewsScores, exams: Exams, choose: Choose) -> ScreenValues:
    """Return each reader's mean of accuracy, variety and calibration."""
    kept: dict[str, dict[int, list[float]]] = {}
    for (reader, day), (read, out, opened) in exams.items():
        places_ = choose(method(read, out, day), out, read)
        ranked = [press.items[p].id for p in places_]
        alike = likeness(press.rows[places_], press.index.dimensions)
        pairs = alike[np.triu_indices(len(places_), k=1)]
        wanted = topic_shares([(press.topics[p],) for p in read])
        shown = topic_shares([(press.topics[p],) for p in places_])
        told = {
            "nDCG@10": ndcg_at(ranked, {press.items[p].id for p in opened}, _K),
            "apart": 1 - float(pairs.mean()),
            "topics": float(len(set(shown))),
            "miscalibration": divergence(wanted, shown),
        }
        for metric, value in told.items():
            kept.setdefault(metric, {}).setdefault(reader, []).append(value)
    return {m: [float(np.mean(v)) for _, v in sorted(each.items())] for m, each in kept.items()}


def main() -> None:
    """Open the demo of news, and print every table."""
    settings = load_settings(catalogue="news", language_model="none")
    press = press_of(
        open_catalogue(settings, load_encoders(settings, lambda step: None), lambda step: None)
    )
    log = readings(press)
    tuning, asked = by_reader(press, log, _TUNED + 1, _KNOWN), by_reader(press, log, _KNOWN + 1, 30)
    print(f"{len(press.items)} articles, {_READERS} simulated readers, {len(log)} readings")
    others = news_methods(press, log)
    content, popularity = content_method(press), others["popularity (3 days)"]

    def ours(half_life: float, weight: float, crowd: float) -> NewsScores:
        return mixed_news((1.0, content), (weight, fresh(press, half_life)), (crowd, popularity))

    grid = [(h, w, c) for h in (1.5, 3.0, 5.0) for w in (0.5, 1.0, 2.0) for c in (0.0, 0.5)]
    gains = {g: _mean(screens(press, ours(*g), tuning, best_first)) for g in grid}
    alone = max((g for g in grid if not g[2]), key=lambda g: gains[g])
    best = max(grid, key=lambda g: gains[g])
    methods = {
        **others,
        "content": content,
        f"content + age {alone[:2]}": ours(*alone),
        f"content + age + popularity {best}": ours(*best),
    }
    rows = {n: screens(press, m, asked, best_first) for n, m in methods.items()}
    _show("What is opened next, days 19 to 30", rows)
    mine = list(rows)[-2]
    _compare(rows, mine, ("newest", "popularity (3 days)", "item-kNN", "content"))

    chosen: dict[str, Choose] = {"best first": best_first}
    chosen |= {f"MMR {r:g}": diverse_screen(press, r) for r in (0.9, 0.7, 0.5)}
    chosen |= {f"calibrated {w:g}": calibrated_screen(press, w) for w in (0.2, 0.5, 0.8)}
    varied = {n: screens(press, ours(*alone), asked, choose) for n, choose in chosen.items()}
    _show(f"Variety of a screen, {mine}", varied)
    _compare(varied, "best first", list(varied)[1:])

    parts = {"all": MODALITIES}
    parts |= {f"without {m}": tuple(o for o in MODALITIES if o != m) for m in MODALITIES[:3]}
    age = (alone[1], fresh(press, alone[0]))
    ablated = {
        name: screens(press, mixed_news((1.0, content_method(press, some)), age), asked, best_first)
        for name, some in parts.items()
    }
    _show("What each modality adds", ablated)
    _compare(ablated, "all", list(ablated)[1:])


def _mean(values: Mapping[str, Sequence[float]]) -> float:
    return math.fsum(values["nDCG@10"]) / len(values["nDCG@10"])


def _compare(rows: Mapping[str, ScreenValues], one: str, others: Sequence[str]) -> None:
    for name in others:
        print(f"  {one} against {name}: {paired(rows[one]['nDCG@10'], rows[name]['nDCG@10'])}")


def _show(title: str, rows: Mapping[str, ScreenValues]) -> None:
    print(f"\n{title}")
    for name, values in rows.items():
        print(f"  {name:40} " + "   ".join(f"{m} {figure(v)}" for m, v in values.items()))


if __name__ == "__main__":
    main()
