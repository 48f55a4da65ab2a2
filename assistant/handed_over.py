"""What is handed over to be indexed, a file, a zip or an address on the web → a source here.

Knows where these are kept, a folder for each catalogue, beside a note of an address that is still
to be fetched; reads none of them. What stands beside a table there, such as corrections of its
columns, stays when the table is replaced.
"""

import os
import shutil
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.models import ReportStep, Step
from retrieval.errors import CatalogueError, MagpieError, MediaError
from retrieval.files import disk, write_whole

if TYPE_CHECKING:
    from assistant.settings import Settings
    from retrieval.catalogue.web.download import Arrived
    from retrieval.catalogue.web.feed import FeedDownload

_FOLDER, _FETCHED, _NOTE = "added", "feeds", ".address"


class HandedOver:
    """The catalogues that were handed over, by their names."""

    def __init__(self, settings: "Settings") -> None:
        """Keep them at home."""
        self._settings, self._folder = settings, settings.home / _FOLDER

    def has(self, name: str) -> bool:
        """Tell whether a catalogue of this name was handed over."""
        return (self._folder / name).is_dir()

    def names(self) -> list[str]:
        """Return the names of all of them."""
        with disk(self._folder):
            return sorted(one.name for one in self._folder.glob("*/"))

    def keep(self, given: Path, name: str) -> None:
        """Keep a file, or what is in a zip, in place of the table that was kept before.

        Raises: MagpieError when it cannot be kept; what was kept before is then as it was.
        """
        from retrieval.index.parcel import unpack_parcel

        place, suffix = self._place(name), given.suffix.lower()
        with disk(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        with disk(place), TemporaryDirectory(dir=self._settings.home) as arriving:
            new = Path(arriving)
            if suffix == ".zip":
                unpack_parcel(given, new)
            else:
                shutil.copyfile(given, new / f"{name}{suffix}")
            for table in _tables(place):
                table.unlink()
            shutil.copytree(new, place, copy_function=os.replace, dirs_exist_ok=True)
        self._note(name).unlink(missing_ok=True)

    def note(self, address: str, name: str) -> None:
        """Note the address from which a catalogue is to be fetched.

        Raises: MagpieError when it is none that may be asked, or the name is none.
        """
        from retrieval.catalogue.web.address import read_target

        place, address = self._place(name), address.strip()
        try:
            read_target(address)
        except MediaError as error:
            raise CatalogueError(f"{address[:200]} {error}") from error
        with disk(place):
            place.mkdir(parents=True, exist_ok=True)
        write_whole(self._note(name), address.encode(errors="replace"))

    def noted(self, name: str) -> str:
        """Return the address from which a catalogue is still to be fetched, "" if there is none."""
        note = self._note(name)
        with disk(note):
            return note.read_text("utf-8") if note.is_file() else ""

    def download(self) -> "FeedDownload":
        """Return what fetches one catalogue; close it."""
        from retrieval.catalogue.web.feed import FeedDownload
        from retrieval.catalogue.web.limits import FetchLimits

        limits = FetchLimits(private=self._settings.private_media)
        return FeedDownload(self._settings.media_folder / _FETCHED, limits)

    def fetch(self, name: str, download: "FeedDownload", arrived: "Arrived") -> None:
        """Fetch what is noted of a catalogue, and keep it; raises as `keep` and the download do."""
        fetched = download.fetch(self.noted(name), arrived)
        named = fetched.with_name(f"{name}{fetched.suffix}")  # as messages say it
        with disk(named):
            fetched.replace(named)
        try:
            self.keep(named, name)
        finally:
            named.unlink(missing_ok=True)

    def abandon(self, name: str) -> None:
        """Forget that a catalogue was to be fetched; what was kept of it before stays."""
        self._note(name).unlink(missing_ok=True)
        with suppress(OSError):  # it is not empty
            (self._folder / name).rmdir()

    def source(self, name: str) -> Path:
        """Return the table that is kept, or the folder where it is one of pictures."""
        place = self._folder / name
        with disk(place):
            return next(iter(_tables(place)), place)

    def _place(self, name: str) -> Path:
        """Return the folder of a catalogue; raise SettingsError for what is no name."""
        from retrieval.index.manifest import index_folder

        return self._folder / index_folder(self._settings.indexes_folder, name).name

    def _note(self, name: str) -> Path:
        return self._folder / f"{name}{_NOTE}"


def fetch_source(address: str, settings: "Settings", report: ReportStep) -> Path:
    """Fetch the catalogue at an address, for the index that the settings name.

    Raises: MagpieError when it cannot be had.
    """
    name, kept = settings.catalogue, HandedOver(settings)
    step = partial(Step, f"Fetching {name}", unit="bytes", doing="fetching", about=name)
    kept.note(address, name)
    try:
        with closing(kept.download()) as download:
            kept.fetch(name, download, lambda done, total: report(step(done, total)))
    except MagpieError:  # the page would offer to go on with it
        kept.abandon(name)
        raise
    return kept.source(name)


def _tables(place: Path) -> list[Path]:
    """Return the tables in a folder."""
    from retrieval.catalogue.formats.opening import TABLE_SUFFIXES

    return [one for one in sorted(place.rglob("*")) if one.suffix.lower() in TABLE_SUFFIXES]
