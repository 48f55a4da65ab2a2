"""A request → one message in the catalogue's language, with decoded photos and sounds.

Knows what makes a message unusable; does not interpret it. Each photo and recording is decoded
once.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.events import Event, Heard
from assistant.turn.request import Request
from assistant.turn.state import FAILED, Shop, StepResult, Stopwatch
from assistant.understanding.codes import codes_named
from assistant.understanding.languages.language import read_language
from assistant.understanding.tokens.text import blanked
from assistant.understanding.translate import Translation, fill_gaps, translate
from retrieval.codes.heard import misheard_codes, with_codes
from retrieval.embed import MediaEmbedder
from retrieval.errors import LanguageModelError, MessageError, PictureError, RecordingError
from retrieval.index.index import Index
from retrieval.protocols import Transcriber, Transcript

BY_SOUND = "I heard no words in the recording, so I compared it by its sound."
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

    @property
    def message(self) -> str:
        """Return the message in the catalogue's language."""
        return self.translation.text


def receive(
    request: Request, former: str, shop: Shop, clock: Stopwatch
) -> Generator[Event, None, Received]:
    """Decode the photos, transcribe the recording and translate the message.

    `former` is the language of the conversation so far, "" at its beginning.

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
    heard, sounds = Transcript("", "", 0.0), tuple[Path, ...]()
    if request.recording is not None:
        with clock.stage("transcribe"):
            heard = listen(request.recording, shop.index, shop.encoders.transcriber, media)
        sounds = (request.recording,) if heard.notice == BY_SOUND else ()
        notices = (*notices, heard.notice) if heard.notice else notices
        yield Heard(heard)
    message = f"{request.words} {heard.words}".strip()
    if not (message or photos or sounds):
        nothing = "the message is empty: type, say or show what you look for"
        raise MessageError(" ".join(notices) or nothing)
    with clock.stage("translate"):
        language, translation, said = _translated(message, heard.language, former, shop)
    return Received(
        language=language,
        translation=translation,
        photos=photos,
        sounds=sounds,
        transcript=heard.words,
        balance=request.balance,
        media=media,
        model=said.model,
        notices=(*notices, *said.notices),
        failed=said.failed,
    )


def see(request: Request, media: MediaEmbedder) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the photos that can be read, and a notice for each of the others.

    Raises:
        PictureError, RecordingError: the only thing sent is a photo or video that cannot be read.
    """
    readable: list[Path] = []
    faults: list[str] = []
    for photo in request.photos:
        try:
            media.photo(photo)
            readable.append(photo)
        except (PictureError, RecordingError) as error:
            if not (request.words or request.recording or len(request.photos) > 1):
                raise
            faults.append(f"I could not use one photo: {error}.")
    return tuple(readable), tuple(faults)


def listen(
    recording: Path, index: Index, transcriber: Transcriber | None, media: MediaEmbedder
) -> Transcript:
    """Return a recording's transcript, with notice BY_SOUND if its sound is compared instead.

    A code that was misheard by a letter is mended, and the notice says so. Silence and plain noise
    count as neither words nor a sound; the notice says that too.

    Raises: RecordingError when it cannot be read, or there is no speech model.
    """
    if transcriber is None:
        raise RecordingError("no speech model is loaded: type the message instead")
    transcript = _with_codes(transcriber.transcribe(media.recording(recording)), index)
    if transcript.words or not index.has_sounds or media.sound(recording) is None:
        return transcript
    return replace(transcript, notice=BY_SOUND)


def _with_codes(transcript: Transcript, index: Index) -> Transcript:
    """Return a transcript with the codes that were misheard by a letter, and a notice of them."""
    misheard = misheard_codes(transcript.words, index.catalogue.codes)
    told = [f"I heard “{one.said}” and took it for the code {one.code}." for one in misheard]
    notice = " ".join(filter(None, (transcript.notice, *told)))
    return replace(transcript, words=with_codes(transcript.words, misheard), notice=notice)


def _translated(
    message: str, heard: str, former: str, shop: Shop
) -> tuple[str, Translation, StepResult]:
    """Return a message's language and translation; the model translates only single words."""
    known, own = shop.vocabulary.known, shop.language
    codes = [one.span for one in codes_named(message, shop.vocabulary, 0)]
    told = blanked(message, codes)
    language = read_language(told, known, own=own, former=former, heard=heard)
    found = translate(message, language, known, own=own, kept=codes)
    if not found.gaps or shop.model is None:
        return language, found, StepResult()
    try:
        filled = fill_gaps(found, shop.model, into=own)
    except LanguageModelError:
        return language, found, StepResult(notices=(FAILED,), failed=True)
    return language, filled, StepResult(model=shop.model.name)
