"""One turn, from the user's message to the checked answer, as a generator of events.

    transcribe → understand → search ► items → rerank ► order → explain ► words

Where code cannot place every word, the items of what it could place stand before the language model
reads the message too; that reading adds no limit, so what stood there broke none. Knows every step
by its public name; each decision is made in the step's own file. When the language model fails or
is absent, the turn still ends well, and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from assistant.answering import messages
from assistant.answering.explain import explain, plain_claim
from assistant.answering.openings import by_taste, opening
from assistant.events import Event, Found, Ordered, Request, Understood
from assistant.memory.profile import Opinion, disliked_items, latest_likes, without_disliked
from assistant.memory.store import Memory
from assistant.model.protocol import LanguageModel
from assistant.recommending.counterfactuals import counterfactuals
from assistant.recommending.evidence import (
    first_without_budget,
    liked_because,
    reasons,
    what_would_change,
)
from assistant.recommending.rerank import leaves_open, rerank
from assistant.recommending.shortlist import Shortlist, by_example, shortlist
from assistant.turn.answers import talk
from assistant.turn.input import hear, in_own_language, see
from assistant.turn.state import ABSENT, FAILED, Shop, Turn
from assistant.understanding.dialogue_state import merge
from assistant.understanding.feedback import Said, opinion_said
from assistant.understanding.intents import FINDS
from assistant.understanding.read import Conversation, Reading, read_by_code, read_with_model
from assistant.understanding.translate import in_own_words
from retrieval.errors import LanguageModelError
from retrieval.items import Query
from retrieval.search import photo_likeness, sound_likeness


@dataclass(frozen=True, kw_only=True)
class Agent(Shop):
    """Talks about one catalogue; keeps nothing itself, so one agent serves many sessions."""

    memory: Memory
    shown: int = 6
    explained: int = 2
    reranks: bool = True

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Answer one request; the session goes on where its last turn ended.

        Raises:
            InputError: the message, photo or recording cannot be used; nothing has changed.
            StorageError: the conversation cannot be kept.
        """
        turn = Turn(session, request.user)
        now = self.memory.recall(session, self.catalogue, turn.user)
        request = see(request, turn)
        heard = yield from hear(request, self, turn)
        translation = in_own_language(heard, now.language, self, turn)
        message, now = turn.message, replace(now, language=turn.language)
        opinions = self._opinions(turn.user)
        now = replace(now, taste=latest_likes(opinions, self.catalogue))
        if not (request.photos or turn.sounds) and (said := opinion_said(message, now.shown)):
            yield from self._note(said, request, now, turn)
            return
        reading = self._understand(message, request, now, turn)
        if not reading.sure and self.model is not None:
            if reading.intent in FINDS:
                sure = in_own_words(reading, translation)
                yield from self._glance(sure, request, now, opinions, turn)
            reading = self._read_again(message, now, reading, self.model, turn)
        reading = in_own_words(reading, translation)
        turn.meant = tuple(item.id for item in (*reading.meant, *reading.unlike))
        now = self._take_in(reading, request, now, turn)
        yield Understood(reading.intent, now.ledger.constraints, now.phrase)
        if reading.intent in FINDS:
            found = self._find(reading, now, opinions, turn)
            yield Found(found.candidates, turn.reasons, turn.wishes)
            self._look_back(found, turn)
            yield from self._order(found, turn)
            yield from self._explain(found, now, turn)
            now = _with_shown(now, turn)
        else:
            yield from talk(message, reading, now, self, turn)
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
        yield from turn.say(messages.noted(said.feeling, said.items, remembers=remembers))
        done = turn.done(said.feeling, now)
        self.memory.keep(request, now, done, self.catalogue)
        yield done

    def _opinions(self, user: str) -> tuple[Opinion, ...]:
        """Return what this user likes and does not, unless nothing is to be remembered."""
        if not self.memory.remembers(user):
            return ()
        return self.memory.opinions(user, self.catalogue.name)

    def _understand(self, message: str, request: Request, now: Conversation, turn: Turn) -> Reading:
        """Read what code can place."""
        since = perf_counter()
        reading = read_by_code(message, now, self.vocabulary, photo=bool(request.photos))
        shown_or_heard = request.photos or turn.sounds
        if shown_or_heard and reading.intent in ("refine", "smalltalk", "about"):
            reading = replace(reading, intent="search")
        if reading.foreign:
            turn.notices.append(messages.other_currency(reading.foreign, self.catalogue.currency))
        turn.mark("understand", since)
        return reading

    def _glance(
        self,
        reading: Reading,
        request: Request,
        now: Conversation,
        opinions: Sequence[Opinion],
        turn: Turn,
    ) -> Iterator[Event]:
        """Have the items of a first reading on screen; of the turn nothing but its time is kept."""
        seen = replace(turn, timings={}, notices=[])
        then = self._take_in(reading, request, now, seen)
        yield Understood(reading.intent, then.ledger.constraints, then.phrase)
        found = self._find(reading, then, opinions, seen)
        yield Found(found.candidates, seen.reasons, seen.wishes, settled=False)
        turn.timings["first_items"] = seen.timings["first_items"]

    def _read_again(
        self, message: str, now: Conversation, reading: Reading, model: LanguageModel, turn: Turn
    ) -> Reading:
        """Let the model place what code could not."""
        since = perf_counter()
        try:
            reading = read_with_model(message, now, reading, model, self.vocabulary)
            turn.model = model.name
        except LanguageModelError:
            turn.notices.append(FAILED)
        turn.mark("reread", since)
        return reading

    def _take_in(
        self, reading: Reading, request: Request, now: Conversation, turn: Turn
    ) -> Conversation:
        """Bring the ledger, the phrase, the photos and the sounds up to date."""
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
                    sounds=turn.sounds,
                    balance=balance,
                    liked=(),
                    disliked=(),
                )
            case "refine" | "more like" | "less like":
                phrase = reading.phrase or now.phrase
                photos = request.photos or now.photos
                balance = now.balance if request.balance is None else request.balance
                now = replace(by_example(now, reading), sounds=turn.sounds or now.sounds)
                return replace(now, ledger=ledger, phrase=phrase, photos=photos, balance=balance)
            case _:
                return now

    def _find(
        self, reading: Reading, now: Conversation, opinions: Sequence[Opinion], turn: Turn
    ) -> Shortlist:
        """Search, and have items on screen before the model writes a word."""
        since, disliked = perf_counter(), disliked_items(opinions)
        limit = self.shown + len(disliked)
        found = shortlist(reading, now, self.index, self.encoders, self.vocabulary, limit=limit)
        named = " ".join((turn.message, *(item.title for item in reading.meant)))
        kept = without_disliked(found.candidates, disliked, named, limit=self.shown)
        found = replace(found, candidates=kept.candidates)
        if reading.open and found.candidates and not found.lead:
            found = replace(found, lead=self._going_by(now, turn))
        turn.notices += [messages.left_out(kept.left_out)] if kept.left_out else []
        turn.mark("search", since)
        if "first_items" not in turn.timings:
            turn.mark("first_items", turn.started)
        turn.candidates, turn.wishes = found.candidates, found.query.wishes
        shown = [c.item for c in found.candidates]
        alike = photo_likeness(found.query, found.vectors, shown, self.index)
        sounds_alike = sound_likeness(found.vectors, shown, self.index)
        told = {
            c.item.id: reasons(
                c,
                now.ledger.constraints,
                found.query.words,
                alike=alike.get(c.item.id, 0.0),
                sounds_alike=sounds_alike.get(c.item.id, 0.0),
                wishes=found.query.wishes,
            )
            for c in found.candidates
        }
        turn.because(told)
        return found

    def _going_by(self, now: Conversation, turn: Turn) -> str:
        """Say what the items go by, since the user left it open."""
        titles = [self.catalogue.items[id_].title for id_ in now.taste]
        return by_taste(titles, remembers=self.memory.remembers(turn.user))

    def _look_back(self, found: Shortlist, turn: Turn) -> None:
        """Search again without a part of the query, now that the items are on screen."""
        since = perf_counter()
        turn.without = counterfactuals(found, self.index)
        first = found.candidates[0].item.id if found.candidates else ""
        told = {id_: list(why) for id_, why in turn.reasons.items()}
        for id_, why in told.items():
            without = turn.without.get(id_, ())
            why += what_would_change(without)
            if id_ == first and (dearer := first_without_budget(without)):
                why.append(dearer)
        turn.because(told)
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
            turn.notices.append(FAILED)
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
            turn.notices.append(ABSENT)
        written = set[str]()  # ids of what the model has written about
        own = turn.language == self.language  # what the model writes is checked in no other
        if own and self.model is not None and FAILED not in turn.notices:
            try:
                request = found.query.words or _unworded(found.query)
                among = replace(
                    self.among(candidate.item for candidate in turn.candidates),
                    liked={id_: liked_because(told) for id_, told in turn.without.items()},
                )
                for claim in explain(request, first, turn.reasons, constraints, self.model, among):
                    turn.model = self.model.name
                    written |= set(claim.items if claim.stands else ())
                    yield from turn.claim(claim)
            except LanguageModelError:
                turn.notices.append(FAILED)
        for item in (one.item for one in first if one.item.id not in written):
            yield from turn.claim(plain_claim(item, turn.reasons[item.id]))


def _unworded(query: Query) -> str:
    """Say for the model what is wanted where the user said nothing."""
    if query.sounds:
        return "something that sounds like my recording"
    return "something that looks like my photo" if query.photos else "something that I would like"


def _with_shown(now: Conversation, turn: Turn) -> Conversation:
    """Note what is on screen; a turn that found nothing leaves the last items to point at."""
    shown = tuple(candidate.item for candidate in turn.candidates)
    if not shown:
        return now
    seen = now.seen | {item.id for item in shown}
    return replace(now, shown=shown, seen=seen, reasons=turn.reasons)
