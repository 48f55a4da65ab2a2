"""An order by a date goes by the day, not by the year alone."""

import pytest

from assistant.recommending.ordering import by_field
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Reading
from retrieval.items import Candidate, Catalogue, Item

DAYS = ("2026-05-03", "2025-11-30", "2026-05-29T08:30", "2026-05-03", "unknown")
ITEMS = [Item(f"n{n}", f"News {n}", attributes={"published": day}) for n, day in enumerate(DAYS)]
WORDS = Vocabulary(Catalogue("x", {item.id: item for item in ITEMS}))


@pytest.mark.parametrize(
    ("descending", "ids"), [(True, ["n2", "n0", "n3", "n1"]), (False, ["n1", "n0", "n3", "n2"])]
)
def test_the_newest_is_the_latest_day(descending, ids):
    assert WORDS.profile.fields["published"].type == "date"
    found = [Candidate(item, 0.0) for item in ITEMS]
    ordered = by_field(found, Reading("search", order="published", descending=descending), WORDS)
    assert [one.item.id for one in ordered] == ids
