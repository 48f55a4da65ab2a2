"""What columns are, on shops that nobody here wrote; corrections by their owner."""

import json
from pathlib import Path

import pytest

from retrieval.catalogue.headers import split_header
from retrieval.catalogue.profile import corrected_profile, infer_profile
from retrieval.items import Catalogue, Item
from tests.builders import TRADES, trade

DATA = Path(__file__).parents[2] / "data"
MISSED = {  # one of few values, and no quantity, but the shopkeeper would give them a unit
    ("toys_kids.csv", "dimensions"),
    ("shoes_outdoor.csv", "packed size"),
}
KNOWN = {"id", "title", "description", "price", "currency", "brand", "category", "url"}


@pytest.mark.parametrize("name", TRADES)
def test_every_column_of_four_trades_has_its_role_type_and_unit(name):
    profile, wrong = infer_profile(trade(name)), {}
    for said in json.loads((DATA / "expected_columns.json").read_text("utf-8")):
        if said["file"] != name or said["role"] in KNOWN or (name, said["column"]) in MISSED:
            continue
        name_of = split_header(" ".join(said["column"].casefold().replace("_", " ").split()))[0]
        if said["role"] == "stock":  # what is there becomes a count, 0 or 1 where none is given
            assert profile.fields["stock"].role == "stock"
            continue
        field = profile.fields[name_of]
        roles, types, units = (
            {said[key], *said.get(f"also_{key}", ())} for key in ("role", "type", "unit")
        )
        units |= {"year"} if field.type == "date" else set()  # in which dates are compared
        if field.role not in roles or field.type not in types or field.unit not in units:
            wrong[said["column"]] = (field.role, field.type, field.unit)
    assert not wrong


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("weight (kg)", "weight", "kg"), ("height cm", "height", "cm"), ("pages", "pages", ""),
        ("battery life (hours)", "battery life", "h"), ("release year", "release year", ""),
        ("made in", "made in", ""), ("safety age (in months)", "safety age", "month"),
        ("author (translator)", "author", ""), ("size", "size", ""),
    ],
)  # fmt: skip
def test_a_unit_is_taken_out_of_a_header(header, name, unit):
    assert split_header(header) == (name, unit)


def test_an_owner_corrects_a_field_and_is_told_what_cannot_be():
    items = {str(n): Item(str(n), "Lamp", attributes={"glow": f"{n}00"}) for n in range(1, 9)}
    profile = infer_profile(Catalogue("lamps", items))
    assert (profile.fields["glow"].type, profile.fields["glow"].unit) == ("number", "")
    better = corrected_profile(profile, {"glow": {"type": "quantity", "unit": "lm"}})
    assert (better.fields["glow"].type, better.fields["glow"].unit) == ("quantity", "lm")
    with pytest.raises(ValueError, match=r"'shine' is no field of this catalogue \(fields: glow"):
        corrected_profile(profile, {"shine": {"unit": "lm"}})
    with pytest.raises(ValueError, match="'glow': colour cannot be said of a field"):
        corrected_profile(profile, {"glow": {"colour": "red"}})
