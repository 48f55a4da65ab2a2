"""Draw the curves of a training run: the only training file that imports matplotlib.

Knows points and a file; does not know what the points mean.
"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from retrieval.errors import MissingDependencyError
from retrieval.files import disk

if find_spec("matplotlib") is None:  # checked before training; imported (60 MB) after it
    raise MissingDependencyError(
        "curves are drawn by matplotlib: pip install 'magpie-assistant[evaluation]'"
    )


def curves(series: Mapping[str, Sequence[tuple[float, float]]], path: Path) -> None:
    """Write a PNG with one plot per series of (step, value), one below the other.

    Raises: StorageError.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 2.6 * max(1, len(series))), layout="constrained")
    FigureCanvasAgg(figure)
    plots = figure.subplots(max(1, len(series)), squeeze=False)[:, 0]
    for plot, (name, points) in zip(plots, series.items(), strict=False):
        plot.plot([at for at, _ in points], [value for _, value in points], marker=".", lw=1.5)
        plot.set(title=name, xlabel="step")
        plot.grid(alpha=0.3)
        plot.spines[["top", "right"]].set_visible(False)
    with disk(path):
        figure.savefig(path, format="png", dpi=120)
