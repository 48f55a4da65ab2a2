"""Every error that Magpie raises on purpose, and what bad values raise; knows nothing else.

A message says where the problem is, the value and how to fix it, on one line: it is shown to the
user unchanged; the page says its class before it, in the visitor's language.

    MagpieError
    ├── InputError                input from the user that cannot be used
    │   ├── CatalogueError        a catalogue from which nothing can be read
    │   ├── InteractionsError     an interactions file from which nothing can be read
    │   ├── PictureError          a picture that cannot be decoded
    │   ├── RecordingError        a recording that cannot be decoded, or is too long
    │   ├── MediaError            a file on the web that cannot be fetched
    │   │   └── PassingMediaError     … this time: another attempt may succeed
    │   │       └── UnreachableError  its host does not answer, or there is no network
    │   └── MessageError          an empty or over-long message
    ├── SettingsError             a setting, option or name that is not understood
    ├── MissingDependencyError    an optional library is not installed
    ├── ModelError                a model's files
    │   ├── ModelMissingError     not on this machine, and no source could provide it
    │   └── ModelCorruptError     present, but with the wrong bytes
    ├── LanguageModelError        the language model failed during a turn
    ├── StoppedError              the user stopped the turn; nothing went wrong
    ├── StoreError                an index
    │   ├── IndexMissingError     no index of that name
    │   ├── IndexMismatchError    built by other encoders, fusion or schema
    │   └── IndexBusyError        another process is writing to it
    ├── StorageError              the disk is full or not writable
    ├── WorkerError               workers on other machines failed, or cannot be had
    └── TrainingError             training cannot start or cannot continue
"""

import struct
import zlib

# What libraries raise on a value or a file that is not what it claims to be. Whoever reads
# untrusted bytes catches these where one value ends and the next begins: only that one is lost.
BAD_VALUE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,  # RecursionError and NotImplementedError among them
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class MagpieError(Exception):
    """Anything that Magpie refuses or could not do."""


class InputError(MagpieError):
    """Input from the user cannot be used."""


class CatalogueError(InputError):
    """A catalogue from which nothing can be read."""


class InteractionsError(InputError):
    """A file of interactions from which nothing can be read."""


class PictureError(InputError):
    """A picture that cannot be decoded."""


class RecordingError(InputError):
    """A recording that cannot be decoded, or is too long."""


class MediaError(InputError):
    """A file on the web cannot be fetched; the message goes on after the file's address."""


class PassingMediaError(MediaError):
    """A file on the web cannot be fetched now; another attempt may succeed."""

    def __init__(self, message: str, *, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait  # seconds for which the host asks to be left alone


class UnreachableError(PassingMediaError):
    """A host does not answer, or there is no network."""


class MessageError(InputError):
    """An empty or over-long message."""


class SettingsError(MagpieError):
    """A setting, option or name that is not understood."""


class MissingDependencyError(MagpieError):
    """An optional library is not installed."""


class ModelError(MagpieError):
    """A model's files are unusable."""


class ModelMissingError(ModelError):
    """A model is not on this machine, and no source could provide it."""


class ModelCorruptError(ModelError):
    """A model's file is present, but its bytes are wrong."""


class LanguageModelError(MagpieError):
    """The language model failed during a turn."""


class StoppedError(MagpieError):
    """The user stopped the turn; nothing went wrong."""


class StoreError(MagpieError):
    """An index cannot be used."""


class IndexMissingError(StoreError):
    """There is no index of that name."""


class IndexMismatchError(StoreError):
    """The index was built by other encoders, another fusion or another schema."""


class IndexBusyError(StoreError):
    """Another process is writing to the index."""


class StorageError(MagpieError):
    """The disk is full or not writable."""


class WorkerError(MagpieError):
    """Workers on other machines failed, or cannot be had."""


class TrainingError(MagpieError):
    """Training cannot start or cannot continue."""
