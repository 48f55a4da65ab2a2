"""What the routes and tools of all doors share.

Holds the agent, the threads, the conversations and what was sent; knows no protocol.
"""

from dataclasses import dataclass

from assistant.api.answer_items import PublicAddress
from assistant.api.callers import end_user
from assistant.api.conversations import Conversations
from assistant.api.open_agent import OpenAgent
from assistant.api.running import TurnRunner
from assistant.api.sent_media import SentMedia


@dataclass(frozen=True, slots=True)
class ApiParts:
    """What the doors need to answer."""

    agent: OpenAgent
    address: PublicAddress
    media: SentMedia
    runner: TurnRunner
    conversations: Conversations

    def user(self, caller: str, named: str | None = None) -> str:
        """Return the memory's user for a caller's request; without a name nothing is remembered.

        Raises: MessageError when the name cannot be one.
        """
        user = end_user(caller, named or "")
        if not named:
            self.conversations.remember_nothing(user)
        return user

    def close(self) -> None:
        """Stop what runs, and delete what only this server needs."""
        self.runner.close()
        self.conversations.close()
        self.media.close()


def api_parts(agent: OpenAgent, address: PublicAddress) -> ApiParts:
    """Return the parts around an agent."""
    media = SentMedia()
    runner = TurnRunner(agent, media)
    return ApiParts(agent, address, media, runner, Conversations(agent, runner))
