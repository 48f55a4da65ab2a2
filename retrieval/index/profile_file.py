"""What an index's columns are and what it is for: inferred, corrected by its owner, kept with it.

Knows the index's folder and the file of corrections beside a catalogue; encodes nothing, so that a
corrected profile costs no vector.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from retrieval.catalogue.formats.opening import is_database
from retrieval.catalogue.profile import corrected_profile, infer_profile
from retrieval.domain import Domain
from retrieval.domains.reading import shipped_domains, suggested_domain
from retrieval.errors import BAD_VALUE, CatalogueError
from retrieval.field_profile import CatalogueProfile, FieldProfile
from retrieval.files import write_whole
from retrieval.items import Catalogue

PROFILE, DOMAIN = "profile.json", "domain.json"
_SHIPPED = "shipped"  # the key under which a domain that Magpie brings is named
_LANGUAGE = "catalogue_language"  # in the file of corrections
_CODE = re.compile("[a-z]{2}")  # of ISO 639-1


def corrections_file(source: Path | str) -> Path:
    """Return where a catalogue's owner corrects its profile: shop.profile.toml for shop.csv.

    Of a database, sqlite:///shop.db, it is shop.profile.toml in the working folder.
    """
    place = Path(str(source).rpartition("/")[2]) if is_database(source) else Path(source)
    return place.with_name(f"{place.stem}.profile.toml")


def read_corrections(source: Path | str) -> dict[str, Any]:
    """Return what the owner of a catalogue says of its fields; nothing where there is no file.

    Beside the fields, `catalogue_language` says in which language the texts are.

    Raises: CatalogueError when the file is no TOML, or says of a field what cannot be said.
    """
    place = corrections_file(source)
    if not place.is_file():
        return {}
    try:
        said: dict[str, Any] = tomllib.loads(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{place} cannot be read ({error}): write it as TOML") from error
    language = said.get(_LANGUAGE, "")
    if language and not (isinstance(language, str) and _CODE.fullmatch(language)):
        problem = f'{_LANGUAGE} is two letters, as in {_LANGUAGE} = "de"'
        raise CatalogueError(f"{place}: {problem}, not {language!r}")
    wrong = [n for n, facts in said.items() if n != _LANGUAGE and not isinstance(facts, dict)]
    if wrong:
        raise CatalogueError(f"{place}: write [{wrong[0]}] and what you know of it below")
    return said


def build_profile(catalogue: Catalogue, source: Path | str) -> CatalogueProfile:
    """Infer what the columns are, and take the owner's corrections.

    Raises: CatalogueError when the corrections cannot be used.
    """
    try:
        corrections = read_corrections(source)
        language = corrections.pop(_LANGUAGE, "")
        profile = corrected_profile(infer_profile(catalogue), corrections)
        return replace(profile, language=language)
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
        return CatalogueProfile(fields, kept["items"], kept.get("language", ""))
    except BAD_VALUE:  # damaged, or of an older version: it is inferred anew
        return CatalogueProfile()


def write_domain(place: Path, domain: Domain) -> None:
    """Keep a domain with a generation of its index: its name where it is one that Magpie brings.

    Raises: StorageError when the disk refuses.
    """
    if shipped_domains().get(domain.name) == domain:
        write_whole(place / DOMAIN, json.dumps({_SHIPPED: domain.name}).encode())
    else:
        write_whole(place / DOMAIN, TypeAdapter(Domain).dump_json(domain))


def kept_domain(place: Path, profile: CatalogueProfile) -> Domain:
    """Return the domain kept with a generation; where there is none, what the profile suggests."""
    try:
        kept = json.loads((place / DOMAIN).read_bytes())
        if _SHIPPED in kept:
            return shipped_domains()[kept[_SHIPPED]]
        return TypeAdapter(Domain).validate_python(kept)
    except BAD_VALUE:  # damaged, or of an older version
        return suggested_domain(profile.fields)


def _field(facts: Mapping[str, Any]) -> FieldProfile:
    lists: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()
    }
    return FieldProfile(**lists)
