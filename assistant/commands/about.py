"""`magpie about`: what Magpie is made of, with versions, licences and digests.

Knows the installed packages by their own metadata, the models by the registry and the tables by the
file beside them; loads none.
The JSON is a software bill of materials as CycloneDX 1.6 has it (https://cyclonedx.org), so that
tools that look for known faults and forbidden licences read it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement

from assistant.commands.options import JsonOption
from retrieval.models.registry import Model, registry

_OURS = "magpie-assistant"
_LONGEST = 300  # characters of a licence's name; longer ones are whole texts
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """A Python package that Magpie uses."""

    name: str
    version: str
    licence: str


def about(as_json: JsonOption = False) -> None:
    """Show every package, model and table in Magpie, with its licence; --json is CycloneDX."""
    from assistant.commands.terminal import print_json, print_table
    from assistant.understanding.languages.names import read_taxonomy

    packages, models = sorted(used_packages(), key=lambda one: one.name), registry().values()
    if as_json:
        return print_json(bill_of_materials(packages, models))
    rows = [("package", one.name, one.version, one.licence) for one in packages]
    rows += [(f"{one.role} model", one.name, one.revision, one.licence) for one in models]
    taxonomy = read_taxonomy()
    rows.append(("data", taxonomy.name, taxonomy.version, taxonomy.licence))
    return print_table(("kind", "name", "version", "licence"), rows)


def used_packages() -> Iterator[InstalledPackage]:
    """Yield what is installed of what Magpie requires, and of what that requires."""
    waiting, met = [_OURS], set[str]()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in met:
            continue
        met.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:  # of another platform
            continue
        yield InstalledPackage(name, found.version, _licence(found))
        asked = map(Requirement, found.requires or ())
        waiting += [
            one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})
        ]


def bill_of_materials(
    packages: Iterable[InstalledPackage], models: Iterable[Model]
) -> dict[str, Any]:
    """Return packages and models as a CycloneDX document; models' files with their SHA-256."""
    ours, others = list[dict[str, Any]](), list[dict[str, Any]]()
    for one in packages:
        purl = f"pkg:pypi/{one.name}@{one.version}"
        part = {"type": "library", "bom-ref": purl, "name": one.name, "version": one.version}
        whole = {**part, "purl": purl, "licenses": [{"license": {"name": one.licence}}]}
        (ours if one.name == _OURS else others).append(whole)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**ours[0], "type": "application"}} if ours else {},
        "components": [*others, *map(_model_part, models), _taxonomy_part()],
    }


def _model_part(model: Model) -> dict[str, Any]:
    files = [
        {
            "type": "file",
            "name": one.path,
            "hashes": [{"alg": "SHA-256", "content": one.sha256}],
        }
        for one in model.files
    ]
    return {
        "type": "data" if model.role == "data" else "machine-learning-model",
        "bom-ref": f"model:{model.name}",
        "name": model.name,
        "version": model.revision,
        "description": model.about,
        "licenses": [{"license": {"name": model.licence}}],
        "components": files,
    }


def _taxonomy_part() -> dict[str, Any]:
    from assistant.understanding.languages.names import read_taxonomy

    taxonomy = read_taxonomy()
    return {
        "type": "data",
        "bom-ref": f"data:{taxonomy.name}",
        "name": taxonomy.name,
        "version": taxonomy.version,
        "licenses": [{"license": {"name": taxonomy.licence}}],
    }


def _licence(found: Distribution) -> str:
    """Return a package's licence as its metadata state it: the name, never the whole text."""
    told = found.metadata
    names = [*(told.get_all("License-Expression") or ()), *(told.get_all("License") or ())]
    listed = [one for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    names += [one.rpartition(" :: ")[2] for one in listed]
    heads = (one.strip().partition("\n")[0] for one in names if one)
    short = (one for one in heads if one and len(one) <= _LONGEST)
    return next((one for one in short if one.upper() != "UNKNOWN"), _UNKNOWN)
