"""What the steps of one turn share: the catalogue with its models, the clock, the answer.

Knows the models by their protocols and how a sentence is sent to the screen; decides nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter

from assistant.answering.converse import Unsayable
from assistant.answering.render import NO_MESSAGES, DomainMessages, render
from assistant.answering.utterances import Claim, Utterance, utter
from assistant.events import Event, Words
from assistant.linking.value_labels import ValueLabels
from assistant.model.protocol import LanguageModel
from assistant.recommending.facts import Fact
from assistant.turn.catalogue_language import catalogue_language
from assistant.turn.talk import TalkExamples
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.lexicon import PIVOT
from retrieval.embed import Encoders
from retrieval.index.index import Index
from retrieval.items import Catalogue, Item

FAILED, ABSENT = utter("notice.model_failed"), utter("notice.model_absent")
JOINING = utter("notice.model_joining")


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One catalogue, with the models that search it and write about it."""

    index: Index
    encoders: Encoders
    model: LanguageModel | None
    vocabulary: Vocabulary
    joining: bool = False  # a language model will take part soon
    links: bool = False  # the model tells what words mean where their nearest value is in doubt

    @property
    def catalogue(self) -> Catalogue:
        """The items that can be recommended."""
        return self.index.catalogue

    @cached_property
    def language(self) -> str:
        """The language of the catalogue's texts."""
        return catalogue_language(self.catalogue)

    def likeness(self, words: str, texts: Sequence[str]) -> list[float]:
        """Return how near texts are in meaning to some words: cosines, 0 where nothing is said."""
        if not words or not texts:
            return [0.0] * len(texts)
        request, *told = self.encoders.text.encode([words, *texts])
        return [float(request @ one) for one in told]

    @cached_property
    def labels(self) -> ValueLabels:
        """The catalogue's values, to be found under other names."""
        return ValueLabels(self.vocabulary.names, self.encoders.text)

    @cached_property
    def words(self) -> CatalogueWords:
        """The words that the catalogue uses; what is near in meaning is only told in English."""
        words = self.vocabulary.words
        return replace(words, nearest=self._nearest) if self.language == PIVOT else words

    def _nearest(self, names: Sequence[str]) -> str:
        """Return which of several names means a value of the catalogue, "" for none."""
        found = self.labels.propose(names)
        return found[0].words if found and found[0].likely else ""

    @cached_property
    def unsayable(self) -> Unsayable:
        """What the model may not say when it talks freely."""
        return Unsayable(self.catalogue)

    @cached_property
    def talk(self) -> TalkExamples:
        """What is said to a shop assistant beside what is sought."""
        return TalkExamples(self.encoders.text)


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What every step of a turn reports for the `Done` event."""

    model: str = ""  # the language model's name, if the step used it
    notices: tuple[Utterance, ...] = ()  # what was missing or degraded
    failed: bool = False  # the language model failed: later steps do not ask it again
    compared: tuple[Item, ...] = ()  # the items that were set side by side


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

    def __init__(
        self,
        language: str,
        clock: Stopwatch,
        turn: int = 0,
        domain: DomainMessages = NO_MESSAGES,
    ) -> None:
        """Start an empty answer in a language, ISO 639-1; `turn` varies the wording."""
        self.language, self._clock, self._turn, self._domain = language, clock, turn, domain
        self._said: list[str] = []
        self._claims: list[Claim] = []

    @property
    def answer(self) -> str:
        """Return the text shown so far."""
        return "\n".join(self._said)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return every sentence that was shown."""
        return tuple(self._claims)

    def say(
        self, said: Iterable[Utterance], *items: Item, facts: Sequence[Fact] = (), again: int = 0
    ) -> Iterator[Event]:
        """Show utterances, which are about `items` and word `facts`.

        `again` counts what was said of the same kind in this answer, so that its wording differs.
        """
        if text := self.worded(said, again):
            self._clock.reached("first_word")
            yield Words(f"\n{text}" if self._said else text)
            self._said.append(text)
            self._claims.append(Claim(text, tuple(item.id for item in items), tuple(facts)))

    def worded(self, said: Iterable[Utterance], again: int = 0) -> str:
        """Return utterances in the user's language, without showing them."""
        return render(said, self.language, self._turn + again, self._domain)


def _elapsed(since: float) -> float:
    return round(1000 * (perf_counter() - since), 1)
