"""A conversation in the terminal: items first, then the words as they come.

Knows the agent's events and the terminal; decides nothing.
"""

from dataclasses import replace
from pathlib import Path

from assistant.commands.terminal import OUT, complain, print_candidates, say
from assistant.events import Done, Found, Heard, Ordered, Words
from assistant.living_agent import LivingAgent
from assistant.turn.request import Request
from retrieval.domain import Domain
from retrieval.errors import MagpieError
from retrieval.items import Candidate

ShownOrder = tuple[Candidate, ...]

_HELP = "Commands: /photo FILE words…, /record FILE, /new, /quit. Anything else is a message."


def show_turn(agent: LivingAgent, request: Request, session: str) -> Done | None:
    """Run one turn and print it while it goes on."""
    shown, done = None, None
    for event in agent.reply(request, session):
        match event:
            case Heard(transcript) if transcript.words:
                say(f"“{transcript.words}”", "italic dim")
            case Found(candidates) | Ordered(candidates):
                shown = _print_if_new(candidates, shown, agent.catalogue.domain)
            case Words(text):
                OUT.out(text, end="", highlight=False)
            case Done():
                done = event
    say("")
    if done and done.notice:
        say(done.notice, "yellow")
    return done


def _print_if_new(candidates: ShownOrder, before: ShownOrder | None, domain: Domain) -> ShownOrder:
    """Print items, unless the same items were printed last in the same order."""
    ids = [candidate.item.id for candidate in candidates]
    if before is not None and ids == [candidate.item.id for candidate in before]:
        return before
    if before:
        same = set(ids) == {candidate.item.id for candidate in before}
        say("In a better order:" if same else "Read more closely:", "dim")
    print_candidates(candidates, domain)
    return candidates


def converse(agent: LivingAgent, session: str, user: str) -> None:
    """Read messages until the input ends; an invalid message does not end the conversation."""
    say(f"{len(agent.catalogue.items):,} items in “{agent.catalogue.name}”. {_HELP}", "dim")
    while True:
        try:
            line = OUT.input("> ").strip()
        except EOFError:
            return
        if line in ("/quit", "/exit"):
            return
        if line == "/new":
            session = f"{session}+"
            say("A new conversation.", "dim")
            continue
        if line in ("", "/help"):
            say(_HELP, "dim")
            continue
        try:
            show_turn(agent, replace(_request(line), user=user), session)
        except MagpieError as error:
            complain(str(error))


def _request(line: str) -> Request:
    """Read "/photo FILE words" and "/record FILE"; anything else is words."""
    command, _, rest = line.partition(" ")
    file, _, words = rest.strip().partition(" ")
    if command == "/photo" and file:
        return Request(words.strip(), (Path(file).expanduser(),))
    if command == "/record" and file:
        return Request(words.strip(), recording=Path(file).expanduser())
    return Request(line)
