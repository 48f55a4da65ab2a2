"""A message and the stretches that name something → how likely each is wanted, refused, asked for.

◆ torch. Knows the learned weights and the text encoder that they change; a message is data and is
only read. A few milliseconds a message.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from assistant.stance.adapted import OWN_LAYERS, StanceNetwork, stretch_tokens
from assistant.stance.said import ACTS, MEANINGS, MessageTold, Stretch
from retrieval.encoders.bert import TextReader, open_reader
from retrieval.errors import ModelCorruptError

STANCE_WEIGHTS = Path(__file__).with_name("weights") / "stance.safetensors"
ENCODER = "all-minilm-l6-v2"  # whose layers they change
LONGEST_READ = 128  # tokens of a message
_CHARACTERS = 600
_REMEMBERED = 256  # messages
_OPEN = dict.fromkeys(MEANINGS, 1 / len(MEANINGS))  # of what stands behind all that is read


class StanceModel:
    """Tells how the things in a message are meant; a `MessageReader`."""

    def __init__(self, encoder: TextReader, weights: Path = STANCE_WEIGHTS) -> None:
        """Load what was learned over `encoder`.

        Raises: ModelCorruptError.
        """
        self._encoder = encoder
        self._network = StanceNetwork(encoder.model)
        try:
            with safe_open(weights, "pt") as file:
                learned = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
            lacking = self._network.learned().keys() ^ learned.keys()
            self._network.load_state_dict(learned, strict=False)
        except (OSError, SafetensorError, RuntimeError) as error:
            raise ModelCorruptError(f"{weights} cannot be read: install Magpie again") from error
        if lacking:
            raise ModelCorruptError(f"{weights} is of another version: install Magpie again")
        self._network.settle()
        self._read = lru_cache(_REMEMBERED)(self._read_anew)

    def __call__(self, message: str, stretches: Sequence[Stretch]) -> MessageTold:
        """Return what the message says of the stretches, and what it does.

        Of a long message only the beginning is read; behind it every meaning is as likely.
        """
        return self._read(message[:_CHARACTERS], tuple(stretches))

    @torch.inference_mode()
    def _read_anew(self, message: str, stretches: tuple[Stretch, ...]) -> MessageTold:
        encoding = self._encoder.tokenizer.encode(message)
        ids = torch.tensor([encoding.ids])
        padded = torch.zeros_like(ids, dtype=torch.bool)
        states = self._encoder.model.lower(ids, padded, OWN_LAYERS)
        places = encoding.offsets
        marks = [stretch_tokens(places, *one) for one in stretches] or [torch.zeros(len(places))]
        rows = torch.zeros(len(marks), dtype=torch.long)
        meant, acts = self._network(states, padded, torch.stack(marks), rows)
        shares = meant.softmax(-1)[: len(stretches)].tolist()
        return MessageTold(
            tuple(
                dict(zip(MEANINGS, one, strict=True)) if mark.any() else _OPEN
                for one, mark in zip(shares, marks, strict=False)
            ),
            dict(zip(ACTS, acts[0].sigmoid().tolist(), strict=True)),
        )


def open_stance_model(encoder_folder: Path) -> StanceModel:
    """Open the model over the encoder that stands in a folder.

    Raises: ModelMissingError, ModelCorruptError.
    """
    cpu = torch.device("cpu")
    return StanceModel(
        open_reader(encoder_folder, longest=LONGEST_READ, pooling="mean", device=cpu)
    )
