"""The quantities of each field of a catalogue, as arrays, one for each unit.

Knows units and that items have fields; what a field says is read by a function that it is given.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.units import Quantity

if TYPE_CHECKING:
    from retrieval.items import Item


class QuantityColumns:
    """The quantities of each field of a catalogue, as arrays."""

    def __init__(
        self, items: "Iterable[Item]", read: "Callable[[Item, str], Sequence[Quantity]]"
    ) -> None:
        """Read no field yet; `read` gives the quantities of an item's field."""
        self._items, self._read = items, read
        self._columns: dict[str, dict[str, QuantityColumn]] = {}

    def column(self, name: str) -> "Mapping[str, QuantityColumn]":
        """Return a field's quantities by their unit, "" for bare numbers."""
        if name not in self._columns:
            rows: dict[str, list[tuple[str, float, float]]] = {}
            for item in self._items:
                for one in self._read(item, name):
                    rows.setdefault(one.unit, []).append((item.id, one.low, one.high))
            self._columns[name] = {unit: _column(several) for unit, several in rows.items()}
        return self._columns[name]


@dataclass(frozen=True, slots=True)
class QuantityColumn:
    """Quantities in one unit; an item with several stands there several times."""

    ids: NDArray[np.object_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def _column(rows: Sequence[tuple[str, float, float]]) -> QuantityColumn:
    ids, low, high = zip(*rows, strict=True)
    return QuantityColumn(np.array(ids, dtype=object), np.array(low), np.array(high))
