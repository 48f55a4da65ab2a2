"""A safetensors file written in pieces: what a reader sees, and what an interruption leaves."""

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from assistant.model.tensor_file import ALIGNMENT, TensorFile

ONE = {"a.weight": torch.arange(6).view(2, 3).bfloat16(), "a.scales": torch.rand(2)}
TWO = {
    "b.codes": torch.arange(64, dtype=torch.uint8),
    "b.scalar": torch.tensor(3, dtype=torch.int8),
}
THREE = {"c": torch.rand(64, 2).T}  # not contiguous


def write(file, *, groups=(ONE, TWO, THREE)):
    with TensorFile(file, "test") as written:
        for number, group in enumerate(groups):
            if not written.holds(str(number)):
                written.add(str(number), group)
        if len(groups) == 3:
            written.finish()


def held(file, purpose):
    with TensorFile(file, purpose) as written:
        return [number for number in "012" if written.holds(number)]


def test_safetensors_reads_what_was_written(tmp_path):
    write(tmp_path / "it.safetensors")
    found = load_file(tmp_path / "it.safetensors")
    for name, tensor in (ONE | TWO | THREE).items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)
    assert [path.name for path in tmp_path.iterdir()] == ["it.safetensors"]


def test_numbers_are_aligned_where_the_file_is_mapped(tmp_path):
    write(tmp_path / "it.safetensors")
    with safe_open(tmp_path / "it.safetensors", "pt") as tensors:
        assert tensors.get_tensor("a.weight").data_ptr() % ALIGNMENT == 0


@pytest.mark.parametrize("lost", [0, 1, 40])
def test_an_interrupted_writer_goes_on(tmp_path, lost):
    whole, cut = tmp_path / "whole.safetensors", tmp_path / "cut.safetensors"
    write(whole)
    write(cut, groups=(ONE, TWO))
    journal = tmp_path / "cut.safetensors.journal"
    journal.write_bytes(journal.read_bytes()[: -lost or None])  # its last line was cut short
    with cut.open("ab") as numbers:
        numbers.write(b"half a tensor")
    assert held(cut, "test") == (["0"] if lost else ["0", "1"])
    write(cut)
    assert cut.read_bytes() == whole.read_bytes()


def test_a_file_for_something_else_is_begun_anew(tmp_path):
    write(tmp_path / "it.safetensors", groups=(ONE, TWO))
    assert held(tmp_path / "it.safetensors", "another") == []
    assert held(tmp_path / "it.safetensors", "test") == []
