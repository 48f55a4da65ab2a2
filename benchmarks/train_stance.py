"""Teach the stance model: how is each thing meant that a message names, and what does it do?

    python -m benchmarks.train_stance [--out FILE] [--seed N]

One in ten of the messages that are marked by hand is held out, by a hash of its words; what is
right of them is printed, and the weights are written. Twenty minutes on one core.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from assistant.models import model_place
from assistant.settings import load_settings
from assistant.stance.adapted import OWN_LAYERS, StanceNetwork, stretch_tokens
from assistant.stance.said import ACTS, MEANINGS
from assistant.stance.stance_model import ENCODER, LONGEST_READ, STANCE_WEIGHTS
from benchmarks.stance_messages import Labelled, marked_messages, shoppers_messages
from retrieval.encoders.bert import TextReader, open_reader

_BATCH = 32
_EPOCHS, _RATE, _HEAD_RATE = 8, 8e-4, 2e-3
_SMOOTHED, _ACTS_WEIGH = 0.05, 2.0
_IGNORED = -100


@dataclass(frozen=True)
class Lesson:
    """A message with the token states of the encoder's own layers."""

    said: Labelled
    states: Tensor  # (tokens, width)
    stretches: Tensor  # (stretches, tokens)


def examples(encoder: TextReader, every: Iterable[Labelled]) -> Iterator[Lesson]:
    """Yield messages as they are taught."""
    for said in every:
        encoding = encoder.tokenizer.encode(said.text)
        ids = torch.tensor([encoding.ids])
        padded = torch.zeros_like(ids, dtype=torch.bool)
        with torch.inference_mode():
            states = encoder.model.lower(ids, padded, OWN_LAYERS)
        marks = [stretch_tokens(encoding.offsets, *one) for one in said.stretches]
        stretches = torch.stack(marks) if marks else torch.zeros(0, len(encoding.ids))
        yield Lesson(said, states[0].clone(), stretches)


def batches(every: Sequence[Lesson], *, shuffled: bool) -> Iterator[list[Lesson]]:
    """Yield examples of like length together."""
    order = list(every)
    if shuffled:
        random.shuffle(order)
    size = 20 * _BATCH if shuffled else len(order)
    made = list[list[Lesson]]()
    for start in range(0, len(order), size):
        part = sorted(order[start : start + size], key=lambda one: len(one.states))
        made += [part[at : at + _BATCH] for at in range(0, len(part), _BATCH)]
    if shuffled:
        random.shuffle(made)
    yield from made


def scores(network: StanceNetwork, batch: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """Return the network's scores for the stretches and for the messages of a batch."""
    length = max(len(one.states) for one in batch)
    states = torch.zeros(len(batch), length, batch[0].states.shape[1])
    padded = torch.ones(len(batch), length, dtype=torch.bool)
    count = sum(len(one.stretches) for one in batch)
    stretches, rows, at = torch.zeros(count, length), torch.zeros(count, dtype=torch.long), 0
    for row, one in enumerate(batch):
        states[row, : len(one.states)], padded[row, : len(one.states)] = one.states, False
        stretches[at : at + len(one.stretches), : len(one.states)] = one.stretches
        rows[at : at + len(one.stretches)] = row
        at += len(one.stretches)
    told: tuple[Tensor, Tensor] = network(states, padded, stretches, rows)
    return told


def wanted(batch: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """Return what the network should say: indices of meanings, and 0 or 1 for each act."""
    meant = [
        MEANINGS.index(meaning) if meaning and marks.any() else _IGNORED
        for one in batch
        for meaning, marks in zip(one.said.meant, one.stretches, strict=True)
    ]
    acts = [[float(act in one.said.acts) for act in ACTS] for one in batch]
    return torch.tensor(meant, dtype=torch.long), torch.tensor(acts)


def teach(network: StanceNetwork, every: Sequence[Lesson]) -> None:
    """Teach a network the examples."""
    heads = [network.mark, *network.meant.parameters(), *network.acts.parameters()]
    changes = [one for name, one in network.learned().items() if name.startswith("layers")]
    optimiser = torch.optim.AdamW([{"params": changes}, {"params": heads}], weight_decay=0.02)
    steps = _EPOCHS * (len(every) // _BATCH + 40)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [_RATE, _HEAD_RATE], total_steps=steps, pct_start=0.15
    )
    for epoch in range(_EPOCHS):
        losses = list[float]()
        for batch in batches(every, shuffled=True):
            meant, acts = scores(network.train(), batch)
            right, done = wanted(batch)
            loss = _ACTS_WEIGH * nn.functional.binary_cross_entropy_with_logits(acts, done)
            if (right != _IGNORED).any():
                loss += nn.functional.cross_entropy(
                    meant, right, ignore_index=_IGNORED, label_smoothing=_SMOOTHED
                )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {_EPOCHS}: loss {sum(losses) / len(losses):.3f}", flush=True)


@torch.inference_mode()
def report(network: StanceNetwork, every: Sequence[Lesson]) -> None:
    """Print how often the network is right, by meaning, act and language."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for batch in batches(every, shuffled=False):
        meant, acts = scores(network.eval(), batch)
        truth, _ = wanted(batch)
        languages = [one.said.language for one in batch for _ in one.stretches]
        for best, true, language in zip(meant.argmax(-1), truth, languages, strict=True):
            if true != _IGNORED:
                for name in (MEANINGS[int(true)], f"stances in {language}", "stances"):
                    asked[name] += 1
                    right[name] += int(best) == int(true)
        for best, one in zip(acts.argmax(-1), batch, strict=True):
            for name in (f"act {one.said.acts[0]}", f"acts in {one.said.language}", "acts"):
                asked[name] += 1
                right[name] += ACTS[int(best)] in one.said.acts
    for name, count in sorted(asked.items()):
        print(f"{name:24} {right[name]:5} of {count:5}  {right[name] / count:.0%}")


def main() -> None:
    """Train, report and write."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--out", type=Path, default=STANCE_WEIGHTS)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    random.seed(asked.seed)
    folder = model_place(ENCODER, load_settings(), lambda step: None)
    encoder = open_reader(
        Path(folder), longest=LONGEST_READ, pooling="mean", device=torch.device("cpu")
    )
    every = list(examples(encoder, (*marked_messages(), *shoppers_messages())))
    held = [one for one in every if one.said.held]
    network = StanceNetwork(encoder.model)
    print(f"{len(every):,} messages, {len(held)} of them held out", flush=True)
    teach(network, [one for one in every if not one.said.held])
    report(network, held)
    save_file({name: one.half() for name, one in network.learned().items()}, asked.out)
    print(f"{asked.out}: {asked.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
