"""What is promised of every fusion, for any query, items and weights; and each one on paper."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.commands.main import app, search_items
from assistant.settings import Settings
from retrieval.errors import SettingsError
from retrieval.fusion.concatenation import LEAST_SPREAD, Population, describe, join, places
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES, family
from retrieval.fusion.weights import CHANNELS, WEIGHT_KINDS, learned
from retrieval.items import MODALITIES, Query
from retrieval.search import search as look
from tests.builders import ENCODERS, shelf
from tests.fakes import MemoryStore

DIMENSIONS = {name: 4 if name == "picture" else 5 for name in MODALITIES}


def unit(random, size):
    vector = random.normal(size=size)
    return (vector / np.linalg.norm(vector)).astype("f4")


@st.composite
def searches(draw):
    """Return a query's parts, weights, stored vectors and shared words, as a search has them."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    count = draw(st.integers(1, 12))
    subsets = st.sets(st.sampled_from(MODALITIES), min_size=1)
    items = [draw(subsets) for _ in range(count)]
    stored = np.stack(
        [join({n: unit(random, DIMENSIONS[n]) for n in has}, DIMENSIONS) for has in items]
    )
    query = {name: unit(random, DIMENSIONS[name]) for name in draw(subsets)}
    weights = {name: draw(st.sampled_from([0.0, 0.5, 1.0, 6.0])) for name in CHANNELS}
    words = np.array(draw(st.lists(st.sampled_from([0.0, 0.25, 0.7, 1.0]), min_size=count, max_size=count)), "f4")  # fmt: skip
    return query, weights, stored, words


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=60, deadline=None)
@given(searches())
def test_every_fusion_keeps_its_promises(name, search):
    query, weights, stored, words = search
    fusion = family(name)(describe([stored], DIMENSIONS), DIMENSIONS)
    assert fusion.name == name
    parts = fusion.contributions(query, weights, stored, words)
    assert set(parts) == set(CHANNELS)
    assert all(part.shape == (len(stored),) for part in parts.values())
    assert np.isfinite(sum(parts.values())).all()
    for channel, (_, flag) in places(DIMENSIONS).items():
        if channel not in query or not weights[channel]:
            assert not parts[channel].any()
        assert not parts[channel][stored[:, flag] == 0].any()
    assert not parts["words"][words == 0].any()
    assert weights["words"] or not parts["words"].any()
    order = np.random.default_rng(len(stored)).permutation(len(stored))
    moved = fusion.contributions(query, weights, stored[order], words[order])
    for channel in CHANNELS:
        assert moved[channel] == pytest.approx(parts[channel][order], abs=1e-5)
    for vector in fusion.aim(query, weights):
        assert vector.shape == (stored.shape[1],)


