"""The demo catalogues, and the generators of their pictures, spoken words and sounds.

Knows where their files are; knows nothing of how a catalogue is read. The shop lies in this folder,
the others in folders of their own.
"""

from collections.abc import Iterator
from pathlib import Path

SHOP_DEMO = "demo"
_HERE = Path(__file__).parent
_CATALOGUES = {
    SHOP_DEMO: _HERE / "catalogue.csv",
    "people": _HERE / "people" / "people.csv",
    "news": _HERE / "news" / "news.csv",
}
_MEDIA = ("pictures", "recordings")


def demo_names() -> tuple[str, ...]:
    """Return the names under which the demo catalogues are indexed when they are first used."""
    return tuple(_CATALOGUES)


def catalogue_path(name: str = SHOP_DEMO) -> Path:
    """Return a demo catalogue's CSV file; raise KeyError for a name of none."""
    return _CATALOGUES[name]


def transcripts_path(name: str = SHOP_DEMO) -> Path:
    """Return the file of what a demo's recordings say, as the default speech model hears it."""
    return catalogue_path(name).parent / "transcripts.json"


def demo_files(name: str = SHOP_DEMO) -> Iterator[Path]:
    """Yield every file of a demo catalogue."""
    folder = catalogue_path(name).parent
    yield from (path for path in folder.iterdir() if path.is_file())
    yield from (path for media in _MEDIA for path in (folder / media).glob("*"))
