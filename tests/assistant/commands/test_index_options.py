"""What `magpie index` is told of a catalogue reaches the reader."""

import pytest
from typer.testing import CliRunner

from assistant.commands.main import app
from assistant.commands.options import column_mapping
from retrieval.errors import SettingsError


def test_columns_are_given_as_field_and_column():
    assert column_mapping(["title=Name", " price = Preis (€)=brutto"]) == {
        "title": "Name",
        "price": "Preis (€)=brutto",
    }
    for wrong in ("title", "title=", "=Name"):
        with pytest.raises(SettingsError, match="write FIELD=COLUMN, as in --map title=Name"):
            column_mapping([wrong])


def test_the_help_names_every_option():
    told = CliRunner().invoke(app, ["index", "--help"], env={"COLUMNS": "200"}).output
    for option in ("--format", "--map", "--sheet", "--table", "--query", "PATH"):
        assert option in told
