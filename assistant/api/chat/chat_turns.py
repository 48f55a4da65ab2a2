"""Messages → the turns of a user: what each says, shows and plays.

Knows which messages count: the user's. What a system message demands is not followed: whoever
writes one cannot change what is true of a record. What the assistant said its memory knows.
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.api.chat.chat_records import (
    ChatImagePart,
    ChatMessageSent,
    ChatSoundPart,
    ChatTextPart,
    ChatUserMessage,
)
from assistant.api.sent_media import MOST_PHOTOS, SentMedia
from assistant.turn.request import Request
from retrieval.errors import MessageError


def user_turns(messages: Sequence[ChatMessageSent], media: SentMedia, user: str) -> list[Request]:
    """Return the user's turns, oldest first; the last message is the last of them.

    Raises: MessageError when the last message is not the user's, or something sent cannot be used.
    """
    if not isinstance(messages[-1], ChatUserMessage):
        raise MessageError("messages: the last one must be of the role 'user'")
    return [_turn(one, media, user) for one in messages if isinstance(one, ChatUserMessage)]


def _turn(message: ChatUserMessage, media: SentMedia, user: str) -> Request:
    if isinstance(message.content, str):
        return Request(message.content, user=user)
    words = [one.text for one in message.content if isinstance(one, ChatTextPart)]
    images = [one.image_url for one in message.content if isinstance(one, ChatImagePart)]
    sounds = [one.input_audio for one in message.content if isinstance(one, ChatSoundPart)]
    if len(images) > MOST_PHOTOS or len(sounds) > 1:
        sent = f"{len(images)} pictures and {len(sounds)} recordings"
        raise MessageError(f"{sent} in one message: send at most {MOST_PHOTOS} and one")
    photos: list[Path] = [media.photo_of_address(one.url) for one in images]
    recording = next((media.recording(one.format, one.data) for one in sounds), None)
    return Request("\n".join(words), tuple(photos), recording, user=user)
