"""Write a safetensors file tensor by tensor; an interrupted writer goes on where it stopped.

Knows the format, a header in JSON before the numbers, and keeps room for that header at the
beginning; knows no model. What has been written is listed in a journal beside the file.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor

ALIGNMENT = 64  # bytes, as in memory that torch allocates
_HEADER = 1 << 20  # bytes kept for the length of the header, the header, and spaces
_TYPES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


class TensorFile:
    """A safetensors file that grows; it can be read once it is finished.

    Its numbers begin at a multiple of `ALIGNMENT`, so that they are used where the file is mapped
    and need not be copied.
    """

    def __init__(self, file: Path, purpose: str) -> None:
        """Go on with a file of the same purpose, or begin one."""
        self._journal = file.with_name(f"{file.name}.journal")
        self._groups, self._entries = _written(self._journal, purpose)
        self._numbers = file.open("r+b" if self._entries else "w+b")
        self._end = max((entry["data_offsets"][1] for entry in self._entries.values()), default=0)
        self._numbers.truncate(_HEADER + self._end)
        self._numbers.seek(_HEADER + self._end)
        if not self._entries:
            self._journal.write_text(json.dumps([purpose, {}]) + "\n", "utf-8")

    def __enter__(self) -> Self:
        """Leave the file open during the `with` block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the file, finished or not."""
        self._numbers.close()

    def holds(self, group: str) -> bool:
        """Tell whether a group of tensors has been written."""
        return group in self._groups

    def add(self, group: str, tensors: Mapping[str, Tensor]) -> None:
        """Write some tensors that belong together: after an interruption, all of them or none."""
        fresh: dict[str, Any] = {}
        for name, tensor in tensors.items():
            held = tensor.detach().contiguous()
            start, self._end = self._end, self._end + held.nbytes
            self._numbers.write(held.reshape(-1).view(torch.uint8).numpy().data)
            fresh[name] = {
                "dtype": _TYPES[held.dtype],
                "shape": list(held.shape),
                "data_offsets": [start, self._end],
            }
        self._numbers.flush()
        os.fsync(self._numbers.fileno())
        self._groups.add(group)
        self._entries |= fresh
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps([group, fresh]) + "\n")

    def finish(self) -> None:
        """Write the header; the file is whole, and the journal is no longer needed."""
        header = json.dumps({"__metadata__": {"format": "pt"}} | self._entries).encode()
        room = _HEADER - 8
        if len(header) > room:
            raise ValueError(f"a header of {len(header)} bytes, there is room for {room}")
        self._numbers.seek(0)
        self._numbers.write(room.to_bytes(8, "little") + header.ljust(room))
        self._numbers.flush()
        self._journal.unlink()


def _written(journal: Path, purpose: str) -> tuple[set[str], dict[str, Any]]:
    """Return which groups a journal lists, and their tensors; a line cut short does not count."""
    groups, entries = set[str](), dict[str, Any]()
    lines = journal.read_text("utf-8").split("\n")[:-1] if journal.exists() else []
    if not lines or json.loads(lines[0])[0] != purpose:
        return groups, entries
    for line in lines[1:]:
        group, fresh = json.loads(line)
        groups.add(group)
        entries |= fresh
    return groups, entries
