"""Loss and validation of a training run, as points to draw, kept across interruptions.

Knows a file and progress; knows no picture. A step that is taken again replaces its point.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.files import write_whole
from retrieval.training.trainer import TrainingProgress

Points = Sequence[tuple[float, float]]


class History:
    """Holds the points by step, and the file that they are kept in."""

    def __init__(self, path: Path) -> None:
        """Go on with the file's points, if it is there and whole."""
        self._path = path
        self._points: dict[int, tuple[float, float | None]] = {}
        if path.is_file():
            for step, loss, score in json.loads(path.read_text("utf-8")):
                self._points[step] = (loss, score)

    def add(self, progress: TrainingProgress) -> None:
        """Take a point; the file is written with every validation."""
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
