"""Find people by what they do not write: an interest that is only drawn, or only spoken.

    python -m benchmarks.unwritten

Every invented person has one interest that stands in no text: it is what the picture shows, or what
the spoken introduction is about (`demo/people/profiles.py`). Each interest is asked for in words;
wanted are those who have it so. Shown is how many of them are among the first ten, with all
modalities and without each, and what that costs those who do write it.
"""

from collections.abc import Mapping
from dataclasses import replace

from assistant.build import open_catalogue
from assistant.models import load_encoders
from assistant.settings import load_settings
from demo.people.profiles import personas
from retrieval.embed import Encoders
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.metrics import recall_at
from retrieval.index.index import Index
from retrieval.items import Query
from retrieval.search import search

_FOUND = 10
_LEFT_OUT: Mapping[str, Mapping[str, float]] = {
    "all": {},
    "without speech": {"speech": 0.0},
    "without pictures": {"picture": 0.0},
    "text alone": {"speech": 0.0, "picture": 0.0},
}


def wanted_people(index: Index) -> dict[str, dict[str, set[str]]]:
    """Return who has each interest only drawn, only spoken, or written, by kind and interest."""
    found: dict[str, dict[str, set[str]]] = {"drawn": {}, "spoken": {}, "written": {}}
    for one in personas():
        if one.id not in index.catalogue.items:
            continue
        kind = "drawn" if one.drawn == one.unwritten else "spoken"
        found[kind].setdefault(one.unwritten, set()).add(one.id)
        for interest in one.interests:
            found["written"].setdefault(interest, set()).add(one.id)
    return found


def recalls(index: Index, encoders: Encoders, wanted: Mapping[str, set[str]]) -> list[float]:
    """Return the recall of each interest, asked for in words."""
    values = []
    for interest, people in sorted(wanted.items()):
        found = search(Query(f"somebody who likes {interest}"), index, encoders, limit=_FOUND)
        values.append(recall_at([one.item.id for one in found], people, _FOUND))
    return values


def main() -> None:
    """Print the recall of each kind of interest, with and without each modality."""
    settings = load_settings(catalogue="people", language_model="none")
    encoders = load_encoders(settings, lambda step: None)
    index = open_catalogue(settings, encoders, lambda step: None)
    for kind, wanted in wanted_people(index).items():
        print(f"\n{kind}: {len(wanted)} interests of {len(set().union(*wanted.values()))} people")
        rows = {}
        for name, factors in _LEFT_OUT.items():
            domain = index.catalogue.domain
            weighed = replace(domain, modalities={**domain.modalities, **factors})
            catalogue = replace(index.catalogue, domain=weighed)
            rows[name] = recalls(replace(index, catalogue=catalogue), encoders, wanted)
            print(f"  {name:18} recall@{_FOUND} {figure(rows[name])}")
        for name in list(_LEFT_OUT)[1:]:
            print(f"  all against {name}: {paired(rows['all'], rows[name])}")


if __name__ == "__main__":
    main()
