"""Compare the outcome of each turn with its expectations, by code, from the records.

Pure. One finding per expectation, so that a failure shows the expected and the actual result. Knows
no agent.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from assistant.evaluation.conditions import Condition, held_by, true_of
from assistant.evaluation.guess_language import language_of
from assistant.evaluation.outcome import Outcome
from assistant.evaluation.script import Expected, Script
from retrieval.items import Catalogue, Item, normal

LIMIT, GROUNDING, ITEMS, REFERENCE, EMPTY = "limit", "grounding", "items", "reference", "empty"
INTENT, WORDING, LANGUAGE, FAULT = "intent", "wording", "language", "fault"

_DENIES = re.compile(
    r"\b(?:no record|nothing in|not carr|don'?t (?:carry|have)|do not (?:carry|have)|carry no|"
    r"no such|none of|you have seen everything|"
    r"kein\w*|nichts|führe\w* nicht|aucun\w*|rien|n'ai pas|ning[uú]n\w*|nada|no tengo|no hay)\b"
    r"|没有|无法|不卖",
    re.I,
)


_QUOTED = re.compile(r"[“„«][^”“»]*[”“»](?: \([^)]*\))?")  # a record's own words, and its title


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation, and whether it was met."""

    aspect: str  # the measure that it counts for
    passed: bool
    expected: str
    came: str = ""  # the actual result, "" when it passed


@dataclass(frozen=True, slots=True)
class Scene:
    """A played turn, with the items shown before it."""

    expected: Expected
    outcome: Outcome
    shown: tuple[Item, ...]
    before: tuple[Item, ...]  # the last items shown
    seen: frozenset[str]  # ids shown in earlier turns
    catalogue: Catalogue


def judge(script: Script, outcomes: Sequence[Outcome], catalogue: Catalogue) -> list[list[Finding]]:
    """Return the findings of every played turn."""
    found: list[list[Finding]] = []
    before, seen = tuple[Item, ...](), frozenset[str]()
    items = catalogue.items
    for line, outcome in zip(script.lines, outcomes, strict=False):
        shown = tuple(items[name] for name in outcome.shown if name in items)
        scene = Scene(line.expected, outcome, shown, before, seen, catalogue)
        found.append(list(findings(scene)))
        before, seen = shown or before, seen | set(outcome.shown)
    return found


def findings(scene: Scene) -> Iterator[Finding]:
    """Check everything that is expected of one turn."""
    if scene.outcome.error:
        yield Finding(FAULT, False, "an answer", scene.outcome.error)
        return
    for check in (_limits, _items, _prices, _state, _references, _silence, _words):
        yield from check(scene)


def _limits(scene: Scene) -> Iterator[Finding]:
    """Check the stated limits on every item; an unexpectedly empty result fails."""
    every = scene.expected.every
    if every and not scene.shown and not scene.expected.empty:
        yield _missing(f"items of which {_listed(every)}")
    for condition in every if scene.shown else ():
        broken = [item for item in scene.shown if not true_of(item, condition)]
        yield Finding(
            LIMIT,
            not broken,
            f"every item: {condition}",
            ", ".join(_told(item, condition) for item in broken),
        )


def _items(scene: Scene) -> Iterator[Finding]:
    """Check which items are shown."""
    expected, shown = scene.expected, scene.shown
    names = {item.id for item in shown}
    for condition in expected.first:
        fits = bool(shown) and true_of(shown[0], condition)
        came = _told(shown[0], condition) if shown else "nothing"
        yield _finding(ITEMS, fits, f"first: {condition}", came)
    for condition in expected.some:
        fits = any(true_of(item, condition) for item in shown)
        yield _finding(ITEMS, fits, f"at least one: {condition}", _ids(scene))
    for name in expected.shows:
        yield _finding(ITEMS, name in names, f"{name} among the items", _ids(scene))
    for name in expected.hides:
        yield _finding(ITEMS, name not in names, f"{name} not among the items", _ids(scene))
    if expected.fresh:
        again = sorted(names & scene.seen)
        yield _finding(
            ITEMS, bool(shown or expected.empty) and not again, "only new items",
            f"again: {', '.join(again)}" if again else "nothing",
        )  # fmt: skip


