"""Batches are encoded in order, each by one thread, on the cores that there are."""

import sys
import threading
from pathlib import Path

import pytest
import torch

from retrieval.encoders.batching import Cores, multiplies_bfloat16

CPU = torch.device("cpu")


def test_batches_come_back_in_order_each_worked_on_by_one_thread():
    before = torch.get_num_threads()
    cores, seen = Cores(CPU), set()
    assert torch.get_num_threads() == before

    def encode(batch):
        seen.add((threading.get_ident(), torch.get_num_threads()))
        assert torch.is_inference_mode_enabled()
        return sum(batch)

    assert cores.encode(encode, [[n, n] for n in range(40)]) == [2 * n for n in range(40)]
    assert {threads for _, threads in seen} == {1}
    assert len(seen) <= before
    assert cores.encode(encode, []) == []


def test_other_threads_keep_all_cores():
    before, seen = torch.get_num_threads(), []
    Cores(CPU)
    other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert [torch.get_num_threads(), *seen] == [before, before]


@pytest.mark.parametrize("built_for_it", [True, False])
def test_only_many_inputs_are_encoded_in_half_precision_where_that_is_fast(
    monkeypatch, built_for_it
):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: built_for_it)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    matrix = torch.eye(4)
    kinds = Cores(CPU).encode(lambda batch: (matrix @ matrix).dtype, [[0] * 3, [0] * 16])
    assert kinds == [torch.float32, torch.bfloat16 if built_for_it else torch.float32]


def test_avx_512_alone_is_not_built_for_half_precision():
    flags = set(Path("/proc/cpuinfo").read_text().split()) if sys.platform == "linux" else set()
    if not flags & {"avx2", "avx512f"}:
        pytest.skip("this is no x86 processor under Linux")
    assert multiplies_bfloat16(CPU) == bool(flags & {"avx512_bf16", "amx_tile"})


def test_an_error_is_raised_and_the_threads_go_on():
    cores = Cores(CPU)
    with pytest.raises(ZeroDivisionError):
        cores.encode(lambda batch: 1 // batch[0], [[1], [0], [2]])
    assert cores.encode(len, [[1, 2]]) == [2]
