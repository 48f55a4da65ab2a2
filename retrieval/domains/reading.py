"""Data files → Domain, and which domain the columns of a catalogue suggest.

Knows where the files lie: the shipped ones here, an owner's beside the catalogue. An owner's file
may build on a shipped one (`like = "people"`); what it says comes first.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from retrieval.catalogue.formats.opening import is_database
from retrieval.domain import SHOP_DOMAIN, Domain
from retrieval.errors import CatalogueError
from retrieval.items import Item

_LIKE = "like"  # the key that names the domain on which a file builds


@cache
def shipped_domains() -> Mapping[str, Domain]:
    """Return the domains that Magpie brings, by name."""
    named = sorted(one.name for one in files(__package__).iterdir() if one.name.endswith(".toml"))
    found = (_domain(_shipped(name.removesuffix(".toml")), name) for name in named)
    return {domain.name: domain for domain in found}


def domain_file(source: Path | str) -> Path:
    """Return where a catalogue's owner describes its domain: recipes.domain.toml for recipes.csv.

    Of a database, sqlite:///shop.db, it is shop.domain.toml in the working folder.
    """
    place = Path(str(source).rpartition("/")[2]) if is_database(source) else Path(source)
    return place.with_name(f"{place.stem}.domain.toml")


def domain_of(source: Path | str, fields: Collection[str]) -> Domain:
    """Return a catalogue's domain: as its owner says, else as its columns suggest.

    Raises: CatalogueError when the owner's file cannot be used.
    """
    place = domain_file(source)
    return read_domain(place) if place.is_file() else suggested_domain(fields)


def suggested_domain(fields: Collection[str]) -> Domain:
    """Return the domain of which most signs are among the columns; a shop where none is."""
    counted = {name: _signs(domain, fields) for name, domain in shipped_domains().items()}
    best = max(counted, key=lambda name: counted[name], default="")
    return shipped_domains()[best] if best and counted[best] else SHOP_DOMAIN


def fields_in(items: Iterable[Item]) -> frozenset[str]:
    """Return the fields that some records fill."""
    found: set[str] = set()
    for item in items:
        found.update(name for name, value in item.attributes.items() if value)
        own = {"category": item.category, "brand": item.brand, "price": item.price is not None}
        found.update(name for name, value in own.items() if value)
    return frozenset(found)


def read_domain(place: Path) -> Domain:
    """Read an owner's domain.

    Raises: CatalogueError when the file is no TOML, or says what no domain has.
    """
    try:
        said = tomllib.loads(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{place} cannot be read ({error}): write it as TOML") from error
    base = said.pop(_LIKE, "shop")
    if base not in shipped_domains():
        known = ", ".join(shipped_domains())
        raise CatalogueError(f"{place}: {_LIKE} = {base!r} is no domain: take one of {known}")
    name = place.name.removesuffix(".domain.toml")
    return _domain(_merged(_shipped(base), {"name": name, **said}), str(place))


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _domain(said: Mapping[str, Any], place: str) -> Domain:
    try:
        return TypeAdapter(Domain).validate_python(dict(said))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CatalogueError(f"{place}: {where}: {first['msg']}") from error


def _merged(base: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with what another says; tables within are merged, all else is replaced."""
    both = dict(base)
    for key, value in said.items():
        former = both.get(key)
        tables = isinstance(former, dict) and isinstance(value, dict)
        both[key] = _merged(former, value) if tables else value  # type: ignore[arg-type]
    return both


def _signs(domain: Domain, fields: Collection[str]) -> int:
    """Count the signs of a domain that some fields show, 0 where one of them speaks against it."""
    if any(name in fields for name in domain.never):
        return 0
    return sum(all(domain.field_of(role, fields) for role in sign) for sign in domain.signs)
