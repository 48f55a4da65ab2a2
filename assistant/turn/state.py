"""What the steps of one turn share: the catalogue with its models, the clock, the answer.

Knows the models by their protocols and how a sentence is sent to the screen; decides nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter

from assistant.answering.answer_language import in_language
from assistant.answering.claims import Claim, Support
from assistant.answering.comparisons import Among
from assistant.events import Event, Words
from assistant.model.protocol import LanguageModel
from assistant.turn.kind_names import KindNames
from assistant.turn.talk import TalkExamples
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.languages.language import text_language
from retrieval.embed import Encoders
from retrieval.index.index import Index
from retrieval.items import Catalogue, Item

FAILED = "The language model failed, so these words are plain and the order is the search's own."
ABSENT = "No language model takes part: the words are plain and the order is the search's own."
_TELLING = 50  # items from whose texts the catalogue's language is detected


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One catalogue, with the models that search it and write about it."""

    index: Index
    encoders: Encoders
    model: LanguageModel | None
    vocabulary: Vocabulary

    @property
    def catalogue(self) -> Catalogue:
        """The items that can be recommended."""
        return self.index.catalogue

    @cached_property
    def language(self) -> str:
        """The language of the catalogue's texts."""
        items = list(self.catalogue.items.values())[:_TELLING]
        return text_language([item.description or item.title for item in items])

    @cached_property
    def kind_names(self) -> KindNames:
        """The kinds of things, to be found under other names."""
        kind = next(iter(self.vocabulary.kinds), "")
        return KindNames(kind, tuple(self.vocabulary.facets.get(kind, ())), self.encoders.text)

    @cached_property
    def talk(self) -> TalkExamples:
        """What is said to a shop assistant beside what is sought."""
        return TalkExamples(self.encoders.text)

    def among(self, shown: Iterable[Item]) -> Among:
        """Return the items that comparisons in an answer are checked against."""
        return Among(self.vocabulary, tuple(shown))


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What every step of a turn reports for the `Done` event."""

    model: str = ""  # the language model's name, if the step used it
    notices: tuple[str, ...] = ()  # what was missing or degraded, in English
    failed: bool = False  # the language model failed: later steps do not ask it again


class Stopwatch:
    """Times the stages of a turn, in milliseconds."""

    def __init__(self) -> None:
        """Start the clock."""
        self._started = perf_counter()
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure how long the `with` block takes."""
        since = perf_counter()
        try:
            yield
        finally:
            self.timings_ms[name] = _elapsed(since)

    def reached(self, name: str) -> None:
        """Record the time since the start, the first time that `name` is reached."""
        self.timings_ms.setdefault(name, _elapsed(self._started))


class Speaker:
    """Sends sentences to the screen in the user's language, and records them."""

    def __init__(self, language: str, clock: Stopwatch) -> None:
        """Start an empty answer; `language` is the answer's, ISO 639-1."""
        self.language, self._clock = language, clock
        self._said: list[str] = []
        self._claims: list[Claim] = []

    @property
    def answer(self) -> str:
        """Return the text shown so far."""
        return " ".join(self._said)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return every sentence, including those that failed the check and were not shown."""
        return tuple(self._claims)

    def claim(self, claim: Claim) -> Iterator[Event]:
        """Show a sentence that passed the check; only record one that failed it."""
        claim = replace(claim, sentence=in_language(claim.sentence, self.language))
        self._claims.append(claim)
        if claim.stands and claim.sentence:
            self._clock.reached("first_word")
            yield Words(f" {claim.sentence}" if self._said else claim.sentence)
            self._said.append(claim.sentence)

    def say(self, text: str, *items: Item) -> Iterator[Event]:
        """Show text that code wrote from the catalogue, the constraints and these records."""
        if text:
            made = Support(text, "limit" if not items else "record")
            yield from self.claim(Claim(text, tuple(item.id for item in items), (), (made,)))


def _elapsed(since: float) -> float:
    return round(1000 * (perf_counter() - since), 1)
