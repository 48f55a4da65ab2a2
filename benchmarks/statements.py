"""Collect the model's sentences with their records, to check by hand whether they are supported.

    python -m benchmarks.statements development|test --out FOLDER [--sentences 100] [--model NAME]

Sends the requests of one part of `statements.toml`, shuffled with a fixed seed, each in a new
conversation over the demo, until `--sentences` different sentences of the model were shown. Writes
`sentences-PART.md` to `--out`: each sentence with its record, and the sentences that were not
shown, with their unsupported words. The file is rewritten after each request. Nothing is judged
here. `MAGPIE_RERANK=false` saves the time of reranking, which changes no sentence about an item.
"""

import argparse
import random
import secrets
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import track

from assistant.agent import Agent
from assistant.answering.claims import Claim
from assistant.answering.explain import full_record
from assistant.build import build_agent
from assistant.evaluation.statements import by_code
from assistant.events import Done
from assistant.settings import load_settings
from assistant.turn.request import Request
from retrieval.files import write_whole

REQUESTS = Path(__file__).with_suffix(".toml")
_SEED = 20_261_126


@dataclass
class Written:
    """The model's sentences so far, each with its request."""

    asked: int = 0
    shown: dict[str, tuple[str, Claim]] = field(default_factory=dict)  # by sentence
    cut: list[tuple[str, Claim]] = field(default_factory=list)

    def add(self, request: str, claims: Sequence[Claim]) -> None:
        """Add the sentences of an answer that the model wrote."""
        self.asked += 1
        for claim in claims:
            if claim.stands and claim.items and not by_code(claim):
                self.shown.setdefault(claim.sentence, (request, claim))
            elif not claim.stands:
                self.cut.append((request, claim))


def whole_answer(agent: Agent, request: str) -> Sequence[Claim]:
    """Return every sentence of the answer, shown or not."""
    *_, done = agent.reply(Request(request), f"statements {secrets.token_hex(8)}")
    return done.claims if isinstance(done, Done) else ()


def page(agent: Agent, part: str, written: Written) -> str:
    """Return the sentences with their records as Markdown."""
    counted = f"{len(written.shown)} sentences shown, {len(written.cut)} not"
    lines = [
        f"# {part}: {written.asked} requests, {counted}, {agent.model and agent.model.name}",
        "",
    ]
    for number, (request, claim) in enumerate(written.shown.values(), start=1):
        items = [agent.catalogue.items[name] for name in claim.items]
        lines += [f"{number}. [ ] ({request}) {claim.sentence}"]
        lines += [f"   > {item.title}. {full_record(item)}" for item in items]
    lines += ["", "## Not shown", ""]
    lines += [
        f"- ({request}) {claim.sentence} — {', '.join(claim.unsupported)}"
        for request, claim in written.cut
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Send the requests and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("development", "test"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sentences", type=int, default=100)
    parser.add_argument("--model", help="another language model than the default")
    given = parser.parse_args(arguments)
    requests = tomllib.loads(REQUESTS.read_text("utf-8"))[given.part]
    random.Random(_SEED).shuffle(requests)
    agent = build_agent(
        load_settings(language_model=given.model, catalogue="demo"), lambda step: None
    )
    given.out.mkdir(parents=True, exist_ok=True)
    place, written = given.out / f"sentences-{given.part}.md", Written()
    for request in track(requests, "asking"):
        written.add(request, whole_answer(agent, request))
        write_whole(place, page(agent, given.part, written).encode())
        if len(written.shown) >= given.sentences:
            break
    sys.stdout.write(f"{place}\n")


if __name__ == "__main__":
    main()
