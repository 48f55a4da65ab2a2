"""Loss and validation curves of a training run, kept in a file across interruptions.

Knows a file and progress; draws nothing. A step that is repeated after a resume replaces its point.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.files import write_whole
from retrieval.training.trainer import TrainingProgress

Points = Sequence[tuple[float, float]]


class History:
    """The points of each curve by step, and their file."""

    def __init__(self, path: Path) -> None:
        """Load the file's points, if it exists and can be read."""
        self._path = path
        self._points: dict[int, tuple[float, float | None]] = {}
        if path.is_file():
            for step, loss, score in json.loads(path.read_text("utf-8")):
                self._points[step] = (loss, score)

    def add(self, progress: TrainingProgress) -> None:
        """Add a point; the file is written after every validation."""
        self._points[progress.step] = (progress.loss, progress.validation)
        if progress.validation is not None:
            rows = [[step, *point] for step, point in sorted(self._points.items())]
            write_whole(self._path, json.dumps(rows).encode())

    def curves(self) -> Mapping[str, Points]:
        """Return the points of each curve, by step."""
        points = sorted(self._points.items())
        return {
            "loss": [(step, loss) for step, (loss, _) in points],
            "validation": [(step, score) for step, (_, score) in points if score is not None],
        }
