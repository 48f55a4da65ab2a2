"""What Magpie's reading of a message admits, held against the ids of the raw file."""

from functools import cache
from pathlib import Path

import pyarrow.parquet as parquet

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
from tests.assistant.understanding.generated_limits.drawing import GeneratedLimit
from tests.assistant.understanding.generated_limits.fashion import COLUMNS, fashion_requests


@cache
def _opened(path: Path) -> tuple[Vocabulary, dict[str, str]]:
    """Return a catalogue's vocabulary, and which field each of its columns has become."""
    found = (one for one in read_catalogue(path) if isinstance(one, Row))
    vocabulary = Vocabulary(Catalogue(path.name, {one.item.id: one.item for one in found}))
    table = open_file(path, "")
    export = recognised_export(table.names)
    known = find_columns(table, path.name, export_named(export.name), {}).fields
    fields = {name: split_header(column_name(name))[0] for name in table.names}
    return vocabulary, fields | {column: name for name, column in known.items()}


def missed(one: GeneratedLimit, path: Path) -> str:
    """Return what is wrong with what Magpie makes of a message, "" where nothing is."""
    vocabulary, fields = _opened(path)
    changes = read_by_code(one.message, Conversation(), vocabulary).changes
    limits = merge(DialogueState(), changes, kinds=frozenset(vocabulary.kinds)).constraints
    said = [(c.field, c.op + "!" * c.strict, c.value, c.unit) for c in limits]
    if others := {c.field for c in limits} - {fields[column] for column in one.columns}:
        return f"{others} was not named: {said}"
    admitted = satisfying(vocabulary.catalogue, limits) if limits else set()
    return "" if admitted == one.ids else f"{said}: {len(admitted)} items for {len(one.ids)}"


def requests_of(path: Path, seed: int) -> list[GeneratedLimit]:
    """Return the requests for values of the fashion data's file."""
    rows = parquet.read_table(path, columns=list(COLUMNS)).to_pylist()
    return list(fashion_requests(seed, rows))
