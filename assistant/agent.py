"""One turn, from the user's message to the checked answer, as a generator of events.

    Request → Received → Reading → Conversation → Selection ► items, draft → rerank ► order ► words

► marks what the user sees; neither items nor first sentences wait for the language model. The
steps stand in `turn/`; each yields events and returns a value that the next one takes. An opinion
of shown items ("I like the second one") is stored before anything else is read. Where words are
left that no rule explains, the items of what the rules could interpret are shown, not yet settled,
while the model tells whether the values among them are wanted; then the items of the whole. If the
model fails or is absent, the turn still completes, and says so.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from assistant.answering.questions import question_text
from assistant.answering.remarks import gone, noted
from assistant.answering.write import reason_text
from assistant.events import Draft, Event, Found, Ordered, Understood
from assistant.memory.store import Memory
from assistant.recommending.by_code import is_named
from assistant.recommending.rerank import leaves_open, rerank
from assistant.turn.answers import answer_without_search
from assistant.turn.ending import Answered, done_event, referred_items
from assistant.turn.explanation import explain_selection
from assistant.turn.gone import Remaining, remaining
from assistant.turn.input import Received, receive, with_gaps_filled
from assistant.turn.next_steps import next_steps
from assistant.turn.reading import Interpretation, interpret, interpret_rest
from assistant.turn.request import Request
from assistant.turn.selection import Selection, UserTaste, add_counterfactuals, select
from assistant.turn.state import FAILED, Shop, Speaker, StepResult, Stopwatch
from assistant.turn.update import updated, with_shown
from assistant.understanding.acts.feedback import Said, opinion_said
from assistant.understanding.acts.intents import FINDS
from assistant.understanding.conversation import Conversation
from assistant.understanding.tokens.cues import read_sentence
from retrieval.errors import LanguageModelError


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
        received = yield from receive(request, before, self, clock)
        taste = self._taste(user)
        speaker = Speaker(received.language, clock, before.turns, self.catalogue.domain.messages)
        conversation = replace(
            before,
            language=received.language,
            taste=taste.known(self.catalogue),
            me=taste.me.id if taste.me else "",
            turns=before.turns + 1,
        )
        if received.translation.gaps and self.model is not None:
            first = interpret(received, conversation, self)
            yield from self._show_first(first, received, conversation, taste, speaker, clock)
            with clock.stage("translate"):
                received = with_gaps_filled(received, self)
        media = received.photos or received.sounds
        if not media and (
            opinion := opinion_said(read_sentence(received.message), conversation.shown)
        ):
            answered = yield from self._take_opinion(
                opinion, received, conversation, taste, speaker, user=user
            )
        else:
            answered = yield from self._answer(received, conversation, taste, speaker, clock)
        clock.reached("total")
        chosen = answered.selection
        reasons = self._worded(chosen, speaker) if chosen else {}
        done = done_event(session, received, answered, speaker, clock, reasons)
        self.memory.keep(user, request.words, answered.conversation, done, self.catalogue)
        yield done

    def _answer(
        self,
        received: Received,
        before: Conversation,
        taste: UserTaste,
        speaker: Speaker,
        clock: Stopwatch,
    ) -> Generator[Event, None, Answered]:
        """Interpret a message, then search for items or answer it without a search."""
        kinds = self.vocabulary.kinds
        with clock.stage("understand"):
            interpretation = interpret(received, before, self)
        if interpretation.asks_model and self.model is not None:
            yield from self._show_first(interpretation, received, before, taste, speaker, clock)
            with clock.stage("reread"):
                interpretation = interpret_rest(interpretation, received, before, self.model, self)
        left = remaining(interpretation.quoting(received), before, self.catalogue.items)
        if left.over:
            return (yield from self._say_gone(left, before, (received, interpretation), speaker))
        reading = left.reading
        conversation = updated(before, reading, received, kinds)
        constraints, steps = conversation.state.constraints, (received, interpretation, left)
        yield Understood(reading.intent, constraints, conversation.phrase, speaker.language)
        if reading.intent not in FINDS:
            now = replace(conversation, shown=left.conversation.shown)
            said = yield from answer_without_search(received, reading, now, self, speaker)
            return Answered(reading.intent, conversation, referred_items(reading), (*steps, said))
        with clock.stage("search"):
            selection = select(reading, received, conversation, self, taste, limit=self.shown)
        clock.reached("first_items")
        yield Found(selection.candidates, self._worded(selection, speaker), selection.preferences)
        if selection.candidates and not selection.shortlist.sorted:
            with clock.stage("without"):  # before reranking: ranks are those of retrieval
                selection = add_counterfactuals(selection, self)
        if self._can_rerank(selection):
            yield self._draft(selection, conversation, speaker, clock)
            selection = yield from self._rerank(selection, clock)
        said = yield from explain_selection(
            selection,
            constraints,
            self,
            speaker,
            explained=self.explained,
        )
        with clock.stage("next_steps"):
            ahead = next_steps(selection, conversation, self, speaker.language)
        if ahead.question is not None:
            yield from speaker.say([question_text(ahead.question)])
        shown = with_shown(conversation, selection)
        done = (*steps, selection, said)
        return Answered(
            reading.intent, shown, referred_items(reading), done, selection, ahead.suggestions
        )

    def _say_gone(
        self,
        left: Remaining,
        conversation: Conversation,
        steps: tuple[StepResult, ...],
        speaker: Speaker,
    ) -> Generator[Event, None, Answered]:
        """Say that what the message speaks of has left the catalogue; nothing else changes."""
        intent = left.reading.intent
        constraints = conversation.state.constraints
        yield Understood(intent, constraints, conversation.phrase, speaker.language)
        yield from speaker.say(left.notices, *left.gone)
        return Answered(intent, conversation, (), steps)

    def _take_opinion(
        self,
        opinion: Said,
        received: Received,
        conversation: Conversation,
        taste: UserTaste,
        speaker: Speaker,
        *,
        user: str,
    ) -> Generator[Event, None, Answered]:
        """Store the user's opinion of shown items; the current search does not change."""
        constraints = conversation.state.constraints
        yield Understood(opinion.feeling, constraints, conversation.phrase, speaker.language)
        there = [item for item in opinion.items if item.id in self.catalogue.items]
        lost = [item for item in opinion.items if item not in there]
        if taste.remembers:
            for item in there:
                self.memory.feel(user, self.catalogue.name, item, opinion.feeling, "words")
        if there or not lost:
            yield from speaker.say([noted(opinion.feeling, there, remembers=taste.remembers)])
        yield from speaker.say(gone(lost))
        referred = tuple(item.id for item in there)
        return Answered(opinion.feeling, conversation, referred, (received,))

    def _taste(self, user: str) -> UserTaste:
        """Return the user's own record, and likes and dislikes unless remembering is off."""
        me = self.catalogue.items.get(user) if self.catalogue.domain.ties.worth else None
        if not self.memory.remembers(user):
            return UserTaste(me=me)
        return UserTaste(self.memory.opinions(user, self.catalogue.name), remembers=True, me=me)

    def _show_first(
        self,
        interpretation: Interpretation,
        received: Received,
        before: Conversation,
        taste: UserTaste,
        speaker: Speaker,
        clock: Stopwatch,
    ) -> Iterator[Event]:
        """Show the items of the reading by rules; nothing else of it is kept."""
        reading = interpretation.quoting(received)
        if reading.intent not in FINDS:
            return
        conversation = updated(before, reading, received, self.vocabulary.kinds)
        constraints = conversation.state.constraints
        yield Understood(reading.intent, constraints, conversation.phrase, speaker.language)
        selection = select(reading, received, conversation, self, taste, limit=self.shown)
        reasons = self._worded(selection, speaker)
        clock.reached("first_items")
        yield Found(selection.candidates, reasons, selection.preferences, settled=False)
        yield self._draft(selection, conversation, speaker, clock)

    def _draft(
        self,
        selection: Selection,
        now: Conversation,
        speaker: Speaker,
        clock: Stopwatch,
    ) -> Draft:
        """Return what would be said of a selection, without saying it."""
        messages = self.catalogue.domain.messages
        alone = Speaker(speaker.language, clock, now.turns - 1, messages)  # as in this turn
        limits = now.state.constraints
        for _ in explain_selection(selection, limits, self, alone, explained=self.explained):
            pass
        return Draft(alone.answer)

    def _worded(self, selection: Selection, speaker: Speaker) -> dict[str, tuple[str, ...]]:
        """Return the reasons for each item in the user's language."""
        profile = self.vocabulary.profile
        return {
            id_: tuple(speaker.worded([reason_text(fact, profile)]) for fact in facts)
            for id_, facts in selection.reasons.items()
        }

    def _can_rerank(self, selection: Selection) -> bool:
        """Tell whether the language model may find a better order."""
        listed = selection.shortlist
        settled = listed.sorted or any(map(is_named, listed.candidates))
        if self.model is None or not self.reranks or settled or len(listed.candidates) < 2:
            return False
        return leaves_open(listed.query)

    def _rerank(self, selection: Selection, clock: Stopwatch) -> Generator[Event, None, Selection]:
        """Rerank the same items with the language model."""
        listed, model = selection.shortlist, self.model
        if model is None:
            return selection
        with clock.stage("rerank"):
            try:
                better = tuple(rerank(listed.query.words, listed.candidates, model))
            except LanguageModelError:
                return replace(selection, notices=(*selection.notices, FAILED), failed=True)
        yield Ordered(better)
        shortlist = replace(listed, candidates=better)
        return replace(selection, shortlist=shortlist, model=model.name)
