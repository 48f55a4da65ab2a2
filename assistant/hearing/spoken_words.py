"""How shopping is spoken, by language: what `spoken.toml` says.

Knows the file; knows no catalogue and no transcript.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def spoken_words() -> Mapping[str, Mapping[str, Any]]:
    """Return how shopping is spoken, by language."""
    return tomllib.loads(files(__package__).joinpath("spoken.toml").read_text("utf-8"))
