"""The files on the web that the lines of a product name, and the lines once these are here.

Knows lines; fetches nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from retrieval.catalogue.cells import NamedFile
from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.products import ProductLines
from retrieval.catalogue.rows import Line
from retrieval.catalogue.web.address import RemoteFile
from retrieval.catalogue.web.limits import Kind

AskedFile = tuple[RemoteFile, Kind]
Fetched = Mapping[
    AskedFile, Path | str
]  # its file, or what is wrong with it, "" where that is not told
FetchFiles = Callable[[Iterable[ProductLines | Problem]], Iterator[ProductLines | Problem]]

_SHOWN = 300  # characters of an address in a problem
_VARIANT = "variant picture"


def asked_files(product: ProductLines) -> tuple[AskedFile, ...]:
    """Return the files on the web that a product's lines name, each once, in order."""
    asked = [
        (file, kind_of(field))
        for line in product.lines
        for field, files in line.files.items()
        for file in files
        if isinstance(file, RemoteFile)
    ]
    shown = (line.variant_picture for line in product.lines)
    asked += [(file, kind_of(_VARIANT)) for file in shown if isinstance(file, RemoteFile)]
    return tuple(dict.fromkeys(asked))


def kind_of(field: str) -> Kind:
    """Return what the files of a field must be."""
    return "picture" if "picture" in field else "recording"


def with_files(product: ProductLines, fetched: Fetched) -> tuple[list[Problem], ProductLines]:
    """Return a product with the files that are here, and a problem for each that is not."""
    problems: dict[tuple[int, str], Problem] = {}
    lines = []
    for line in product.lines:
        files = {
            field: _here(line, field, files, fetched, problems)
            for field, files in line.files.items()
        }
        own = (line.variant_picture,) if line.variant_picture else ()
        shown = next(iter(_here(line, _VARIANT, own, fetched, problems)), None)
        picture = shown if isinstance(shown, Path) else None
        lines.append(replace(line, files=files, variant_picture=picture))
    return list(problems.values()), replace(product, lines=lines)


def leave_on_the_web(
    found: Iterable[ProductLines | Problem],
) -> Iterator[ProductLines | Problem]:
    """Yield products without their files on the web, which are reported."""
    for one in found:
        if isinstance(one, ProductLines) and (asked := asked_files(one)):
            told = "is on the web and is not fetched here: `magpie index` fetches it"
            problems, product = with_files(one, dict.fromkeys(asked, told))
            yield from problems
            yield product
        else:
            yield one


def _here(
    line: Line,
    field: str,
    files: Iterable[NamedFile],
    fetched: Fetched,
    problems: dict[tuple[int, str], Problem],
) -> tuple[NamedFile, ...]:
    """Return those of a field's files that are here; note the others, each once in a row."""
    here: list[NamedFile] = []
    for file in files:
        if not isinstance(file, RemoteFile):
            here.append(file)
            continue
        became = fetched[file, kind_of(field)]
        if isinstance(became, Path):
            here.append(became)
        elif became:
            reason, _, cure = became.partition(": ")
            problem = Problem(line.number, field, reason, file.address[:_SHOWN], cure)
            problems.setdefault((line.number, file.address), problem)
    return tuple(dict.fromkeys(here))
