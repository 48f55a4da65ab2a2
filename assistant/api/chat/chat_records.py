"""The values of chat completions: what is asked and what is answered.

Values alone. What the protocol knows and Magpie has no use for (temperature, tools) is taken and
not used. What was found stands in a field of its own, `magpie`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.answer_items import TurnAnswer

MODEL = "magpie"
MOST_MESSAGES = 200


class ChatImage(BaseModel):
    """A photo in a message."""

    url: str = Field(description="data:image/jpeg;base64,…; no other address is fetched.")


class ChatSound(BaseModel):
    """A recording in a message."""

    data: str = Field(description="base64")
    format: str = Field(max_length=20, examples=["wav", "mp3"])


class ChatTextPart(BaseModel):
    """Text in a message."""

    type: Literal["text"]
    text: str


class ChatImagePart(BaseModel):
    """A photo in a message."""

    type: Literal["image_url"]
    image_url: ChatImage


class ChatSoundPart(BaseModel):
    """A recording in a message."""

    type: Literal["input_audio"]
    input_audio: ChatSound


ChatPart = Annotated[ChatTextPart | ChatImagePart | ChatSoundPart, Field(discriminator="type")]


class ChatUserMessage(BaseModel):
    """What the user says, shows and plays."""

    role: Literal["user"]
    content: str | Annotated[list[ChatPart], Field(max_length=20)]


class ChatOtherMessage(BaseModel):
    """A message of somebody else: what Magpie said is known by what the user said before it."""

    model_config = ConfigDict(extra="allow")
    role: Literal["system", "developer", "assistant", "tool", "function"]


ChatMessageSent = Annotated[ChatUserMessage | ChatOtherMessage, Field(discriminator="role")]


class ChatRequest(BaseModel):
    """A conversation, whose last message is to be answered."""

    model_config = ConfigDict(extra="allow")
    messages: list[ChatMessageSent] = Field(
        min_length=1,
        max_length=MOST_MESSAGES,
        examples=[[{"role": "user", "content": "a warm scarf under $40"}]],
    )
    model: str = Field(default=MODEL, max_length=200)
    stream: bool = False
    n: int | None = Field(default=1, ge=1, le=1, description="One answer is given.")
    user: str | None = Field(
        default=None,
        max_length=200,
        description="Whose likes are kept; without it nobody's are.",
    )


class ChatReply(BaseModel):
    """What Magpie says: the items as Markdown, then the words."""

    role: Literal["assistant"] = "assistant"
    content: str


class ChatChoice(BaseModel):
    """The one answer."""

    index: int = 0
    message: ChatReply
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(BaseModel):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int  # seconds since 1970
    model: str = MODEL
    choices: list[ChatChoice]
    magpie: TurnAnswer


class ChatDelta(BaseModel):
    """A piece of an answer."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChatChunkChoice(BaseModel):
    """A piece of the one answer."""

    index: int = 0
    delta: ChatDelta
    finish_reason: Literal["stop"] | None = None


class ChatChunk(BaseModel):
    """A piece of an answer while it is made; with the last one comes all that was found."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChatChunkChoice]
    magpie: TurnAnswer | None = None
