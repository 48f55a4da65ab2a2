"""How well spoken shopping messages are understood, and how fast, with the real Whisper.

    python -m benchmarks.shopping_speech [--half dev] [--sample 150] [--plain] [--failures]

Says messages of tests/data/spoken (speech_messages.py says how they came to be) with espeak-ng and
flite, hands each recording to the agent as a voice message, and judges what is then asked for: the
items that the conditions admit against the rows that satisfy them in the raw file, and for a code
the first item. Prints as one JSON object the acts understood by language, sort and sound, the word
error rate (of characters in Chinese; codes are left out) and the real-time factor. `--plain` keeps
what the shop sells from the transcriber; `--page-language` tells it the language of the page,
which is the shopper's; `--typed` hands over the words as they were said, which is
what can be reached; `--engine` and `--model` choose Whisper.
"""

import argparse
import inspect
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.agent import Agent
from assistant.events import Done
from assistant.models import load_encoders, load_transcriber_later
from assistant.settings import load_settings
from assistant.turn.request import Request
from benchmarks.shopper_judge import OpenedShop
from benchmarks.speech_messages import ROOT, SpokenMessage, read_messages, wanted_ids
from benchmarks.speech_sounds import say_message
from retrieval.errors import MessageError
from retrieval.evaluation.intervals import figure
from retrieval.evaluation.speech.speaking import word_errors, words_of
from retrieval.filter import satisfying
from retrieval.protocols import HasSound, Transcriber, Transcript


class TimedTranscriber:
    """A transcriber that notes how long it takes; `plain` keeps from it what the shop sells."""

    def __init__(self, transcriber: Transcriber, *, plain: bool) -> None:
        """Keep the transcriber."""
        self.name, self._transcriber, self._plain = transcriber.name, transcriber, plain
        self.work, self.sound = 0.0, 0.0
        self._informed = "expected" in inspect.signature(transcriber.transcribe).parameters

    def transcribe(self, recording: HasSound, *expected: object) -> Transcript:
        """Return what is said."""
        since = time.perf_counter()
        told = expected if self._informed and not self._plain else ()
        found = self._transcriber.transcribe(recording, *told)  # type: ignore[arg-type]
        self.work += time.perf_counter() - since
        self.sound += found.seconds
        return found


@dataclass
class SpeechTally:
    """What was understood, by what it was."""

    right: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0
    words: int = 0
    failures: list[str] = field(default_factory=list)


def judge_spoken(
    agent: Agent, message: SpokenMessage, request: Request, tally: SpeechTally
) -> None:
    """Send one message and note what came of it."""
    try:
        *_, done = agent.reply(request, f"{message.number}")
        transcript, right = done.transcript, is_understood(agent, message, done)
    except MessageError:  # nothing was heard
        done, transcript, right = None, "", False
    engine = "flite" if ":" in message.voice else "espeak-ng"
    for name in ("all", message.language, message.sort, message.sound, engine):
        tally.right[name].append(right)
    if not message.code and not request.words:
        said, heard = (_units(text, message.language) for text in (message.said, transcript))
        tally.errors += word_errors(said, heard)
        tally.words += len(said)
    if not right:
        told = [(c.field, c.op, c.value, c.unit) for c in done.constraints] if done else []
        first = done.candidates[0].item.id if done and done.candidates else ""
        tally.failures.append(
            f"{message.number} {message.language} {message.sort} {message.sound}: "
            f"{message.said!r} → {transcript!r} {told} {first}"
        )


def is_understood(agent: Agent, message: SpokenMessage, done: Done) -> bool:
    """Tell whether what a turn asks for is what a message was to say."""
    if message.code:
        return bool(done.candidates) and done.candidates[0].item.id == message.code
    if not message.conditions:
        return not done.constraints
    admitted, wanted = frozenset(satisfying(agent.catalogue, done.constraints)), wanted_ids(message)
    left_open = _silent(agent, message)  # a record that does not say may be left out
    return bool(done.constraints) and wanted - left_open <= admitted <= wanted


def _silent(agent: Agent, message: SpokenMessage) -> frozenset[str]:
    """Return the ids of the items of which nothing is said in a column that is denied."""
    if not any(operator == "is not" for _, operator, _ in message.conditions):
        return frozenset()
    return frozenset(id_ for id_, item in agent.catalogue.items.items() if not item.brand)


def _units(text: str, language: str) -> list[str]:
    """Return what a text is counted in: words, in Chinese characters."""
    words = words_of(text)
    return list("".join(words)) if language == "zh" else words


def sampled(half: str, count: int) -> list[SpokenMessage]:
    """Return messages of a half, drawn by a fixed seed; all of them when there are no more."""
    messages = [one for one in read_messages() if half in (one.half, "all")]
    return messages if count >= len(messages) else random.Random(7).sample(messages, count)


def _agents(
    messages: Sequence[SpokenMessage], transcriber: Transcriber, folder: Path
) -> Iterator[tuple[str, Agent]]:
    settings = load_settings(language_model="none")
    encoders = load_encoders(settings, lambda step: None, hears=False)
    for number, path in enumerate(sorted({one.catalogue for one in messages})):
        shop = OpenedShop(ROOT / path, encoders, folder / str(number))
        yield path, replace(shop.agent, encoders=replace(encoders, transcriber=transcriber))


def main() -> int:
    """Measure one half, or a sample of it."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--half", default="dev", choices=("dev", "sealed", "all"))
    parser.add_argument("--sample", type=int, default=10_000)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--typed", action="store_true")
    parser.add_argument("--page-language", action="store_true")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="whisper-base")
    asked = parser.parse_args()
    settings = load_settings(speech_engine=asked.engine, speech_model=asked.model)
    timed = TimedTranscriber(load_transcriber_later(settings, lambda step: None), plain=asked.plain)
    messages, tally = sampled(asked.half, asked.sample), SpeechTally()
    with tempfile.TemporaryDirectory() as folder:
        agents = dict(_agents(messages, timed, Path(folder)))
        place = Path(folder) / "said.wav"
        for message in messages:
            request = Request(message.said)
            if not asked.typed:
                say_message(message, place)
                told = {"language": message.language} if asked.page_language else {}
                request = Request(recording=place, **told)
            judge_spoken(agents[message.catalogue], message, request, tally)
    for failure in tally.failures if asked.failures else ():
        print(failure)
    shares = {name: f"{sum(marks)} of {len(marks)}" for name, marks in sorted(tally.right.items())}
    whole = figure([float(mark) for mark in tally.right["all"]])
    told = {
        "half": asked.half, "plain": asked.plain,
        "page_language": asked.page_language, "typed": asked.typed, "transcriber": timed.name,
        "acts_understood": shares, "interval": [round(whole.low, 3), round(whole.high, 3)],
        "word_error_rate": round(tally.errors / max(tally.words, 1), 3),
        "real_time_factor": round(timed.work / max(timed.sound, 0.001), 2),
        "work_s": round(timed.work, 1),
    }  # fmt: skip
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
