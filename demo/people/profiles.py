"""Draw invented people and their friendships by chance, always the same ones.

Knows the tables of words; knows no file of a catalogue. The generative model, stated so that what
is measured on it can be judged:

    circles    everybody belongs to two of the circles of interests, the second with less weight
    interests  four of them: each from the first circle with .55, the second with .30, else from any
    written    three of the four are written; the fourth is only drawn or only spoken
    place      where ten people in a hundred move away from their language
    friends    two know each other with probability σ(−6.0 + 2.4 · shared circles + 2.2 · same
               place + .7 · common languages + a_i + a_j), where a is a person's own sociability,
               normal with deviation .4; then, twice, every open triangle closes with .06

So interests, place and language cause some friendships, friends of friends others, and neither
tells all. This is a simulation: it shows that code works, not how people are.
"""

import math
import random
import tomllib
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_INTERESTS = 4
_FIRST, _SECOND = 0.55, 0.30  # chances that an interest is of a person's circles
_PRIVATE = ("place", "languages", "work", "friends")
_CLOSES = 0.06  # chance of an open triangle to close


@dataclass(frozen=True, slots=True)
class Persona:
    """One invented person."""

    id: str
    title: str
    circles: tuple[str, str]
    interests: tuple[str, ...]  # as written
    unwritten: str  # an interest that is only drawn or spoken
    place: str
    languages: tuple[str, ...]
    work: str
    gender: str
    religion: str
    listed: bool
    private: tuple[str, ...]
    description: str
    spoken: str
    voice: str
    drawn: str  # the interest that the picture shows
    colour: str
    sociable: float = field(default=0.0)


def read_words(name: str) -> dict[str, Any]:
    """Return one of the tables of words."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text("utf-8"))


def personas() -> list[Persona]:
    """Return all invented people."""
    words, known = read_words("people"), read_words("interests")
    dice = random.Random(words["seed"])
    names = [f"{first} {last}" for first in words["first"] for last in words["last"]]
    chosen = dice.sample(names, words["count"])
    refusing = set(dice.sample(range(words["count"]), words["refuse"]))
    return [
        _persona(name, words, known, dice, listed=place not in refusing)
        for place, name in enumerate(chosen)
    ]


def friendships(people: list[Persona]) -> list[tuple[str, str]]:
    """Return who knows whom, by the model above."""
    dice = random.Random(read_words("people")["seed"] + 1)
    linked: dict[str, set[str]] = {one.id: set() for one in people}
    for one, other in combinations(people, 2):
        if dice.random() < _chance(one, other):
            linked[one.id].add(other.id)
            linked[other.id].add(one.id)
    for _ in range(2):
        open_pairs = sorted(
            {
                tuple(sorted(pair))
                for known in linked.values()
                for pair in combinations(sorted(known), 2)
                if pair[1] not in linked[pair[0]]
            }
        )
        for one_id, other_id in open_pairs:
            if dice.random() < _CLOSES:
                linked[one_id].add(other_id)
                linked[other_id].add(one_id)
    return sorted((a, b) for a, others in linked.items() for b in others if a < b)


def _chance(one: Persona, other: Persona) -> float:
    circles = len(set(one.circles) & set(other.circles))
    tongues = len(set(one.languages) & set(other.languages))
    near = -6.0 + 2.4 * circles + 2.2 * (one.place == other.place) + 0.7 * tongues
    return 1 / (1 + math.exp(-(near + one.sociable + other.sociable)))


def _persona(
    name: str, words: dict[str, Any], known: dict[str, Any], dice: random.Random, *, listed: bool
) -> Persona:
    circles = sorted({one["circle"] for one in known.values()})
    first, second = dice.sample(circles, 2)
    interests = _interests(first, second, known, dice)
    *written, unwritten = interests
    place = dice.choice(words["places"])
    private = tuple(one for one in _PRIVATE if dice.random() < 0.05)
    said = [dice.choice(known[one]["written"]) for one in dice.sample(written, 2)]
    if dice.random() < 0.4:
        said.append(f"I live in {place}.")
    drawn = unwritten if dice.random() < 0.5 else dice.choice(written)
    heard = unwritten if drawn != unwritten else dice.choice(written)
    greeting = dice.choice(["Hello.", "Hi, nice to meet you.", "Good day."])
    return Persona(
        id=name.casefold().replace(" ", "-"),
        title=name,
        circles=(first, second),
        interests=tuple(written),
        unwritten=unwritten,
        place=place,
        languages=_languages(place, words, dice),
        work=dice.choice(words["work"]),
        gender=dice.choice(words["genders"]),
        religion=dice.choice(words["religions"]),
        listed=listed,
        private=private,
        description=" ".join([*said, dice.choice(words["closings"])]),
        spoken=f"{greeting} {dice.choice(known[heard]['spoken'])}",
        voice=dice.choice(words["voices"]),
        drawn=drawn,
        colour=dice.choice(words["colours"]),
        sociable=dice.gauss(0, 0.4),
    )


def _interests(first: str, second: str, known: dict[str, Any], dice: random.Random) -> list[str]:
    """Return different interests, most of them of a person's circles."""
    of = {c: sorted(n for n, one in known.items() if one["circle"] == c) for c in (first, second)}
    found: list[str] = []
    while len(found) < _INTERESTS:
        chance = dice.random()
        among = of[first] if chance < _FIRST else of[second] if chance < _FIRST + _SECOND else []
        one = dice.choice([name for name in among or sorted(known) if name not in found] or found)
        found += [one] if one not in found else []
    return found


def _languages(place: str, words: dict[str, Any], dice: random.Random) -> tuple[str, ...]:
    native = words["speaks"][place] if dice.random() < 0.9 else dice.choice(words["languages"])
    found = [native] + (["English"] if dice.random() < 0.6 else [])
    while dice.random() < 0.5 and len(found) < 4:
        found.append(dice.choice(words["languages"]))
    return tuple(dict.fromkeys(found))