def _prices(scene: Scene) -> Iterator[Finding]:
    """Check prices: lower than before, below an item's, or sorted."""
    expected, shown = scene.expected, scene.shown
    prices = [item.price for item in shown if item.price is not None]
    if expected.cheaper:
        was = [item.price for item in scene.before if item.price is not None]
        fits = bool(prices and was) and mean(prices) < mean(was)
        yield _finding(ITEMS, fits, "cheaper than before", f"{prices} after {was}")
    if expected.below:
        place = expected.below
        anchor = scene.before[place - 1].price if place <= len(scene.before) else None
        fits = bool(prices) and anchor is not None and max(prices) < anchor
        yield _finding(ITEMS, fits, f"below the price of item {place}, {anchor}", str(prices))
    if expected.order:
        fitting = [
            item.price
            for item in scene.catalogue.items.values()
            if item.price is not None and all(true_of(item, c) for c in expected.every)
        ]
        extreme: Callable[[list[float]], float] = min if expected.order == "cheapest" else max
        ordered = sorted(prices, reverse=expected.order == "dearest")
        fits = bool(prices) and prices == ordered and prices[0] == extreme(fitting)
        yield _finding(ITEMS, fits, f"the {expected.order} first, {extreme(fitting)}", str(prices))


def _state(scene: Scene) -> Iterator[Finding]:
    """Check that the state holds the stated constraints, and none that were withdrawn."""
    held = scene.outcome.constraints
    items = tuple(scene.catalogue.items.values())
    came = "; ".join(f"{c.field} {c.op} {c.value}" for c in held) or "an empty state"
    for condition in scene.expected.holds:
        fits = held_by(held, condition, items)
        yield _finding(GROUNDING, fits, f"the state holds {condition}", came)
    for name in scene.expected.lacks:
        fits = all(constraint.field != name for constraint in held)
        yield _finding(GROUNDING, fits, f"the state holds nothing on {name}", came)


def _references(scene: Scene) -> Iterator[Finding]:
    """Check which items references like "the second one" were resolved to."""
    if places := scene.expected.means:
        wanted = {scene.before[n - 1].id for n in places if 1 <= n <= len(scene.before)}
        fits = len(wanted) == len(places) and wanted == set(scene.outcome.meant)
        came = ", ".join(scene.outcome.meant) or "no item"
        said = ", ".join(sorted(wanted)) or "which was not there"
        yield _finding(REFERENCE, fits, f"it means item {_places(places)}: {said}", came)
    for place in scene.expected.names:
        title = scene.before[place - 1].title if place <= len(scene.before) else ""
        fits = bool(title) and normal(title) in normal(scene.outcome.answer)
        yield _finding(WORDING, fits, f"the answer names {title!r}", scene.outcome.answer)


def _silence(scene: Scene) -> Iterator[Finding]:
    """Check turns that should show no items, or say that nothing is what was asked for."""
    expected, answer, ids = scene.expected, scene.outcome.answer, _ids(scene)
    if expected.empty:
        fits = bool(_DENIES.search(answer)) or not scene.shown
        yield _finding(EMPTY, fits and bool(answer), "an honest empty", f"{ids}: {answer}")
    if expected.asks:
        asked = "?" in answer or "？" in answer
        yield _finding(EMPTY, asked and not scene.shown, "a question", f"{ids}: {answer}")
    if expected.talk:
        fits = bool(answer) and not scene.shown
        yield _finding(INTENT, fits, "words and no new items", ids if scene.shown else "no word")


def _words(scene: Scene) -> Iterator[Finding]:
    """Check the intent and the answer's wording and language."""
    expected, answer = scene.expected, scene.outcome.answer
    if expected.intent:
        fits = scene.outcome.intent in expected.intent
        yield _finding(INTENT, fits, " or ".join(expected.intent), scene.outcome.intent)
    if expected.says:
        fits = any(normal(one) in normal(answer) for one in expected.says)
        yield _finding(WORDING, fits, f"one of {list(expected.says)}", answer)
    for one in expected.hushes:
        yield _finding(WORDING, normal(one) not in normal(answer), f"not {one!r}", answer)
    if expected.language:
        came = language_of(_QUOTED.sub("“”", answer)) or "no language"
        yield _finding(LANGUAGE, came == expected.language, expected.language, f"{came}: {answer}")


def _finding(aspect: str, passed: bool, expected: str, came: str) -> Finding:
    return Finding(aspect, passed, expected, "" if passed else came)


def _missing(what: str) -> Finding:
    return Finding(ITEMS, passed=False, expected=what, came="nothing shown")


def _ids(scene: Scene) -> str:
    return ", ".join(item.id for item in scene.shown) or "nothing shown"


def _told(item: Item, condition: Condition) -> str:
    """Return an item's id, and its value in the condition's field."""
    values: Mapping[str, object] = {"price": item.price, "text": "…", "title": item.title,
                                    "category": item.category, "brand": item.brand}  # fmt: skip
    return f"{item.id} ({values.get(condition.field, item.attributes.get(condition.field))})"


def _listed(conditions: Sequence[Condition]) -> str:
    return " and ".join(map(str, conditions))


def _places(places: Sequence[int]) -> str:
    return " and ".join(map(str, places))
