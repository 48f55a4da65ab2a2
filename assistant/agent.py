"""One turn, from the user's message to the checked answer, as a generator of events.

    transcribe → understand → search ► items → rerank ► order → explain ► words

► marks what the user sees. If the rules cannot interpret every word, items for the part that they
could interpret are shown before the language model reads the message too; the model adds no limit,
so these items violate none. Every step returns a value, which `reply` passes on; each decision is
made in the step's own file. If the language model fails or is absent, the turn still completes, and
tells the user.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from assistant.answering import messages
from assistant.answering.answer_language import in_language
from assistant.events import Done, Event, Found, Ordered, Understood
from assistant.memory.profile import latest_likes
from assistant.memory.store import Memory
from assistant.model.protocol import LanguageModel
from assistant.recommending.rerank import leaves_open, rerank
from assistant.recommending.shortlist import by_example
from assistant.turn.answers import answer_without_search
from assistant.turn.explanation import explain_selection
from assistant.turn.input import Received, receive
from assistant.turn.request import Request
from assistant.turn.selection import Selection, UserTaste, look_back, select
from assistant.turn.state import FAILED, Shop, Speaker, StepResult, Stopwatch
from assistant.understanding.dialogue_state import merge
from assistant.understanding.feedback import Said, opinion_said
from assistant.understanding.intents import FINDS
from assistant.understanding.read import Conversation, Reading, read_by_code, read_with_model
from assistant.understanding.translate import in_own_words
from retrieval.errors import LanguageModelError


@dataclass(frozen=True, kw_only=True)
class Read(StepResult):
    """The interpretation of a message."""

    reading: Reading


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The result of a turn, from which its `Done` event is built."""

    intent: str
    now: Conversation
    meant: tuple[str, ...]  # ids of the shown items that the message refers to
    steps: tuple[StepResult, ...]
    selection: Selection | None = None


