"""A catalogue file that a test writes, and its index in memory."""

import csv

from PIL import Image

from retrieval.embed import Encoders
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import index_catalogue, open_index
from retrieval.index.manifest import generation_folder, read_manifest
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore, SidecarTranscriber


class Shop:
    """A catalogue file, its index in memory, and encoders that count what they are given."""

    def __init__(self, folder):
        self.source, self.index = folder / "shop.csv", folder / "index"
        self.encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), SidecarTranscriber())
        self.disk = {}
        self.room = None

    @property
    def shelf(self):
        """The entries of the finished generation."""
        return self.disk[self.place / "store"]

    @property
    def place(self):
        return generation_folder(self.index, read_manifest(self.index).generation)

    def store(self, folder):
        return MemoryStore(self.disk.setdefault(folder, {}), self.room, self.disk)

    def write(self, *rows):
        with self.source.open("w", newline="") as file:
            csv.writer(file).writerows([("id", "title", "pictures", "recordings"), *rows])

    def paint(self, name, colour):
        Image.new("RGB", (6, 6), colour).save(self.source.parent / name)

    def say(self, name, words):
        (self.source.parent / name).write_bytes(b"sound")
        (self.source.parent / name).with_suffix(".txt").write_text(words)

    def run(self, **options):
        return index_catalogue(self.source, self.index, self.encoders, self.store, **options)

    def open(self):
        return open_index(self.index, self.encoders, self.store, BM25Index)
