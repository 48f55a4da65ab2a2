"""Plot values as bars or lines with intervals: the only file here that imports matplotlib.

Knows numbers and their names; knows no report.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from retrieval.errors import MissingDependencyError
from retrieval.evaluation.intervals import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_BAR, _INK, _GRID = "#2f8f78", "#1d2430", "#dfe4ec"
_COLOURS = ("#2f8f78", "#d1495b", "#2e6fb7", "#e0a030", "#7b5ea7", "#6b7a8f")
_STROKES = ("-", "--", ":")  # the next line style after each cycle of colours


def bars(measure: str, figures: Sequence[tuple[str, Figure]]) -> str:
    """Return an SVG bar chart of one metric of several methods, with intervals.

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
    _tidy(axes, measure, "x")
    return _svg(canvas, repr((measure, figures)))


def line_plot(
    title: str, across: str, points: Sequence[str], series: Sequence[tuple[str, Sequence[Figure]]]
) -> str:
    """Return an SVG line chart of several methods over the same points, with intervals.

    `across` is the label of the points' axis.

    Raises: MissingDependencyError when matplotlib is not installed.
    """
    canvas = _canvas(9.0, 1.6 + max(2.8, 0.24 * len(series)))
    axes = canvas.add_subplot()
    for at, (name, figures) in enumerate(series):
        colour = _COLOURS[at % len(_COLOURS)]
        stroke = _STROKES[at // len(_COLOURS) % len(_STROKES)]
        values = [one.value for one in figures]
        axes.plot(points, values, stroke, color=colour, marker="o", markersize=4, label=name)
        low, high = [one.low for one in figures], [one.high for one in figures]
        axes.fill_between(points, low, high, color=colour, alpha=0.06, linewidth=0)
    _tidy(axes, title, "y")
    axes.set_xlabel(across, fontsize=9, color=_INK)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=9)
    return _svg(canvas, repr((title, points, series)))


def _tidy(axes: "Axes", title: str, grid: Literal["x", "y"]) -> None:
    axes.set_title(title, loc="left", fontsize=11, color=_INK)
    axes.grid(axis=grid, color=_GRID)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9, colors=_INK)


def _svg(canvas: "Canvas", salt: str) -> str:
    """Return a drawing as text; the same salt gives the same text."""
    drawn = io.StringIO()
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": salt}):
        canvas.savefig(drawn, format="svg", metadata={"Date": None})
    text = drawn.getvalue()
    return text[text.index("<svg") :]


def _canvas(width: float, height: float) -> "Canvas":
    """Return an empty drawing of this size in inches."""
    try:
        from matplotlib.figure import Figure as Canvas
    except ImportError as error:
        cure = "pip install 'magpie-assistant[evaluation]'"
        raise MissingDependencyError(f"drawing needs matplotlib: {cure}") from error
    return Canvas(figsize=(width, height), layout="constrained")
