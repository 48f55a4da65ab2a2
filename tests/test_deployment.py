"""What Magpie is deployed by agrees with the code: packages, settings, ports, probes, rights."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from assistant.api.gate import OPEN_PATHS
from assistant.api.server.api_server import API_PORT
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
KUBERNETES = (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")


def test_the_image_has_every_package_and_runs_as_nobody_in_particular():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert {name.rstrip("*") for name in setuptools["packages"]["find"]["include"]} == copied
    assert all(f"{name}.py" in DOCKERFILE for name in setuptools["py-modules"])
    user = re.search(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)[1]
    assert int(user) > 0
    assert f"--uid {user}" in DOCKERFILE
    assert f"runAsUser: {user}" in KUBERNETES


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, KUBERNETES])
def test_every_setting_that_is_named_is_one(text):
    named = set(re.findall(r"MAGPIE_(\w+)", text))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_ports_and_probes_are_those_of_the_server():
    assert f"EXPOSE {API_PORT}\n" in DOCKERFILE
    services = yaml.safe_load(COMPOSE)["services"]
    assert services["magpie"]["ports"] == [f"127.0.0.1:{API_PORT}:{API_PORT}"]
    parts = {part["kind"]: part for part in yaml.safe_load_all(KUBERNETES)}
    assert set(parts) == {"PersistentVolumeClaim", "Deployment", "Service"}
    (container,) = parts["Deployment"]["spec"]["template"]["spec"]["containers"]
    for probe in (container["livenessProbe"], container["readinessProbe"]):
        asked = probe["httpGet"]
        assert OPEN_PATHS.fullmatch(asked["path"])
        assert asked["port"] == API_PORT
        assert asked["httpHeaders"][0]["value"] in container["args"]


def test_every_image_of_others_has_a_version():
    services = yaml.safe_load(COMPOSE)["services"].values()
    images = [one["image"] for one in services if "image" in one]
    assert len(images) == 3
    assert all(re.search(r":v?\d", image) for image in images)