@dataclass(frozen=True, kw_only=True)
class Agent(Shop):
    """Answers requests about one catalogue; it is stateless, so one agent serves many sessions."""

    memory: Memory
    shown: int = 6
    explained: int = 2
    reranks: bool = True

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Answer one request, continuing the session after its last turn.

        Raises:
            InputError: the message, photo or recording cannot be used; no state has changed.
            StorageError: the conversation cannot be stored.
        """
        clock, user = Stopwatch(), request.user
        before = self.memory.recall(session, self.catalogue, user)
        received = yield from receive(request, before.language, self, clock)
        taste, speaker = self._taste(user), Speaker(received.language, clock)
        likes = latest_likes(taste.opinions, self.catalogue)
        now = replace(before, language=received.language, taste=likes)
        shown_or_heard = received.photos or received.sounds
        if not shown_or_heard and (felt := opinion_said(received.message, now.shown)):
            yield Understood(felt.feeling, now.state.constraints, now.phrase)
            yield from self._note(felt, user, taste, speaker)
            meant = tuple(item.id for item in felt.items)
            end = Answered(intent=felt.feeling, now=now, meant=meant, steps=(received,))
        else:
            end = yield from self._answer(received, now, taste, speaker, clock)
        clock.reached("total")
        done = _done(session, received, end, speaker, clock)
        self.memory.keep(user, request.words, end.now, done, self.catalogue)
        yield done

    def _answer(
        self,
        received: Received,
        now: Conversation,
        taste: UserTaste,
        speaker: Speaker,
        clock: Stopwatch,
    ) -> Generator[Event, None, Answered]:
        """Interpret a message, then search for items or answer it without a search."""
        with clock.stage("understand"):
            read = self._read(received, now)
        if not read.reading.sure and self.model is not None:
            if read.reading.intent in FINDS:
                yield from self._glance(read.reading, received, now, taste)
                clock.reached("first_items")
            with clock.stage("reread"):
                read = _read_again(read, received, now, self.model, self)
        reading = in_own_words(read.reading, received.translation)
        meant = tuple(item.id for item in (*reading.meant, *reading.unlike))
        now = self._take_in(reading, received, now)
        yield Understood(reading.intent, now.state.constraints, now.phrase)
        if reading.intent not in FINDS:
            told = yield from answer_without_search(received, reading, now, self, speaker)
            return Answered(
                intent=reading.intent, now=now, meant=meant, steps=(received, read, told)
            )
        with clock.stage("search"):
            found = select(reading, received, now, self, taste, limit=self.shown)
        clock.reached("first_items")
        yield Found(found.candidates, found.reasons, found.shortlist.query.preferences)
        if found.candidates and not found.shortlist.sorted:
            with clock.stage("without"):
                found = look_back(found, self, received.language)
        found = yield from self._arrange(found, clock)
        steps = (received, read, found)
        told = yield from explain_selection(
            found,
            now.state.constraints,
            self,
            speaker,
            explained=self.explained,
            failed=any(FAILED in step.notices for step in steps),
        )
        return Answered(
            intent=reading.intent,
            now=_with_shown(now, found),
            meant=meant,
            steps=(*steps, told),
            selection=found,
        )

    def _note(self, felt: Said, user: str, taste: UserTaste, speaker: Speaker) -> Iterator[Event]:
        """Store the user's opinion of shown items; the current search does not change."""
        if taste.remembers:
            for item in felt.items:
                self.memory.feel(user, self.catalogue.name, item, felt.feeling, "words")
        yield from speaker.say(messages.noted(felt.feeling, felt.items, remembers=taste.remembers))

    def _taste(self, user: str) -> UserTaste:
        """Return the user's likes and dislikes, or none if remembering is off."""
        if not self.memory.remembers(user):
            return UserTaste()
        return UserTaste(self.memory.opinions(user, self.catalogue.name), remembers=True)

    def _read(self, received: Received, now: Conversation) -> Read:
        """Interpret the message with rules alone, without the language model."""
        reading = read_by_code(received.message, now, self.vocabulary, photo=bool(received.photos))
        if (received.photos or received.sounds) and reading.intent in _NEEDS_NO_SEARCH:
            reading = replace(reading, intent="search")
        currency = self.catalogue.currency
        foreign = messages.other_currency(reading.foreign, currency) if reading.foreign else ""
        return Read(reading=reading, notices=(foreign,) if foreign else ())

    def _glance(
        self, reading: Reading, received: Received, now: Conversation, taste: UserTaste
    ) -> Iterator[Event]:
        """Show the items of the first, rule-based reading; nothing else of it is kept."""
        reading = in_own_words(reading, received.translation)
        then = self._take_in(reading, received, now)
        yield Understood(reading.intent, then.state.constraints, then.phrase)
        found = select(reading, received, then, self, taste, limit=self.shown)
        preferences = found.shortlist.query.preferences
        yield Found(found.candidates, found.reasons, preferences, settled=False)

    def _take_in(self, reading: Reading, received: Received, now: Conversation) -> Conversation:
        """Update the conversation: its state, phrase, photos, sounds, balance and examples."""
        kinds, anew = frozenset(self.vocabulary.kinds), reading.intent == "search"
        state = merge(now.state, reading.changes, kinds=kinds, anew=anew)
        match reading.intent:
            case "search":
                usual = Conversation().balance
                return replace(
                    now,
                    state=state,
                    phrase=reading.phrase,
                    photos=received.photos,
                    sounds=received.sounds,
                    balance=usual if received.balance is None else received.balance,
                    liked=(),
                    disliked=(),
                )
            case "refine" | "more like" | "less like":
                return replace(
                    by_example(now, reading),
                    state=state,
                    phrase=reading.phrase or now.phrase,
                    photos=received.photos or now.photos,
                    sounds=received.sounds or now.sounds,
                    balance=now.balance if received.balance is None else received.balance,
                )
            case _:
                return now

    def _arrange(self, found: Selection, clock: Stopwatch) -> Generator[Event, None, Selection]:
        """Rerank the same items with the language model, if that can help."""
        listed, query = found.shortlist, found.shortlist.query
        if self.model is None or not self.reranks or listed.sorted or not leaves_open(query):
            return found
        with clock.stage("rerank"):
            try:
                better = tuple(rerank(query.words, listed.candidates, self.model))
            except LanguageModelError:
                return replace(found, notices=(*found.notices, FAILED))
        yield Ordered(better)
        return replace(found, shortlist=replace(listed, candidates=better), model=self.model.name)


_NEEDS_NO_SEARCH = ("refine", "smalltalk", "about")  # unless there is a photo or a sound


def _read_again(
    read: Read, received: Received, now: Conversation, model: LanguageModel, shop: Shop
) -> Read:
    """Interpret with the language model what the rules could not; keep `read` if it fails."""
    try:
        reading = read_with_model(received.message, now, read.reading, model, shop.vocabulary)
    except LanguageModelError:
        return replace(read, notices=(*read.notices, FAILED))
    return replace(read, reading=reading, model=model.name)


def _with_shown(now: Conversation, found: Selection) -> Conversation:
    """Record the shown items; if there are none, the user can still refer to the last ones."""
    shown = tuple(candidate.item for candidate in found.candidates)
    if not shown:
        return now
    seen = now.seen | {item.id for item in shown}
    return replace(now, shown=shown, seen=seen, reasons=dict(found.reasons))


def _done(
    session: str, received: Received, end: Answered, speaker: Speaker, clock: Stopwatch
) -> Done:
    """Build the last event of a turn."""
    notices = [one for step in end.steps for one in step.notices]
    selection = end.selection
    return Done(
        session=session,
        intent=end.intent,
        constraints=end.now.state.constraints,
        candidates=selection.candidates if selection else (),
        reasons=selection.reasons if selection else {},
        answer=speaker.answer,
        model=next((step.model for step in end.steps if step.model), ""),
        transcript=received.transcript,
        notice=" ".join(in_language(one, received.language) for one in notices),
        language=received.language,
        timings_ms=clock.timings_ms,
        meant=end.meant,
        without=selection.without if selection else {},
        claims=speaker.claims,
        preferences=selection.shortlist.query.preferences if selection else (),
    )
