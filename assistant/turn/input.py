"""A request → one message in the catalogue's language, with decoded photos and sounds.

Knows what makes a message unusable; does not interpret it. Each photo and recording is decoded
once.
"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.answering.render import render
from assistant.answering.utterances import Utterance, utter
from assistant.events import Event, Heard
from assistant.hearing.choose import choose_words
from assistant.hearing.expected import expected_speech
from assistant.turn.request import Request
from assistant.turn.state import FAILED, Shop, StepResult, Stopwatch
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.codes import codes_named
from assistant.understanding.conversation import Conversation
from assistant.understanding.languages.language import read_language
from assistant.understanding.languages.lexicon import PIVOT
from assistant.understanding.tokens.text import blanked
from assistant.understanding.translate import Translation, fill_gaps, translate
from retrieval.domains.consent import without_protected
from retrieval.domains.periods import without_period
from retrieval.domains.wording import in_common_words
from retrieval.embed import MediaEmbedder
from retrieval.errors import LanguageModelError, MessageError, PictureError, RecordingError
from retrieval.index.index import Index
from retrieval.items import Constraint
from retrieval.protocols import Transcript

BY_SOUND = utter("notice.by_sound")
_LONGEST_MESSAGE = 20_000  # characters


@dataclass(frozen=True, kw_only=True)
class Received(StepResult):
    """A request, decoded and translated for the later steps of the turn."""

    language: str  # ISO 639-1, of the message and therefore of the answer
    translation: Translation  # of typed and transcribed text, into the catalogue's language
    photos: tuple[Path, ...]  # those that can be read
    sounds: tuple[Path, ...]  # the recording, if it contains no speech
    transcript: str  # what the recording says
    balance: float | None  # between photos (0) and words (1); None is unchanged
    media: MediaEmbedder  # the photos and recordings, decoded
    period: Constraint | None = None  # the days that the message speaks of
    given_up: tuple[Constraint, ...] = ()  # taken back by hand; nothing is read then
    set_instead: tuple[Constraint, ...] = ()  # by hand

    @property
    def message(self) -> str:
        """Return the message in the catalogue's language."""
        return self.translation.text


def receive(
    request: Request, before: Conversation, shop: Shop, clock: Stopwatch
) -> Generator[Event, None, Received]:
    """Decode the photos, transcribe the recording and translate the message as the lists can.

    `before` is the conversation so far: what is on screen is likelier to be spoken of.

    Raises:
        MessageError: the message is empty or too long.
        PictureError: the only thing sent is a photo that cannot be read.
        RecordingError: the recording cannot be read, or there is no speech model.
    """
    if len(request.words) > _LONGEST_MESSAGE:
        length = f"the message has {len(request.words):,} characters"
        raise MessageError(f"{length}; shorten it to {_LONGEST_MESSAGE:,}")
    media = MediaEmbedder(shop.encoders)
    photos, notices = see(request, media)
    listened = Listened()
    if request.recording is not None:
        with clock.stage("transcribe"):
            around = Surroundings(
                shop.vocabulary, shop.language, before, before.language or request.language
            )
            listened = listen(request.recording, shop.index, media, around)
        notices = (*notices, *listened.notices)
        yield Heard(listened.transcript)
    heard, sounds = listened.transcript, listened.sounds
    message = f"{request.words} {heard.words}".strip()
    asked, protected = without_protected(message, shop.catalogue.domain)
    notices = (*notices, *(utter("notice.protected", said=said) for said in protected))
    if not (message or photos or sounds):
        nothing = "the message is empty: type, say or show what you look for"
        raise MessageError(render(notices, PIVOT) or nothing)
    with clock.stage("translate"):
        if request.given_up:
            language = before.language or shop.language
            translation, period = translate("", PIVOT, shop.words, own=PIVOT), None
        else:
            language, translation, period = _in_shop_words(
                asked or message, heard.language, before.language, shop
            )
    return Received(
        language=language,
        translation=translation,
        period=period,
        given_up=request.given_up,
        set_instead=request.set_instead,
        photos=photos,
        sounds=sounds,
        transcript=heard.words,
        balance=request.balance,
        media=media,
        notices=tuple(notices),
    )


