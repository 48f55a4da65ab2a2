"""What one turn draws on, and what it gathers until it is done.

Knows the shop's parts by their protocols and how a sentence is put on screen; decides nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter

from assistant.answering.answer_language import in_language, reason_in_language
from assistant.answering.claims import Claim, Support
from assistant.answering.comparisons import Among
from assistant.events import Done, Event, Words
from assistant.model.protocol import LanguageModel
from assistant.recommending.evidence import Counterfactual
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.language import text_language
from assistant.understanding.read import Conversation
from retrieval.embed import Encoders
from retrieval.index.index import Index
from retrieval.items import Candidate, Catalogue, Item, Preference

FAILED = "The language model failed, so these words are plain and the order is the search's own."
ABSENT = "No language model takes part: the words are plain and the order is the search's own."
_TELLING = 50  # items whose texts tell the catalogue's language


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One catalogue, and the models that can search it and speak of it."""

    index: Index
    encoders: Encoders
    model: LanguageModel | None
    vocabulary: Vocabulary

    @property
    def catalogue(self) -> Catalogue:
        """What can be recommended."""
        return self.index.catalogue

    @cached_property
    def language(self) -> str:
        """The language of the catalogue's texts."""
        items = list(self.catalogue.items.values())[:_TELLING]
        return text_language([item.description or item.title for item in items])

    def among(self, shown: Iterable[Item]) -> Among:
        """Return what a comparison is checked against."""
        return Among(self.vocabulary, tuple(shown))


@dataclass
class Turn:
    """What one turn gathers on its way, and becomes Done."""

    session: str
    user: str
    message: str = ""  # as typed and heard, in the catalogue's language
    language: str = ""  # of the message, and therefore of the answer
    heard: str = ""  # the language that the speech model heard
    sounds: tuple[Path, ...] = ()  # the recording, where nobody speaks in it
    started: float = field(default_factory=perf_counter)
    timings: dict[str, float] = field(default_factory=dict)  # milliseconds
    notices: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
    wishes: tuple[Preference, ...] = ()  # what the photos were seen to show
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    without: dict[str, tuple[Counterfactual, ...]] = field(default_factory=dict)
    transcript: str = ""
    model: str = ""
    meant: tuple[str, ...] = ()  # ids of the shown items that the message spoke of

    def mark(self, stage: str, since: float) -> None:
        """Note how long a stage took."""
        self.timings[stage] = round(1000 * (perf_counter() - since), 1)

    def claim(self, claim: Claim) -> Iterator[Event]:
        """Say a sentence that stands; only count one that does not."""
        claim = replace(claim, sentence=in_language(claim.sentence, self.language))
        self.claims.append(claim)
        if claim.stands:
            yield from self._put(claim.sentence)

    def say(self, text: str, *items: Item) -> Iterator[Event]:
        """Say what code has made from the catalogue, the limits and these records."""
        if text:
            made = Support(text, "limit" if not items else "record")
            ids = tuple(item.id for item in items)
            yield from self.claim(Claim(text, ids, (), (made,)))

    def _put(self, text: str) -> Iterator[Event]:
        """Put words on screen, apart from those before."""
        if text:
            self.timings.setdefault("first_word", round(1000 * (perf_counter() - self.started), 1))
            yield Words(f" {text}" if self.said else text)
            self.said.append(text)

    def because(self, reasons: Mapping[str, Iterable[str]]) -> None:
        """Keep why items are here, in the user's language."""
        self.reasons = {
            id_: tuple(reason_in_language(one, self.language) for one in told)
            for id_, told in reasons.items()
        }

    def done(self, intent: str, now: Conversation) -> Done:
        """Close the turn."""
        self.mark("total", self.started)
        return Done(
            session=self.session,
            intent=intent,
            constraints=now.ledger.constraints,
            candidates=self.candidates,
            reasons=self.reasons,
            answer=" ".join(self.said),
            model=self.model,
            transcript=self.transcript,
            notice=" ".join(in_language(one, self.language) for one in self.notices),
            language=self.language,
            timings_ms=self.timings,
            meant=self.meant,
            without=self.without,
            claims=tuple(self.claims),
            wishes=self.wishes,
        )
