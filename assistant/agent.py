"""One turn, from the user's message to the checked answer, as a generator of events.

    transcribe → understand → search ► items → rerank ► order → explain ► words

Knows every step by its public name; each decision is made in the step's own file. When the
language model fails or is absent, the turn still ends well, and says so.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter

from assistant import plain
from assistant.answer_language import in_language, quoted, reason_in_language
from assistant.claims import Claim, Support
from assistant.comparisons import Among
from assistant.counterfactuals import counterfactuals
from assistant.events import Done, Event, Found, Heard, Ordered, Request, Understood, Words
from assistant.evidence import (
    Counterfactual,
    first_without_budget,
    reasons,
    what_would_change,
)
from assistant.explain import answer, explain, plain_claim
from assistant.intents import FINDS
from assistant.language import read_language, text_language
from assistant.language_model import LanguageModel
from assistant.ledger import merge
from assistant.memory import Memory
from assistant.openings import opening
from assistant.opinions import Said, opinion_said
from assistant.rerank import leaves_open, rerank
from assistant.shortlist import Shortlist, by_example, shortlist
from assistant.taste import without_disliked
from assistant.translate import Translation, fill_gaps, in_own_words, translate
from assistant.understand import Conversation, Reading, read_by_code, read_with_model
from assistant.vocabulary import Vocabulary
from retrieval.embed import Encoders
from retrieval.errors import LanguageModelError, MessageError, PictureError, RecordingError
from retrieval.index import Index
from retrieval.items import Candidate, Catalogue, Item, Query
from retrieval.pictures import read_picture
from retrieval.search import search

_RANKED = 100  # so many of the best are looked through for an item
_LONGEST_MESSAGE = 20_000  # characters
_TELLING = 50  # items whose texts tell the catalogue's language
_FAILED = "The language model failed, so these words are plain and the order is the search's own."
_ABSENT = "No language model takes part: the words are plain and the order is the search's own."


@dataclass
class Turn:
    """What one turn gathers on its way, and becomes Done."""

    session: str
    user: str
    message: str = ""  # as typed and heard, in the catalogue's language
    language: str = ""  # of the message, and therefore of the answer
    heard: str = ""  # the language that the speech model heard
    started: float = field(default_factory=perf_counter)
    timings: dict[str, float] = field(default_factory=dict)  # milliseconds
    notices: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
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
        )


@dataclass(frozen=True)
class Agent:
    """Talks about one catalogue; keeps nothing itself, so one agent serves many sessions."""

    index: Index
    encoders: Encoders
    model: LanguageModel | None
    memory: Memory
    vocabulary: Vocabulary
    shown: int = 6
    explained: int = 2
    reranks: bool = True

    @property
    def catalogue(self) -> Catalogue:
        """What can be recommended."""
        return self.index.catalogue

    @cached_property
    def language(self) -> str:
        """The language of the catalogue's texts."""
        items = list(self.catalogue.items.values())[:_TELLING]
        return text_language([item.description or item.title for item in items])

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Answer one request; the session goes on where its last turn ended.

        Raises:
            InputError: the message, photo or recording cannot be used; nothing has changed.
            StorageError: the conversation cannot be kept.
        """
        turn = Turn(session, request.user)
        now = self.memory.recall(session, self.catalogue, turn.user)
        request = self._see(request, turn)
        heard = yield from self._hear(request, turn)
        translation = self._translate(heard, now, turn)
        message, now = turn.message, replace(now, language=turn.language)
        if not request.photos and (said := opinion_said(message, now.shown)):
            yield from self._note(said, request, now, turn)
            return
        reading = in_own_words(self._understand(message, request, now, turn), translation)
        if reading.foreign:
            turn.notices.append(plain.other_currency(reading.foreign, self.catalogue.currency))
        turn.meant = tuple(item.id for item in (*reading.meant, *reading.unlike))
        now = self._take_in(reading, request, now)
        yield Understood(reading.intent, now.ledger.constraints, now.phrase)
        if reading.intent in FINDS:
            found = self._find(reading, now, turn)
            yield Found(found.candidates, turn.reasons)
            self._look_back(found, turn)
            yield from self._order(found, turn)
            yield from self._explain(found, now, turn)
            shown = tuple(candidate.item for candidate in turn.candidates)
            seen = now.seen | {item.id for item in shown}
            now = replace(now, shown=shown, seen=seen, reasons=turn.reasons)
        else:
            yield from self._talk(message, reading, now, turn)
        done = turn.done(reading.intent, now)
        self.memory.keep(request, now, done, self.catalogue)
        yield done

    def _note(self, said: Said, request: Request, now: Conversation, turn: Turn) -> Iterator[Event]:
        """Keep what the user feels about shown items; the search stays where it is."""
        yield Understood(said.feeling, now.ledger.constraints, now.phrase)
        turn.meant = tuple(item.id for item in said.items)
        remembers = self.memory.remembers(turn.user)
        if remembers:
            for item in said.items:
                self.memory.feel(turn.user, self.catalogue.name, item, said.feeling, "words")
        yield from turn.say(plain.noted(said.feeling, said.items, remembers=remembers))
        done = turn.done(said.feeling, now)
        self.memory.keep(request, now, done, self.catalogue)
        yield done

    def _disliked(self, user: str) -> frozenset[str]:
        """Return the ids of what this user does not like, unless nothing is to be remembered."""
        if not self.memory.remembers(user):
            return frozenset()
        opinions = self.memory.opinions(user, self.catalogue.name)
        return frozenset(one.item for one in opinions if one.feeling == "dislike")

    def _see(self, request: Request, turn: Turn) -> Request:
        """Leave out photos that cannot be read; say so, or refuse if nothing else was sent."""
        readable = []
        for photo in request.photos:
            try:
                read_picture(photo)
                readable.append(photo)
            except PictureError as error:
                if not (request.words.strip() or request.recording or len(request.photos) > 1):
                    raise
                turn.notices.append(f"I could not use one photo: {error}.")
        return replace(request, photos=tuple(readable))

    def _hear(self, request: Request, turn: Turn) -> Generator[Event, None, str]:
        """Turn the recording into words and return the whole message."""
        message = request.words.strip()
        if len(message) > _LONGEST_MESSAGE:
            raise MessageError(
                f"the message has {len(message):,} characters; shorten it to {_LONGEST_MESSAGE:,}"
            )
        if request.recording is not None:
            if self.encoders.transcriber is None:
                raise RecordingError("no speech model is loaded: type the message instead")
            since = perf_counter()
            transcript = self.encoders.transcriber.transcribe(request.recording)
            turn.mark("transcribe", since)
            turn.transcript, turn.heard = transcript.words, transcript.language
            turn.notices += [transcript.notice] if transcript.notice else []
            yield Heard(transcript)
            message = f"{message} {transcript.words}".strip()
        if not message and not request.photos:
            heard = " ".join(turn.notices)
            raise MessageError(heard or "the message is empty: type, say or show what you look for")
        return message

    def _translate(self, message: str, now: Conversation, turn: Turn) -> Translation:
        """Bring the message into the catalogue's language; the model only says single words."""
        since, known, own = perf_counter(), self.vocabulary.known, self.language
        turn.language = read_language(
            message, known, own=own, former=now.language, heard=turn.heard
        )
        found = translate(message, turn.language, known, own=own)
        if found.gaps and self.model is not None:
            try:
                found = fill_gaps(found, self.model, into=own)
                turn.model = self.model.name
            except LanguageModelError:
                turn.notices.append(_FAILED)
        turn.message = found.text
        turn.mark("translate", since)
        return found

    def _understand(self, message: str, request: Request, now: Conversation, turn: Turn) -> Reading:
        """Read by code; ask the model only about what code could not place."""
        since = perf_counter()
        reading = read_by_code(message, now, self.vocabulary)
        if request.photos and reading.intent in ("refine", "smalltalk", "about"):
            reading = replace(reading, intent="search")
        if not reading.sure and self.model is not None:
            try:
                reading = read_with_model(message, now, reading, self.model, self.vocabulary)
                turn.model = self.model.name
            except LanguageModelError:
                turn.notices.append(_FAILED)
        if reading.foreign:
            turn.notices.append(plain.other_currency(reading.foreign, self.catalogue.currency))
        turn.mark("understand", since)
        return reading

    def _take_in(self, reading: Reading, request: Request, now: Conversation) -> Conversation:
        """Bring the ledger, the phrase and the photos up to date."""
        kinds, anew = frozenset(self.vocabulary.kinds), reading.intent == "search"
        ledger = merge(now.ledger, reading.changes, kinds=kinds, anew=anew)
        match reading.intent:
            case "search":
                balance = Conversation().balance if request.balance is None else request.balance
                return replace(
                    now,
                    ledger=ledger,
                    phrase=reading.phrase,
                    photos=request.photos,
                    balance=balance,
                    liked=(),
                    disliked=(),
                )
            case "refine" | "more like" | "less like":
                phrase = reading.phrase or now.phrase
                photos = request.photos or now.photos
                balance = now.balance if request.balance is None else request.balance
                now = by_example(now, reading)
                return replace(now, ledger=ledger, phrase=phrase, photos=photos, balance=balance)
            case _:
                return now

    def _find(self, reading: Reading, now: Conversation, turn: Turn) -> Shortlist:
        """Search, and have items on screen before the model writes a word."""
        since, disliked = perf_counter(), self._disliked(turn.user)
        limit = self.shown + len(disliked)
        found = shortlist(reading, now, self.index, self.encoders, self.vocabulary, limit=limit)
        named = " ".join((turn.message, *(item.title for item in reading.meant)))
        kept = without_disliked(found.candidates, disliked, named, limit=self.shown)
        found = replace(found, candidates=kept.candidates)
        turn.notices += [plain.left_out(kept.left_out)] if kept.left_out else []
        turn.mark("search", since)
        turn.mark("first_items", turn.started)
        turn.candidates = found.candidates
        photo = bool(found.query.photos)
        told = {
            c.item.id: reasons(c, now.ledger.constraints, found.query.words, photo=photo)
            for c in found.candidates
        }
        turn.because(told)
        return found

    def _look_back(self, found: Shortlist, turn: Turn) -> None:
        """Search again without a part of the query, now that the items are on screen."""
        since = perf_counter()
        turn.without = counterfactuals(found, self.index)
        changes = {id_: what_would_change(told) for id_, told in turn.without.items()}
        turn.reasons = {id_: (*now, *changes.get(id_, ())) for id_, now in turn.reasons.items()}
        for candidate in found.candidates[:1]:
            id_ = candidate.item.id
            if dearer := first_without_budget(turn.without.get(id_, ())):
                turn.reasons[id_] = (*turn.reasons[id_], dearer)
        turn.because(turn.reasons)
        if turn.without:
            turn.mark("without", since)

    def _order(self, found: Shortlist, turn: Turn) -> Iterator[Event]:
        """Let the model put the same items in a better order."""
        if self.model is None or not self.reranks or found.sorted or not leaves_open(found.query):
            return
        since = perf_counter()
        try:
            turn.candidates = tuple(rerank(found.query.words, found.candidates, self.model))
            turn.model = self.model.name
            yield Ordered(turn.candidates)
        except LanguageModelError:
            turn.notices.append(_FAILED)
        turn.mark("rerank", since)

    def _explain(self, found: Shortlist, now: Conversation, turn: Turn) -> Iterator[Event]:
        """Say what was found, then why the first ones fit, each sentence checked."""
        constraints, currency = now.ledger.constraints, self.catalogue.currency
        listed = turn.language != self.language  # a list of limits can be translated
        count = len(found.candidates)
        lead = found.lead or opening(count, constraints, currency, listed=listed)
        yield from turn.say(lead)
        first = turn.candidates[: self.explained]
        if self.model is None:
            turn.notices.append(_ABSENT)
        written = 0
        own = turn.language == self.language  # what the model writes is checked in no other
        if own and self.model is not None and _FAILED not in turn.notices:
            try:
                request = found.query.words or "something that looks like my photo"
                among = self._among(candidate.item for candidate in turn.candidates)
                for claim in explain(request, first, turn.reasons, constraints, self.model, among):
                    turn.model, written = self.model.name, written + claim.stands
                    yield from turn.claim(claim)
            except LanguageModelError:
                turn.notices.append(_FAILED)
        for candidate in first[written:]:
            yield from turn.claim(plain_claim(candidate.item, turn.reasons[candidate.item.id]))

    def _talk(
        self, message: str, reading: Reading, now: Conversation, turn: Turn
    ) -> Iterator[Event]:
        """Answer what asks for no new items."""
        match reading.intent:
            case "compare":
                pair = reading.meant if len(reading.meant) > 1 else now.shown[:2]
                both = len(pair) > 1
                yield from turn.say(plain.compare(pair) if both else plain.nothing_shown(), *pair)
            case "why":
                for item in reading.meant or now.shown[:1]:
                    yield from turn.claim(plain_claim(item, now.reasons.get(item.id, ())))
            case "why not":
                for item in reading.meant:
                    yield from turn.say(self._why_not(item, now), item)
            case "about" if reading.meant:
                yield from self._answer(message, reading, now, turn)
            case _:
                yield from turn.say(self._aside(message, reading.intent))

    def _aside(self, message: str, intent: str) -> str:
        """Answer what speaks of no item."""
        if intent == "smalltalk":
            return plain.smalltalk(message)
        if intent == "out of scope":
            return plain.out_of_scope(self.catalogue)
        return plain.help_text(self.catalogue)

    def _why_not(self, item: Item, now: Conversation) -> str:
        """Say what keeps an item from the screen, or where the search puts it."""
        kept = now.ledger.constraints
        query = Query(now.phrase, now.photos, kept, now.balance)
        found = [c.item.id for c in search(query, self.index, self.encoders, limit=_RANKED)]
        rank = found.index(item.id) + 1 if item.id in found else None
        here = next((n for n, one in enumerate(now.shown, 1) if one.id == item.id), None)
        return plain.why_not(item, kept, here, rank, len(found))

    def _answer(
        self, message: str, reading: Reading, now: Conversation, turn: Turn
    ) -> Iterator[Event]:
        """Answer a question about shown items from their records."""
        if turn.language != self.language:
            for item in reading.meant:
                yield from turn.say(quoted(message, item), item)
            return
        if self.model is not None:
            try:
                constraints, among = now.ledger.constraints, self._among(now.shown)
                for claim in answer(message, reading.meant, constraints, self.model, among):
                    turn.model = self.model.name
                    yield from turn.claim(claim)
                return
            except LanguageModelError:
                turn.notices.append(_FAILED)
        for item in reading.meant:
            yield from turn.say(plain.whole_record(item), item)

    def _among(self, shown: Iterable[Item]) -> Among:
        """Return what a comparison is checked against."""
        return Among(self.vocabulary, tuple(shown))
