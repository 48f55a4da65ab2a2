"""Measure what people wait for who use the page at once: first card, first sentence, end of a turn.

    python -m benchmarks.page [--users 10] [--advised 2] [--seconds 300] [--model NAME]

Each user sends the next message when the answer is complete, after a pause; the advised ones ask
what only the language model answers. The turns are those of the page, without a browser: what it
draws comes on top. Whatever a user gets that is lost or another's is counted and named.
"""

import argparse
import tempfile
import threading
import time
from collections import defaultdict

import numpy as np

from assistant.build import build_agent
from assistant.memory.store import Memory
from assistant.page.session import exchange_from_message
from assistant.page.turns import Turns
from assistant.settings import load_settings

_PAUSE = 3.0  # seconds between an answer and the next message, as if it was read
_LOOK = 0.01  # seconds between two looks at a reply
_SOUGHT = (
    "a warm scarf under 40 dollars", "a red backpack", "headphones under $100", "mugs",
    "a toy for a three-year-old", "a lamp to read in bed", "ein grüner Rucksack", "wool blankets",
)  # fmt: skip
_ADVICE = ("is wool warmer than cotton?", "is copper better than steel for a pan?")


class _User(threading.Thread):
    """Sends messages one after the other, and times what comes."""

    def __init__(self, turns: Turns, number: int, advised: bool, until: float) -> None:
        super().__init__(name=f"user {number}")
        self.times: dict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []
        self._turns, self._number, self._until = turns, number, until
        self._said = _ADVICE if advised else _SOUGHT

    def run(self) -> None:
        session, sent = "", list[str]()
        while time.monotonic() < self._until:
            words = self._said[(self._number + len(sent)) % len(self._said)]
            sent.append(words)
            session = self._turn(session, words)
            shown = [one.words for one in self._turns.open(session, self.name).exchanges]
            if shown != sent:
                self.faults.append(f"{self.name} sent {sent} and sees {shown}")
            time.sleep(_PAUSE)

    def _turn(self, session: str, words: str) -> str:
        began = time.monotonic()
        now = self._turns.send(session, self.name, exchange_from_message({"text": words}))
        met: set[str] = set()
        while True:
            now = self._turns.open(now.session, self.name)
            reply, since = now.exchanges[-1].reply, time.monotonic() - began
            seen = {
                "first card": bool(reply and reply.candidates),
                "first sentence": bool(reply and reply.answer),
                "whole turn": not now.busy,
            }
            for name in [one for one, there in seen.items() if there and one not in met]:
                met.add(name)
                self.times[name].append(since)
            if not now.busy:
                break
            time.sleep(_LOOK)
        if reply is None or reply.trouble:
            self.faults.append(f"{self.name}: {words!r} ended with {reply and reply.trouble!r}")
        return now.session


def main() -> None:
    """Let the users talk, and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--users", type=int, default=10)
    options.add_argument("--advised", type=int, default=2, help="of them, who asks the model")
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--model", help="another language model, or 'none'")
    chosen = options.parse_args()
    settings = load_settings(language_model=chosen.model, catalogue="demo")
    agent = build_agent(settings, lambda step: None)
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(f"sqlite:///{folder}/memory.sqlite")
        object.__setattr__(agent, "memory", memory)  # the user's own conversations stay out of it
        turns = Turns(agent)
        until = time.monotonic() + chosen.seconds
        users = [_User(turns, n, n < chosen.advised, until) for n in range(chosen.users)]
        for user in users:
            user.start()
        for user in users:
            user.join()
        turns.close()
        memory.close()
    _print_table(users)


def _print_table(users: list[_User]) -> None:
    print(f"{len(users)} users; faults: {sum((one.faults for one in users), [])}")
    print(f"{'until':<16}{'count':>7}{'p50 s':>8}{'p95 s':>8}{'worst':>8}")
    for name in ("first card", "first sentence", "whole turn"):
        seen = [second for one in users for second in one.times[name]]
        if seen:
            middle, high = np.percentile(seen, [50, 95])
            print(f"{name:<16}{len(seen):>7}{middle:>8.2f}{high:>8.2f}{max(seen):>8.2f}")


if __name__ == "__main__":
    main()
