"""Let many people use the page at once, over HTTP on this machine, and count what is lost.

    python -m benchmarks.load [--users 10] [--minutes 10] [--idle 1000] [--address URL]

Without an address, a page of its own is served, without a language model and with a database of
its own. One user in five reads slowly, one drops its connection in mid-answer; idle tabs stay open
beside them. Every message is its sender's own: at the end each conversation must have what was
sent, in order, with an answer to each, and nothing else. The server's memory is read every ten
seconds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from benchmarks.page_client import PageTab

_PAUSE = 1.0  # seconds between an answer and the next message
_SLOW = 0.05  # seconds between two lines that a slow reader takes
_TURNS = 8  # of a conversation
_START = 600  # seconds for the page to be there
_END = 10  # seconds
_PORT = 7979


class _Visitor(threading.Thread):
    """Sends messages that are its own, one after the other, and times what comes."""

    def __init__(self, address: str, number: int, until: float) -> None:
        super().__init__(name=f"user {number}")
        self.times: dict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []
        self.sent: dict[str, list[str]] = {}  # by conversation
        self.tab, self._number, self._until, self._turn = PageTab(address), number, until, 0

    @property
    def kind(self) -> str:
        """How it reads: in full, slowly, or not to the end."""
        return {3: "slow", 4: "dropping"}.get(self._number % 5, "usual")

    def run(self) -> None:
        while time.monotonic() < self._until:
            self.tab.call("start_over")
            sent, session = list[str](), ""
            for _ in range(_TURNS):
                if time.monotonic() >= self._until:
                    break
                self._turn += 1
                words = f"a scarf under {20 + self._number}.{self._turn:04} dollars"
                sent.append(words)
                try:
                    session = self._exchange(words) or session
                except (OSError, ValueError, KeyError) as error:
                    self.faults.append(f"{self.name}: {words!r}: {error!r}")
                time.sleep(_PAUSE)
            self.sent[session] = sent

    def _exchange(self, words: str) -> str:
        began, lines = time.monotonic(), 0
        session = self.tab.send(words)
        self.times["shown"].append(time.monotonic() - began)

        def look(line: str) -> bool:
            nonlocal lines
            lines += 1
            if self.kind == "slow":
                time.sleep(_SLOW)
            return self.kind != "dropping" or lines < 3

        for line in self.tab.watch(look):
            if "card" in line and len(self.times["first card"]) < len(self.times["shown"]):
                self.times["first card"].append(time.monotonic() - began)
        self.times["whole turn"].append(time.monotonic() - began)
        self.tab.call("settle", None)
        return session

    def check(self) -> int:
        """Compare every conversation with what was sent; return how many messages are right."""
        right = 0
        for session, sent in self.sent.items():
            there = self.tab.conversation(session)
            asked = [one for one in there if '"role": "user"' in one]
            answers = [one for one in there if '"role": "assistant"' in one]
            whole = [words for words, one in zip(sent, asked, strict=False) if words in one]
            right += len(whole)
            if whole != sent or len(asked) != len(sent) or len(answers) != len(sent):
                self.faults.append(f"{self.name}: {session}: sent {sent}, there is {asked}")
            bad = [one for one in answers if "did not work" in one or "went wrong" in one]
            self.faults += [f"{self.name}: {one[:300]}" for one in bad]
        return right


class _Gauge(threading.Thread):
    """Reads how much memory a process holds, every ten seconds."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.megabytes, self._process = list[float](), process

    def run(self) -> None:
        while True:
            try:
                told = Path(f"/proc/{self._process}/status").read_text("utf-8")
            except OSError:
                return
            kilobytes = next(
                (x.split()[1] for x in told.splitlines() if x.startswith("VmRSS")), "0"
            )
            self.megabytes.append(int(kilobytes) / 1024)
            time.sleep(10)


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """Serve a page of its own; yield its address and its process."""
    with tempfile.TemporaryDirectory() as folder:
        here = {"MAGPIE_DATABASE_URL": f"sqlite:///{folder}/memory.sqlite"}
        command = [sys.executable, "-m", "assistant.commands.main", "ui", "--model", "none"]
        page = subprocess.Popen([*command, "--port", str(_PORT)], env=os.environ | here)
        try:
            yield f"http://127.0.0.1:{_PORT}", page.pid
        finally:
            page.terminate()
            page.wait()


def _wait(address: str) -> None:
    """Wait until the page is there and answers a message."""
    end = time.monotonic() + _START
    while time.monotonic() < end:
        try:
            tab = PageTab(address)
            tab.send("a scarf")
            if any("card" in line for line in tab.watch(lambda line: True)):
                return
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(2)
    raise SystemExit(f"{address} does not answer")


def _idle_tabs(address: str, number: int) -> tuple[list[HTTPConnection], int]:
    """Open tabs that do nothing; return their connections, and how many were refused."""
    held, refused = [], 0
    for _ in range(number):
        try:
            held.append(PageTab(address).stay())
        except OSError:
            refused += 1
    return held, refused


def main() -> None:
    """Let the users talk, and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--users", type=int, default=10)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--idle", type=int, default=1000, help="tabs that are only open")
    options.add_argument("--address", help="of a page that is served already")
    options.add_argument("--process", type=int, help="of that page, to read its memory")
    chosen = options.parse_args()
    if chosen.address:
        _measure(chosen, chosen.address, chosen.process)
        return
    with _served() as (address, process):
        _measure(chosen, address, process)


def _measure(chosen: argparse.Namespace, address: str, process: int | None) -> None:
    _wait(address)
    gauge = _Gauge(process) if process else None
    if gauge:
        gauge.start()
    held, refused = _idle_tabs(address, chosen.idle)
    print(f"{len(held)} idle tabs are open, {refused} were refused")
    until = time.monotonic() + 60 * chosen.minutes
    users = [_Visitor(address, n, until) for n in range(chosen.users)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    time.sleep(_END)  # for the answers that nobody has waited for
    right = sum(user.check() for user in users)
    for one in held:
        one.close()
    _print_result(users, right, gauge.megabytes if gauge else [])


def _print_result(users: list[_Visitor], right: int, megabytes: list[float]) -> None:
    sent = sum(len(words) for user in users for words in user.sent.values())
    faults = sum((user.faults for user in users), [])
    print(f"{len(users)} users, {sent} messages sent, {right} of them kept in order and answered")
    print(f"faults: {len(faults)}", *faults[:10], sep="\n  ")
    print(f"{'until':<12}{'count':>7}{'p50 s':>8}{'p95 s':>8}{'worst':>8}")
    for name in ("shown", "first card", "whole turn"):
        seen = [second for user in users for second in user.times[name]]
        middle, high = np.percentile(seen, [50, 95])
        print(f"{name:<12}{len(seen):>7}{middle:>8.2f}{high:>8.2f}{max(seen):>8.2f}")
    middles = [np.median(user.times["first card"]) for user in users if user.times["first card"]]
    print(
        f"first card, median of the best and of the worst served: "
        f"{min(middles):.2f}, {max(middles):.2f} s"
    )
    if megabytes:
        tenth = max(1, len(megabytes) // 10)
        parts = [
            np.mean(megabytes[n * tenth : (n + 1) * tenth])
            for n in range(10)
            if n * tenth < len(megabytes)
        ]
        print("memory, MB, in tenths of the time:", " ".join(f"{one:.0f}" for one in parts))


if __name__ == "__main__":
    main()