def with_gaps_filled(received: Received, shop: Shop) -> Received:
    """Return a message with the single words that no list has translated by the language model.

    Nothing that finds items waits for this.
    """
    found = received.translation
    if not found.gaps or shop.model is None:
        return received
    try:
        filled = fill_gaps(found, shop.model, into=shop.language)
    except LanguageModelError:
        return replace(received, notices=(*received.notices, FAILED), failed=True)
    return replace(received, translation=filled, model=shop.model.name)


def see(request: Request, media: MediaEmbedder) -> tuple[tuple[Path, ...], tuple[Utterance, ...]]:
    """Return the photos that can be read, and a notice for each of the others.

    Raises:
        PictureError, RecordingError: the only thing sent is a photo or video that cannot be read.
    """
    readable: list[Path] = []
    faults: list[Utterance] = []
    for photo in request.photos:
        try:
            media.photo(photo)
            readable.append(photo)
        except (PictureError, RecordingError) as error:
            if not (request.words or request.recording or len(request.photos) > 1):
                raise
            faults.append(utter("notice.photo_unusable", error=str(error)))
    return tuple(readable), tuple(faults)


@dataclass(frozen=True, slots=True)
class Listened:
    """What a recording says, or that its sound is compared instead."""

    transcript: Transcript = Transcript("", "", 0.0)
    sounds: tuple[Path, ...] = ()  # the recording, if it contains no speech but a sound
    notices: tuple[Utterance, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known before a recording is heard."""

    vocabulary: Vocabulary
    own: str  # the catalogue's language
    before: Conversation = field(default_factory=Conversation)
    likely: str = ""  # the language that is probably spoken, "" where nothing tells


def listen(recording: Path, index: Index, media: MediaEmbedder, around: Surroundings) -> Listened:
    """Return a recording's transcript, or the recording itself if its sound is to be compared.

    Of what may have been said the catalogue's own words are likelier. A code or a name that was
    misheard is mended, and a notice says so. Silence and plain noise count as neither words nor a
    sound; a notice says that too.

    Raises: RecordingError when it cannot be read, or there is no speech model.
    """
    transcriber = media.encoders.transcriber
    if transcriber is None:
        raise RecordingError("no speech model is loaded: type the message instead")
    expected = expected_speech(around.vocabulary, around.likely, around.before.shown)
    said = transcriber.transcribe(media.recording(recording), expected)
    chosen = choose_words(said, around.before, around.vocabulary, around.own)
    transcript = chosen.transcript
    mended = (
        *(utter("notice.misheard_code", heard=one.said, code=one.code) for one in chosen.codes),
        *(utter("notice.misheard", heard=one.said, name=one.name) for one in chosen.names),
    )
    told = (utter("notice.verbatim", text=said.notice),) if said.notice else ()
    if transcript.words or not index.has_sounds or media.sound(recording) is None:
        return Listened(transcript, (), (*told, *mended))
    return Listened(replace(transcript, notice=""), (recording,), (BY_SOUND,))


def typed(message: str, former: str, shop: Shop) -> Received:
    """Return what a typed message alone comes to, without the language model."""
    language, translation, period = _in_shop_words(message, "", former, shop)
    return Received(
        language=language,
        translation=translation,
        period=period,
        photos=(),
        sounds=(),
        transcript="",
        balance=None,
        media=MediaEmbedder(shop.encoders),
    )


def _in_shop_words(
    message: str, heard: str, former: str, shop: Shop
) -> tuple[str, Translation, Constraint | None]:
    """Return a message's language, its translation as the lexicons have it, and its period."""
    known, own = shop.vocabulary.known, shop.language
    codes = [one.span for one in codes_named(message, shop.vocabulary, 0)]
    told = blanked(message, codes)
    language = read_language(told, known, own=own, former=former, heard=heard)
    common, period = without_period(message, shop.catalogue, language)
    common = in_common_words(common, shop.catalogue.domain, language)
    if common != message:
        message, codes = common, [one.span for one in codes_named(common, shop.vocabulary, 0)]
    return language, translate(message, language, shop.words, own=own, kept=codes), period
