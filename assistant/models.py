"""Settings → models: fetch each one that is missing, open it when it is needed.

Knows which models Magpie has and what a long operation reports; knows no index and no agent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.models.registry import registry

if TYPE_CHECKING:
    from assistant.events import Doing
    from assistant.model.protocol import LanguageModel
    from assistant.settings import Settings
    from assistant.stance.said import MessageReader
    from retrieval.embed import Encoders
    from retrieval.models.fetch import FetchProgress
    from retrieval.protocols import Transcriber

EMBEDDED_NAME = "embedded"
FROZEN_WORDS = "all-minilm-l6-v2"  # the text side of the embedded picture encoder
NO_MODEL = "none"
_SERVERS = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Step:
    """The progress of a long operation."""

    label: str
    done: float = 0.0
    total: float = 0.0  # 0 when it is not known
    unit: str = ""  # "bytes", "items", "layers", "phrases" or "steps"
    detail: str = ""  # text that changes while the label stays the same
    doing: "Doing | None" = None  # what the page says of it in its language; None: nothing
    about: str = ""  # the name that the page says with it


ReportStep = Callable[[Step], None]


def load_encoders(settings: "Settings", report: ReportStep, *, hears: bool = True) -> "Encoders":
    """Load the text and picture encoders; speech, unless `hears` is False, when it is needed."""
    from retrieval.embed import Encoders
    from retrieval.encoders.picture_folder import EMBEDDED
    from retrieval.encoders.text import SentenceTextEncoder
    from retrieval.encoders.two_towers import open_picture_encoder

    words = model_place(settings.text_encoder, settings, report)
    report(Step("Loading the text and picture encoders", doing="loading_encoders"))
    frozen = model_place(FROZEN_WORDS, settings, report)
    chosen = settings.picture_encoder
    pictures = open_picture_encoder(
        EMBEDDED if chosen == EMBEDDED_NAME else chosen, words=Path(frozen)
    )
    return Encoders(
        text=SentenceTextEncoder(words, name=settings.text_encoder),
        picture=pictures,
        transcriber=load_transcriber_later(settings, report) if hears else None,
    )


def load_message_reader(settings: "Settings", report: ReportStep) -> "MessageReader":
    """Return what tells how the things in a message are meant."""
    from assistant.stance.stance_model import open_stance_model

    return open_stance_model(Path(model_place(FROZEN_WORDS, settings, report)))


def load_language_model(
    settings: "Settings", report: ReportStep, *, now: bool = False
) -> "LanguageModel | None":
    """Return the language model, or None when the settings say 'none'.

    Quantised weights that are here are opened when a turn first needs them, unless `now` is True.

    Raises: ModelError or StorageError when there is no such model, or it cannot be prepared.
    """
    if settings.language_model == NO_MODEL:
        return None
    if settings.language_model.startswith(_SERVERS):
        return _served_model(settings, report)
    from assistant.model.deferred_model import DeferredModel
    from assistant.model.origin import is_made, kept_folder, origin_of, quantised_name

    name, home = settings.language_model, settings.home

    def opening() -> "LanguageModel":
        from assistant.model.quantised_model import load_quantised_model

        report(Step("Loading the language model", doing="loading_language_model"))
        return load_quantised_model(name, home=home, report=as_steps(report))

    origin = origin_of(name, home)
    if now or not is_made(kept_folder(origin, home), origin):
        return opening()
    from retrieval.encoders.batching import best_device, multiplies_bfloat16

    quick = multiplies_bfloat16(best_device())
    return DeferredModel(quantised_name(name), opening, quick=quick)


def _served_model(settings: "Settings", report: ReportStep) -> "LanguageModel":
    """Return the model of a server, and what stands in for it while that fails."""
    from assistant.model.served.model_server import ModelServer
    from assistant.model.served.served_model import ServedModel
    from assistant.model.served.stand_in import StandInModel

    key = settings.language_model_key.get_secret_value()
    served = ServedModel(ModelServer(settings.language_model, key))
    second = {"language_model": settings.stand_in_model, "stand_in_model": NO_MODEL}
    other = load_language_model(settings.model_copy(update=second), report)
    return served if other is None else StandInModel(served, other)


def reorders(settings: "Settings", model: "LanguageModel | None", report: ReportStep) -> bool:
    """Tell whether the language model reranks results; report it when the model is too slow."""
    if settings.rerank != "auto":
        return settings.rerank
    if model is not None and not model.quick:
        slow = "This processor reads slowly: what is found keeps its order"
        report(Step(f"{slow} (MAGPIE_RERANK=true reorders it)", doing="keeps_order"))
        return False
    return True


def load_transcriber_later(settings: "Settings", report: ReportStep) -> "Transcriber":
    """Return the speech model; it is fetched and opened when the first recording needs it."""
    from retrieval.encoders.deferred import DeferredTranscriber
    from retrieval.encoders.speech import load_transcriber
    from retrieval.encoders.speech_engines import engine_name

    engine, kept = settings.speech_engine, settings.home / "converted"

    def opening() -> "Transcriber":
        folder = model_place(settings.speech_model, settings, report)
        report(Step("Loading the speech model", doing="loading_speech_model"))
        return load_transcriber(engine, Path(folder), kept=kept)

    return DeferredTranscriber(engine_name(engine, settings.speech_model), opening)


def model_place(name: str, settings: "Settings", report: ReportStep) -> Path | str:
    """Return a registered model's folder, fetched if needed, or else the name as given."""
    if name not in registry():
        folder = Path(name).expanduser()
        return folder if folder.is_dir() else name
    from retrieval.models.fetch import fetch

    return fetch(settings.home, name, report=as_steps(report))


def as_steps(report: ReportStep) -> "Callable[[FetchProgress], None]":
    """Convert the progress of a fetch to steps."""

    def told(progress: "FetchProgress") -> None:
        label = f"{progress.step.capitalize()} {progress.model}"
        unit = "layers" if progress.step == "quantising" else "bytes"
        done, total = progress.done, progress.total
        report(Step(label, done, total, unit, doing=progress.step, about=progress.model))

    return told
