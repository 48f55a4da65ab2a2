"""The demo catalogue's real records, read once, without any index or model."""

from pathlib import Path

from assistant.understanding.catalogue_values import Vocabulary
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.items import Catalogue

_FILE = Path(__file__).parents[1] / "demo" / "catalogue.csv"
DEMO = Catalogue(
    "demo", {row.item.id: row.item for row in read_catalogue(_FILE) if isinstance(row, Row)}
)
VOCABULARY = Vocabulary(DEMO)