class Paper:
    """A fusion's score of each item, one number at a time, as its file's formula says."""

    def __init__(self, fusion, query, weights, stored, words):
        self.weights, self.words, self.count = weights, words.tolist(), len(stored)
        self.asked = [name for name in MODALITIES if name in query and weights[name]]
        self.has = {n: stored[:, flag] > 0 for n, (_, flag) in places(DIMENSIONS).items()}
        self.spread, self.above = {}, {}
        for name in self.asked:
            block, _ = places(DIMENSIONS)[name]
            lie, vector = fusion.populations[name], query[name].astype("f8")
            self.spread[name] = np.sqrt(max(vector @ lie.covariance @ vector, 0) + LEAST_SPREAD**2)
            self.above[name] = stored[:, block] @ vector - vector @ lie.mean

    def terms(self, at):
        """Yield the modalities that the item and the query have, with what each is worth raw."""
        return [(n, self.weights[n], self.above[n][at]) for n in self.asked if self.has[n][at]]

    def weighted_concatenation(self, at):
        found = self.weights["words"] * self.words[at]
        for name in self.asked:
            if self.has[name][at]:
                found += self.weights[name] * self.standard(name, at)
            elif (known := self.known(name, at)) is not None:
                found += self.weights[name] * self.slope(name) * known
        return found

    def standard(self, name, at):
        return self.above[name][at] / self.spread[name]

    def known(self, name, at):
        """Return how well the item fits by what it has beside a modality, None without."""
        others = [n for n in self.asked if n != name and self.has[n][at]]
        return np.mean([self.standard(n, at) for n in others]) if others else None

    def slope(self, name):
        """Return the slope through the origin, ten items showing nothing, of the best fifty."""
        both = [at for at in range(self.count) if self.has[name][at]]
        pairs = [(self.known(name, at), self.standard(name, at)) for at in both]
        best = sorted((p for p in pairs if p[0] is not None), key=lambda p: -p[0])[:50]
        return min(max(sum(k * v for k, v in best) / (sum(k * k for k, _ in best) + 10), 0), 1)

    def sum(self, at):
        found = sum(weight * above for _, weight, above in self.terms(at))
        return found + self.weights["words"] * self.words[at]

    def concatenation(self, at):
        had = sum(self.has[name][at] for name in MODALITIES)
        length = np.sqrt(max(len(self.asked) * had, 1))
        found = sum(weight * above for _, weight, above in self.terms(at)) / length
        return found + self.weights["words"] * self.words[at]

    def reciprocal_rank(self, at):
        total = 0.0
        for name, weight, above in self.terms(at):
            others = self.above[name][self.has[name]].round(6)
            rank = 1 + sum(others > round(above, 6))
            total += weight * (61 / (60 + rank) - 61 / (61 + sum(others > 0)))
        if self.words[at]:
            rank = 1 + sum(one > self.words[at] for one in self.words)
            total += self.weights["words"] * 61 / (60 + rank)
        return total

    def span(self, name):
        """Return how far the best lies above the worst."""
        return np.ptp(self.above[name][self.has[name]]) if self.has[name].any() else 0.0

    def spans(self, at):
        """Yield what each search gives the item, from worst to best as 1."""
        for name, weight, above in self.terms(at):
            span = self.span(name)
            yield weight * above / span if span > 1e-6 else 0.0
        most = max(self.words)
        yield self.weights["words"] * self.words[at] / most if most else 0.0

    def combsum(self, at):
        return sum(self.spans(at))

    def combmnz(self, at):
        found = [max(one, 0.0) for one in self.spans(at)]
        could = len(self.terms(at)) + bool(any(self.words) and self.weights["words"])
        return sum(found) * sum(one > 0 for one in found) / max(could, 1)


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=80, deadline=None)
@given(searches())
def test_contributions_add_up_to_the_score_that_the_formula_gives(name, search):
    query, weights, stored, words = search
    fusion = family(name)(describe([stored], DIMENSIONS), DIMENSIONS)
    parts = fusion.contributions(query, weights, stored, words)
    paper = Paper(fusion, query, weights, stored, words)
    known = (
        "weighted_concatenation",
        "sum",
        "concatenation",
        "reciprocal_rank",
        "combsum",
        "combmnz",
    )
    plain = name.replace("-", "_")
    score = getattr(paper, plain if plain in known else plain.removeprefix("weighted_"))
    expected = [float(score(at)) for at in range(len(stored))]
    rounded = 1e-5
    if "comb" in name:  # they divide by the span: a narrow one magnifies what float32 rounds off
        rounded += 4e-7 * sum(1 / max(paper.span(n), 1e-6) for n in paper.asked)
    assert sum(parts.values()) == pytest.approx(expected, rel=rounded, abs=2e-4)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_item_that_is_what_was_asked_for_comes_first_and_lacking_is_no_punishment(name):
    random = np.random.default_rng(3)
    stored = np.stack(
        [join({n: unit(random, DIMENSIONS[n]) for n in MODALITIES}, DIMENSIONS) for _ in range(99)]
    )
    fusion = family(name)(describe([stored], DIMENSIONS), DIMENSIONS)
    query = {n: stored[7][block] for n, (block, _) in places(DIMENSIONS).items()}
    words, ones = np.zeros(99, "f4"), dict.fromkeys(CHANNELS, 1.0)
    whole = sum(fusion.contributions(query, ones, stored, words).values())
    assert whole.argmax() == 7
    for n, (block, flag) in places(DIMENSIONS).items():
        bare = stored.copy()
        bare[50, block], bare[50, flag] = 0.0, 0.0
        score = sum(fusion.contributions(query, ones, bare, words).values())
        cosine = stored[:, block] @ query[n]
        if cosine[50] < cosine.mean():  # worse than average there: better off without
            assert (score > score[50]).sum() <= (whole > whole[50]).sum()


