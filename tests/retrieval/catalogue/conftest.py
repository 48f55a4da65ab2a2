"""Read a catalogue from text, as every test of exports does."""

import pytest

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import ReadAs, ReadingOptions, read_catalogue
from retrieval.catalogue.rows import Row


@pytest.fixture
def read(tmp_path):
    """Return a function: content, file name → items, problems, how it was read."""

    def read_file(content, name, **options):
        path = tmp_path / name
        path.write_text(content, "utf-8")
        *found, read_as = read_catalogue(path, ReadingOptions(**options))
        assert isinstance(read_as, ReadAs)
        items = [row.item for row in found if isinstance(row, Row)]
        return items, [one for one in found if isinstance(one, Problem)], read_as

    return read_file
