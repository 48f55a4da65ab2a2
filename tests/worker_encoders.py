"""Encoders that workers open: small fakes with real logic, of which one dies once."""

import os
import signal

from retrieval.embed import Encoders
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, SidecarTranscriber


def fake_encoders():
    return Encoders(HashedTextEncoder(), ColourPictureEncoder(), SidecarTranscriber())


class Mortal(HashedTextEncoder):
    """Kills its process at its second batch, unless that was done before."""

    def __init__(self, mark):
        super().__init__()
        self._mark, self._batches = mark, 0

    def encode(self, texts):
        self._batches += 1
        if self._batches == 2 and not self._mark.exists():
            self._mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)


def mortal_encoders(mark):
    return Encoders(Mortal(mark), ColourPictureEncoder(), SidecarTranscriber())
