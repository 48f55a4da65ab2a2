"""What Magpie is made of is told whole: every package it requires, every model, each licence."""

import json
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

from retrieval.models.registry import registry

ROOT = Path(__file__).parents[3]


def about(*options):
    command = [sys.executable, "-m", "assistant.commands.main", "about", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_bill_of_materials_names_every_package_and_model_with_its_licence():
    told = json.loads(about("--json"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    parts = {one["name"]: one for one in told["components"]}
    required = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", one)[0]).lower() for one in requires("magpie-assistant") if "extra ==" not in one}  # fmt: skip
    assert required <= parts.keys()
    assert {"markupsafe", "huggingface-hub"} <= parts.keys()  # that they require
    for name, model in registry().items():
        assert parts[name]["licenses"] == [{"license": {"name": model.licence}}]
        digests = [one["hashes"][0]["content"] for one in parts[name]["components"]]
        assert digests == [file.sha256 for file in model.files]
    licences = [one["licenses"][0]["license"]["name"] for one in told["components"]]
    assert licences.count("unknown") <= 3, licences
    assert len({one["bom-ref"] for one in told["components"]}) == len(parts)


def test_the_table_shows_licences():
    shown = about()
    assert re.search(r"Qwen|qwen", shown)
    assert "Apache-2.0" in shown
