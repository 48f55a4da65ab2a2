"""The rows of a source as far as they may be used, while they are read.

Knows rows, the domain of their columns and its rules of consent; stores nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from retrieval.catalogue.rows import Row
from retrieval.domain import SHOP_DOMAIN, Domain
from retrieval.domains.consent import admit
from retrieval.domains.reading import domain_of, fields_in
from retrieval.errors import MagpieError

_LOOKED_AT = 200  # rows whose columns tell the domain, where the owner does not

_Found = TypeVar("_Found")  # what a reader yields: rows, problems, how the source was read


@dataclass
class Admission:
    """One pass over a source, and what is kept in mind of it until it ends."""

    domain: Domain = SHOP_DOMAIN  # of the source, once its first rows are read
    withheld: dict[str, tuple[str, ...]] = field(default_factory=dict)  # id → private values
    unlinked: set[str] = field(default_factory=set)  # ids whose links are private
    refused: int = 0  # records that do not want to be found

    def admitted(self, source: Path | str, found: Iterable[_Found]) -> Iterator[_Found | Row]:
        """Yield what a reader found, rows only as far as their domain lets them be used.

        Raises: CatalogueError when the owner's description of the domain cannot be used.
        """
        left, first, broken = iter(found), list[_Found](), None
        try:
            first.extend(islice(left, _LOOKED_AT))
        except MagpieError as error:  # what was found before it comes first
            broken = error
        self.domain = domain_of(source, fields_in(r.item for r in first if isinstance(r, Row)))
        for one in chain(first, left):
            if isinstance(one, Row):
                yield from self._admitted(one)
            else:
                yield one
        if broken is not None:
            raise broken

    def _admitted(self, row: Row) -> Iterator[Row]:
        admitted = admit(row.item, self.domain)
        if admitted is None:
            self.refused += 1
            return
        if admitted.withheld:
            self.withheld[row.item.id] = admitted.withheld
        if not admitted.linked:
            self.unlinked.add(row.item.id)
        yield replace(row, item=admitted.item)
