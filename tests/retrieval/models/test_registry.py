"""The registry: what a first start needs is in it, and its numbers add up."""

import pytest

from retrieval.models.registry import registry


def test_registry_names_what_a_first_start_needs():
    roles = {model.role for model in registry().values()}
    assert roles == {"language", "text", "speech", "data"}
    assert registry()["qwen2.5-coder-1.5b-instruct"].size == 1_117_320_768


@pytest.mark.parametrize("name", registry())
def test_registered_parts_add_up(name):
    for file in registry()[name].files:
        assert sum(part.size for part in file.parts) == file.size, file.path
        assert all(len(digest) == 64 for digest in (file.sha256, *(p.sha256 for p in file.parts)))
        assert all("==" in part.wheel for part in file.parts)


def test_one_part_files_have_their_parts_hash():
    for model in registry().values():
        for file in model.files:
            if len(file.parts) == 1:
                assert file.parts[0].sha256 == file.sha256
