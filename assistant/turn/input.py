"""What was typed, shown and said → one message in the catalogue's language, photos and sounds.

Knows what makes a message unusable; reads no meaning.
"""

from collections.abc import Generator
from dataclasses import replace
from time import perf_counter

from assistant.events import Event, Heard, Request
from assistant.turn.listen import listen, watched
from assistant.turn.state import FAILED, Shop, Turn
from assistant.understanding.language import read_language
from assistant.understanding.translate import Translation, fill_gaps, translate
from retrieval.embed import read_photo
from retrieval.errors import LanguageModelError, MessageError, PictureError, RecordingError

_LONGEST_MESSAGE = 20_000  # characters


def see(request: Request, turn: Turn) -> Request:
    """Leave out photos that cannot be read; say so, or refuse if nothing else was sent.

    A video becomes a photo and a recording.

    Raises:
        PictureError, RecordingError: the only thing sent is a photo or video that cannot be read.
    """
    readable, request = [], watched(request)
    for photo in request.photos:
        try:
            read_photo(photo)
            readable.append(photo)
        except (PictureError, RecordingError) as error:
            if not (request.words.strip() or request.recording or len(request.photos) > 1):
                raise
            turn.notices.append(f"I could not use one photo: {error}.")
    return replace(request, photos=tuple(readable))


def hear(request: Request, shop: Shop, turn: Turn) -> Generator[Event, None, str]:
    """Turn the recording into words, or a sound of the turn, and return the whole message.

    Raises:
        MessageError: there is nothing to answer, or too much of it.
        RecordingError: the recording cannot be read, or there is no speech model.
    """
    message = request.words.strip()
    if len(message) > _LONGEST_MESSAGE:
        raise MessageError(
            f"the message has {len(message):,} characters; shorten it to {_LONGEST_MESSAGE:,}"
        )
    if request.recording is not None:
        since = perf_counter()
        listened = listen(request.recording, shop.index, shop.encoders)
        transcript, turn.sounds = listened.transcript, listened.sounds
        turn.mark("transcribe", since)
        turn.transcript, turn.heard = transcript.words, transcript.language
        turn.notices += [transcript.notice] if transcript.notice else []
        yield Heard(transcript)
        message = f"{message} {transcript.words}".strip()
    if not (message or request.photos or turn.sounds):
        heard = " ".join(turn.notices)
        raise MessageError(heard or "the message is empty: type, say or show what you look for")
    return message


def in_own_language(message: str, former: str, shop: Shop, turn: Turn) -> Translation:
    """Bring the message into the catalogue's language; the model only says single words."""
    since, known, own = perf_counter(), shop.vocabulary.known, shop.language
    turn.language = read_language(message, known, own=own, former=former, heard=turn.heard)
    found = translate(message, turn.language, known, own=own)
    if found.gaps and shop.model is not None:
        try:
            found = fill_gaps(found, shop.model, into=own)
            turn.model = shop.model.name
        except LanguageModelError:
            turn.notices.append(FAILED)
    turn.message = found.text
    turn.mark("translate", since)
    return found
