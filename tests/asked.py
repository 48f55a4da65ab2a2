"""Requests drawn at random from what the records of a shop say, and what is answered to them."""

import math
import random
from dataclasses import replace
from functools import cache

from assistant.answering.choose import AnswerRequest, chosen
from assistant.answering.differences import apart, compare
from assistant.answering.render import render
from assistant.answering.write import item_sentences, reason_text
from assistant.recommending.evidence import reasons
from assistant.understanding.tokens.text import content_words, folded_words
from retrieval.catalogue.profile import infer_profile
from retrieval.constraints import satisfies_all
from retrieval.filter import satisfying
from retrieval.items import Candidate, Constraint, field_quantities
from tests.builders import DEMO, shop_of


@cache
def shop(name):
    """Return a catalogue with its profile."""
    catalogue = DEMO if name == "demo" else shop_of(name)
    return replace(catalogue, profile=infer_profile(catalogue))


class Asked:
    """A request that some items fit, drawn at random from what the records say."""

    def __init__(self, name, seed):
        self.shop, dice = shop(name), random.Random(f"{name} {seed}")
        item = dice.choice(list(self.shop.items.values()))
        names = [n for n in item.attributes if item.attributes[n] and n != "stock"]
        drawn = dice.sample([*names, "price"], min(len(names) + 1, dice.randrange(3)))
        limits = [
            limit for one in drawn if (limit := self._limit(item, one, self.shop.profile, dice))
        ]
        kind = (
            [Constraint("category", "in", (item.category.casefold(),))]
            if dice.random() < 0.6
            else []
        )
        self.limits = tuple(c for c in (*kind, *limits) if satisfies_all(item, [c]))
        told = folded_words(" ".join((item.category, item.description, *item.attributes.values())))
        self.words = " ".join(dice.sample(sorted(set(told)), min(len(set(told)), 4)))
        self.turn = dice.randrange(4)
        there = satisfying(self.shop, self.limits)
        self.fitting = tuple(one for one in self.shop.items.values() if one.id in there)
        others = [one for one in self.fitting if one.id != item.id]
        self.items = [item, *dice.sample(others, min(len(others), 2))]

    @staticmethod
    def _limit(item, name, profile, dice):
        found = field_quantities(item, name) if profile.fields[name].measures else ()
        if not found:
            value = item.attributes.get(name, "")
            return Constraint(name, "in", (value.casefold(),)) if value else None
        side = dice.choice(("<=", ">=")) if math.isfinite(found[0].high) else ">="  # "12+ years"
        edge = found[0].high if side == "<=" else found[0].low
        edge = edge if math.isfinite(edge) else 2.0  # a guarantee for a lifetime
        slack = dice.choice((0.0, 0.13, 0.5)) * abs(edge)
        value = round(edge + slack if side == "<=" else edge - slack, 2)
        return Constraint(name, side, value, unit="" if name == "price" else found[0].unit)

    def request(self, fitting=()):
        """Return the request as the answer is given to it, likeness by words that are shared."""

        def likeness(texts):
            wanted = content_words(self.words)
            return [len(wanted & content_words(one)) / 2 for one in texts]

        return AnswerRequest(self.limits, likeness, fitting or self.fitting, self.shop.profile)

    def of(self, item, language="en", fitting=()):
        """Return what is said of an item in the answer, and its reasons on the card."""
        why = reasons(Candidate(item, 1.0, {"text": 1.0}), self.limits, self.words)
        facts = chosen(item, why, self.request(fitting))
        said = item_sentences(item, facts, self.shop.profile)
        cards = [render([reason_text(fact, self.shop.profile)], language) for fact in why]
        return render(said, language, self.turn), cards

    def beside(self, pair, language="en", fitting=()):
        """Return what is said of two items side by side, in the answer and when compared."""
        told = (apart(pair, self.request(fitting)), [compare(pair)])
        return [render(one, language, self.turn) for one in told]


@cache
def asked(name, seed):
    """Return one request to a shop."""
    return Asked(name, seed)
