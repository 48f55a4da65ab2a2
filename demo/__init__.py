"""The demo catalogue, and the generator of its pictures, spoken descriptions and sounds.

Knows where its files are; knows nothing of how a catalogue is read.
"""

from pathlib import Path


def catalogue_path() -> Path:
    """Return the demo catalogue's CSV file."""
    return Path(__file__).parent / "catalogue.csv"


def transcripts_path() -> Path:
    """Return the file of what the demo's recordings say, as the default speech model hears it."""
    return Path(__file__).parent / "transcripts.json"
