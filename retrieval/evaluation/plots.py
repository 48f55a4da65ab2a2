"""Draw figures as bars with intervals: the one file here that imports matplotlib.

Knows numbers and their names; knows no report.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from retrieval.errors import MissingDependencyError
from retrieval.evaluation.metrics import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_BAR, _INK, _GRID = "#2f8f78", "#1d2430", "#dfe4ec"


def bars(measure: str, figures: Sequence[tuple[str, Figure]]) -> str:
    """Return an SVG drawing of one measure of several methods, with intervals.

    Raises: MissingDependencyError when matplotlib is not installed.
    """
    canvas = _canvas(7.0, 0.9 + 0.32 * len(figures))
    axes = canvas.add_subplot()
    names = [name for name, _ in figures]
    values = [one.value for _, one in figures]
    reach = [
        [one.value - one.low for _, one in figures],
        [one.high - one.value for _, one in figures],
    ]
    axes.barh(names, values, color=_BAR, height=0.62, xerr=reach, ecolor=_INK, capsize=3)
    axes.invert_yaxis()
    axes.set_title(measure, loc="left", fontsize=11, color=_INK)
    axes.grid(axis="x", color=_GRID)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9, colors=_INK)
    drawn = io.StringIO()
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": repr((measure, figures))}):  # the same drawing, the same text
        canvas.savefig(drawn, format="svg", metadata={"Date": None})
    text = drawn.getvalue()
    return text[text.index("<svg") :]


def _canvas(width: float, height: float) -> "Canvas":
    """Return an empty drawing of so many inches."""
    try:
        from matplotlib.figure import Figure as Canvas
    except ImportError as error:
        cure = "pip install 'magpie-assistant[evaluation]'"
        raise MissingDependencyError(f"drawing needs matplotlib: {cure}") from error
    return Canvas(figsize=(width, height), layout="constrained")