def simple(name, cosines):
    """Score items of one text cosine each, mean 0 and spread as they are."""
    dimensions = dict.fromkeys(MODALITIES, 2)
    none = Population(np.zeros(2, "f4"), np.zeros((2, 2), "f4"))
    fusion = family(name)(dict.fromkeys(MODALITIES, none), dimensions)
    rows = [join({"text": np.array([c, np.sqrt(1 - c * c)], "f4")}, dimensions) for c in cosines]
    query = {"text": np.array([1.0, 0.0], "f4")}
    return fusion, query, np.stack(rows)


def test_reciprocal_ranks_on_paper():
    fusion, query, stored = simple("reciprocal-rank", [0.8, -0.6, 0.6])
    words = np.array([0.0, 0.9, 0.2], "f4")
    parts = fusion.contributions(query, {"text": 1.0, "words": 2.0}, stored, words)
    average = 61 / 63  # two lie above the mean, so an average item would be third
    assert parts["text"] == pytest.approx([1 - average, 0.0, 61 / 62 - average], abs=1e-6)
    assert parts["words"] == pytest.approx([0.0, 2.0, 2 * 61 / 62])


def test_ensembles_on_paper():
    words = np.array([0.0, 0.5, 0.25], "f4")
    weights = {"text": 1.0, "words": 1.0}
    fusion, query, stored = simple("combsum", [0.8, -0.6, 0.6])
    parts = fusion.contributions(query, weights, stored, words)
    assert parts["text"] == pytest.approx([0.8 / 1.4, -0.6 / 1.4, 0.6 / 1.4])
    assert parts["words"] == pytest.approx([0.0, 1.0, 0.5])
    fusion, query, stored = simple("combmnz", [0.8, -0.6, 0.6])
    parts = fusion.contributions(query, weights, stored, words)
    assert sum(parts.values()) == pytest.approx([0.4 / 1.4, 0.5, 0.6 / 1.4 + 0.5])


def test_sum_and_concatenation_on_paper():
    fusion, query, stored = simple("sum", [0.8, -0.6])
    words = np.zeros(2, "f4")
    assert fusion.contributions(query, {"text": 2.0}, stored, words)["text"] == pytest.approx([1.6, -1.2])  # fmt: skip
    fusion, query, _ = simple("concatenation", [0.8])
    both = {"text": np.array([0.8, 0.6], "f4"), "picture": np.array([0.0, 1.0], "f4")}
    stored = join(both, fusion.dimensions)[np.newaxis]
    part = fusion.contributions(query, {"text": 1.0}, stored, words[:1])["text"]
    assert part == pytest.approx([0.8 / np.sqrt(2)])


def test_weights_are_there_for_every_kind_of_query_and_move_with_the_balance():
    for name in FAMILIES:
        weights = learned(name)
        for kind in WEIGHT_KINDS:
            assert set(getattr(weights, kind)) == set(CHANNELS)
    weights = learned(DEFAULT_FUSION)
    assert weights.between(0.0) == weights.photo
    assert weights.between(0.5) == weights.both
    assert weights.between(1.0) == weights.words
    assert learned("not in the file").words == dict.fromkeys(CHANNELS, 1.0)


def test_a_fusion_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(SettingsError, match="'blend': choose one of concatenation, "):
        family("blend")


def test_the_setting_and_the_command_name_the_same_fusions():
    assert Settings().fusion == DEFAULT_FUSION
    command = next(one for one in app.registered_commands if one.callback is search_items)
    (told,) = (
        one.help
        for hint in inspect.get_annotations(command.callback, eval_str=True).values()
        for one in getattr(hint, "__metadata__", ())
        if getattr(one, "param_decls", None) is not None and "fused" in (one.help or "")
    )
    named = set(
        told.partition(": ")[2].removesuffix(" or the folder of a trained one.").split(", ")
    )
    assert named == set(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_any_fusion_searches_the_same_index_and_adds_up(name):
    index = replace(shelf(60, MemoryStore()), family=family(name))
    found = look(Query("red scarf"), index, ENCODERS, limit=60)
    assert len(found) == 60
    assert found[0].item.category == "scarf"
    for one in found:
        assert one.score == pytest.approx(sum(one.contributions.values()), abs=1e-5)
