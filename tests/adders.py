"""What adds a catalogue, over encoders of real logic that a test can hold."""

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

from assistant.adding import CatalogueAdder
from assistant.settings import load_settings
from retrieval.embed import Encoders
from tests.fakes import ColourPictureEncoder, HashedTextEncoder


class HeldEncoder(HashedTextEncoder):
    """Waits, from its second batch on, until it may go on."""

    def __init__(self):
        super().__init__()
        self.begun, self.may = threading.Event(), threading.Event()

    def encode(self, texts):
        if self.encoded:
            self.begun.set()
            assert self.may.wait(30)
        return super().encode(texts)


def opened_adder(words, **settings):
    encoders = Encoders(words, ColourPictureEncoder(), None)

    @contextmanager
    def lend():
        yield SimpleNamespace(encoders=encoders)

    adder = CatalogueAdder(load_settings(**settings), lend)
    yield adder
    words.may.set()
    adder.close()


def until(adder, doing):
    end = time.monotonic() + 30
    while adder.now.doing != doing:
        assert time.monotonic() < end, adder.now
        time.sleep(0.02)
    return adder.now
