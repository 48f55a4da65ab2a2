"""The page's first minute: it takes requests while what answers them is still being made.

Knows in which order the parts are needed: first what finds items by words, which answers; then what
reads photos and recordings, and the language model, which joins. Decides nothing of a turn.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from assistant.build import build_living_agent, read_records
from assistant.models import NO_MODEL, ReportStep, Step, load_language_model, reorders
from retrieval.errors import MagpieError, StoreError

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.events import Event, Preparing
    from assistant.living_agent import LivingAgent
    from assistant.memory.store import Memory
    from assistant.settings import Settings
    from assistant.turn.request import Request
    from assistant.understanding.catalogue_values import Vocabulary
    from retrieval.items import Catalogue

_LOOK = 0.5  # seconds between two looks at whether a waiting request can be answered
_TOLD_FROM = 2.0  # seconds of a step after which its time left can be estimated


class Beginning:
    """An agent for the page that may not be able to answer yet, and says what it waits for."""

    def __init__(self, settings: "Settings", *, clock: Callable[[], float] = monotonic) -> None:
        """Read the records and open the memory; no model is needed for that.

        Raises:
            StoreError: there is no index of that name.
            StorageError: the database cannot be opened.
        """
        from assistant.memory.store import Memory
        from assistant.understanding.catalogue_values import Vocabulary

        self._memory = Memory(settings.database, remembers=settings.remember)
        self._records = read_records(settings)
        self._values = Vocabulary(self._records)
        self._living: LivingAgent | None = None
        self._answers = threading.Event()
        starting = Step("Starting", doing="starting")
        self._step, self._since, self._clock = starting, clock(), clock
        self.over = False  # True when nothing more will join

    @property
    def ready(self) -> bool:
        """Whether a request can be answered now."""
        return self._living is not None

    @property
    def memory(self) -> "Memory":
        """The stored conversations and opinions of all users."""
        return self._living.memory if self._living else self._memory

    @property
    def catalogue(self) -> "Catalogue":
        """The items that can be recommended, as far as they are known."""
        return self._living.catalogue if self._living else self._records

    @property
    def vocabulary(self) -> "Vocabulary":
        """The values that these items use."""
        return self._living.vocabulary if self._living else self._values

    def reply(self, request: "Request", session: str) -> Iterator["Event"]:
        """Answer as soon as that is possible; raises as `Agent.reply` does."""
        while not self._answers.wait(_LOOK):
            yield self._doing()
        if self._living:
            yield from self._living.reply(request, session)

    @contextmanager
    def lend(self) -> Iterator["Agent"]:
        """Lend the agent over the newest index, as soon as there is one."""
        while not self._answers.wait(_LOOK):
            pass
        if self._living is None:
            raise StoreError("Magpie ends before it could answer: start it again")
        with self._living.lend() as agent:
            yield agent

    def told(self, step: Step) -> None:
        """Keep what is being done now, where the page can say it."""
        if step.doing is None:
            return
        if step.label != self._step.label:
            self._since = self._clock()
        self._step = step

    def preparing(self) -> "Preparing | None":
        """Return what is still being prepared, with the time left; None when nothing is."""
        return None if self.over else self._doing()

    def answer_with(self, living: "LivingAgent") -> None:
        """Answer from now on."""
        self._living = living
        self._answers.set()

    def close(self) -> None:
        """Close what is open; who still waits for an answer gets none."""
        self._answers.set()
        if self._living:
            self._living.close()
        self._memory.close()

    def _doing(self) -> "Preparing":
        """Return what is being done, how much of it is done, and how long the rest takes."""
        from assistant.events import Preparing

        step, passed, left = self._step, self._clock() - self._since, None
        if step.total and step.done and passed >= _TOLD_FROM:
            left = passed * (step.total - step.done) / step.done
        return Preparing(
            step.doing or "starting",
            step.about,
            step.done,
            step.total,
            step.unit,
            left,
            answers=self.ready,
        )


def let_all_join(
    beginning: Beginning, settings: "Settings", report: ReportStep, complain: Callable[[str], None]
) -> "LivingAgent":
    """Build what answers, let it answer, and then let the rest join.

    What cannot join is complained of, and Magpie goes on without it.

    Raises: MagpieError when nothing can be found without what is missing.
    """

    def told(step: Step) -> None:
        report(step)
        beginning.told(step)

    without = settings.model_copy(update={"language_model": NO_MODEL})
    living = build_living_agent(without, told)
    if settings.language_model != NO_MODEL:
        living.expect_model()
    beginning.answer_with(living)
    for join in (_open_senses, _open_language_model):
        try:
            join(living, settings, told)
        except MagpieError as error:
            complain(f"{error} (Magpie goes on without it)")
    if living.model is None:
        living.take(None, reranks=False)  # none will join any more
    beginning.over = True
    return living


def _open_senses(living: "LivingAgent", settings: "Settings", report: ReportStep) -> None:
    """Open what the first photo and the first recording would wait for."""
    from PIL import Image

    from retrieval.encoders.deferred import DeferredTranscriber

    report(Step("Opening the picture encoder", doing="opening_pictures"))
    encoders = living.encoders
    encoders.picture.encode([Image.new("RGB", (8, 8))])
    if isinstance(encoders.transcriber, DeferredTranscriber):
        encoders.transcriber.open()


def _open_language_model(living: "LivingAgent", settings: "Settings", report: ReportStep) -> None:
    """Load the language model, and let it take part from the next turn on."""
    model = load_language_model(settings, report, now=True)
    living.take(model, reranks=reorders(settings, model, report))
