"""Limits that chance words, over six shops and the fashion data, held against the raw files."""

from functools import cache

import pyarrow.parquet as parquet
import pytest

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from retrieval.catalogue.columns import find_columns
from retrieval.catalogue.formats.opening import open_file
from retrieval.catalogue.headers import split_header
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.catalogue.vocabulary import column_name, export_named, recognised_export
from retrieval.filter import satisfying
from retrieval.items import Catalogue
from tests.assistant.understanding.generated_limits.drawing import DATA, generated_limits
from tests.assistant.understanding.generated_limits.fashion import COLUMNS, fashion_requests
from tests.assistant.understanding.generated_limits.shops import SHOPS

SEEDS = (1, 2, 3)  # those that what they showed has been mended for


@cache
def opened(path):
    """Return a catalogue's vocabulary, and which field each of its columns has become."""
    found = (one for one in read_catalogue(path) if isinstance(one, Row))
    vocabulary = Vocabulary(Catalogue(path.name, {one.item.id: one.item for one in found}))
    table = open_file(path, "")
    export = recognised_export(table.names)
    known = find_columns(table, path.name, export_named(export.name), {}).fields
    fields = {name: split_header(column_name(name))[0] for name in table.names}
    return vocabulary, fields | {column: name for name, column in known.items()}


def missed(one, path):
    """Return what is wrong with what Magpie makes of a message, "" where nothing is."""
    vocabulary, fields = opened(path)
    changes = read_by_code(one.message, Conversation(), vocabulary).changes
    limits = merge(DialogueState(), changes, kinds=frozenset(vocabulary.kinds)).constraints
    said = [(c.field, c.op + "!" * c.strict, c.value, c.unit) for c in limits]
    meant = {fields[column] for column in one.columns}
    if others := {c.field for c in limits} - meant:
        return f"{others} was not named: {said}"
    admitted = satisfying(vocabulary.catalogue, limits) if limits else set()
    return "" if admitted == one.ids else f"{said}: {len(admitted)} items for {len(one.ids)}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shop", SHOPS, ids=[shop.path.rpartition("/")[2] for shop in SHOPS])
def test_a_generated_limit_admits_what_the_raw_file_admits(shop, seed):
    limits = [one for one in generated_limits(seed) if one.path == shop.path]
    wrong = {one.message: told for one in limits if (told := missed(one, DATA / shop.path))}
    assert not wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_a_generated_request_for_values_admits_what_the_raw_rows_have(seed, data):
    path = data / "fashion" / "products.parquet"
    rows = parquet.read_table(path, columns=list(COLUMNS)).to_pylist()
    requests = list(fashion_requests(seed, rows))
    wrong = {one.message: told for one in requests if (told := missed(one, path))}
    assert not wrong
