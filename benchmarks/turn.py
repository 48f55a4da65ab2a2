"""Measure the time of a turn: thirty scripted turns over the demo catalogue, stage by stage.

    python -m benchmarks.turn [--model NAME] [--json FILE]

Prints the median and the 95th percentile of each stage, in milliseconds, and the resident memory.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

from assistant.agent import Agent
from assistant.build import build_agent
from assistant.evaluation.measures import STAGES
from assistant.events import Done
from assistant.settings import load_settings
from assistant.turn.request import Request
from demo import catalogue_path
from retrieval.encoders.deferred import DeferredTranscriber
from retrieval.evaluation.report import peak_memory

# Ten conversations of three turns: typed messages; "photo:" and "voice:" mark other inputs.
SCRIPT = (
    ("a warm scarf under 40 dollars", "the second one, but in grey", "why the first one?"),
    ("something to keep my coffee hot", "cheaper please", "is the first one dishwasher safe?"),
    ("photo:mug-01-1", "like the second but in red", "compare the first two"),
    ("a present for a child who likes music", "under $60", "show me something else"),
    ("leather boots", "not brown", "more like the first one"),
    ("voice:a blue backpack for school", "ignore the colour", "the cheapest"),
    ("a lamp to read in bed", "between 30 and 90 dollars", "tell me more about the second one"),
    ("something for a rainy day", "only in yellow", "now show me shoes"),
    ("photo:chair-01-1", "but in black", "thanks!"),
    ("wooden things for the kitchen", "less than 25 dollars", "the last one, but bigger"),
)


def main() -> None:
    """Run the script and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--model", help="another language model, or 'none'")
    options.add_argument("--json", type=Path, help="also write every timing to this file")
    chosen = options.parse_args()
    started = perf_counter()
    agent = build_agent(
        load_settings(language_model=chosen.model, catalogue="demo"), lambda s: None
    )
    _open(agent)
    ready = perf_counter() - started
    timings: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, turns in enumerate(SCRIPT):
            session = f"benchmark-{started}-{number}"
            for said in turns:
                *_, done = agent.reply(request_of_line(said, Path(folder)), session)
                if isinstance(done, Done):
                    timings.append(dict(done.timings_ms))
    print(f"ready after {ready:.1f} s; {len(timings)} turns; model: {chosen.model or 'default'}")
    print(f"peak resident memory {peak_memory() / 1e3:.2f} GB\n")
    print(f"{'stage':<14}{'turns':>6}{'p50 ms':>10}{'p95 ms':>10}")
    for stage in STAGES:
        seen = [one[stage] for one in timings if stage in one]
        if seen:
            middle, high = np.percentile(seen, [50, 95])
            print(f"{stage:<14}{len(seen):>6}{middle:>10,.0f}{high:>10,.0f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(timings, indent=1))


def request_of_line(said: str, folder: Path) -> Request:
    """Return the request of a line of the script."""
    kind, mark, rest = said.partition(":")
    if mark and kind == "photo":
        return Request(photos=(catalogue_path().parent / "pictures" / f"{rest}.webp",))
    if mark and kind == "voice":
        spoken = folder / "spoken.wav"
        subprocess.run(["espeak-ng", "-w", str(spoken), rest], check=True)
        return Request(recording=spoken)
    return Request(said)


def _open(agent: Agent) -> None:
    """Open what else the first turn that needs it would open."""
    agent.encoders.picture.encode([Image.new("RGB", (8, 8))])
    if isinstance(agent.encoders.transcriber, DeferredTranscriber):
        agent.encoders.transcriber.open()
    if agent.model is not None:
        list(agent.model.prepare([]))


if __name__ == "__main__":
    main()
