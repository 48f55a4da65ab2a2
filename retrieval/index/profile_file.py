"""The profile of an index's columns: inferred from its items, corrected by its owner, kept with it.

Knows the index's folder and the file of corrections beside a catalogue; encodes nothing, so that a
corrected profile costs no vector.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.opening import is_database
from retrieval.catalogue.profile import corrected_profile, infer_profile
from retrieval.errors import BAD_VALUE, CatalogueError
from retrieval.field_profile import CatalogueProfile, FieldProfile
from retrieval.files import write_whole
from retrieval.items import Catalogue

PROFILE = "profile.json"


def corrections_file(source: Path | str) -> Path:
    """Return where a catalogue's owner corrects its profile: shop.profile.toml for shop.csv.

    Of a database, sqlite:///shop.db, it is shop.profile.toml in the working folder.
    """
    place = Path(str(source).rpartition("/")[2]) if is_database(source) else Path(source)
    return place.with_name(f"{place.stem}.profile.toml")


def read_corrections(source: Path | str) -> Mapping[str, Mapping[str, Any]]:
    """Return what the owner of a catalogue says of its fields; nothing where there is no file.

    Raises: CatalogueError when the file is no TOML, or says of a field what cannot be said.
    """
    place = corrections_file(source)
    if not place.is_file():
        return {}
    try:
        said: dict[str, Any] = tomllib.loads(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{place} cannot be read ({error}): write it as TOML") from error
    wrong = [name for name, facts in said.items() if not isinstance(facts, dict)]
    if wrong:
        raise CatalogueError(f"{place}: write [{wrong[0]}] and what you know of it below")
    return said


def build_profile(catalogue: Catalogue, source: Path | str) -> CatalogueProfile:
    """Infer what the columns are, and take the owner's corrections.

    Raises: CatalogueError when the corrections cannot be used.
    """
    try:
        return corrected_profile(infer_profile(catalogue), read_corrections(source))
    except ValueError as error:
        raise CatalogueError(f"{corrections_file(source)}: {error}") from error


def write_profile(place: Path, profile: CatalogueProfile) -> None:
    """Keep a profile with a generation of its index; raise StorageError when the disk refuses."""
    write_whole(place / PROFILE, json.dumps(asdict(profile), ensure_ascii=False).encode())


def read_profile(place: Path) -> CatalogueProfile:
    """Return the profile kept with a generation; one without fields where there is none."""
    try:
        kept = json.loads((place / PROFILE).read_text("utf-8"))
        fields = {name: _field(facts) for name, facts in kept["fields"].items()}
        return CatalogueProfile(fields, kept["items"])
    except BAD_VALUE:  # damaged, or of an older version: it is inferred anew
        return CatalogueProfile()


def _field(facts: Mapping[str, Any]) -> FieldProfile:
    lists: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()
    }
    return FieldProfile(**lists)
