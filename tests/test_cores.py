import threading

import pytest
import torch

from retrieval.cores import encode_batches

CPU = torch.device("cpu")


def test_batches_come_back_in_order_each_worked_on_by_one_thread():
    before = torch.get_num_threads()
    seen = []

    def encode(batch):
        seen.append(
            (threading.get_ident(), torch.get_num_threads(), torch.is_inference_mode_enabled())
        )
        return sum(batch)

    assert encode_batches(encode, [[n, n] for n in range(20)], CPU) == [2 * n for n in range(20)]
    assert torch.get_num_threads() == before
    assert all(inference for _, _, inference in seen)
    if before > 1:
        assert {threads for _, threads, _ in seen} == {1}
        assert threading.get_ident() not in {thread for thread, _, _ in seen}


def test_a_single_batch_stays_in_its_thread():
    assert encode_batches(lambda batch: threading.get_ident(), [[1]], CPU) == [
        threading.get_ident()
    ]
    assert encode_batches(len, [], CPU) == []


def test_only_many_inputs_are_encoded_in_half_precision():
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("this processor has no half precision")
    matrix = torch.eye(4)

    def encode(batch):
        return (matrix @ matrix).dtype

    kinds = encode_batches(encode, [[0] * 3, [0] * 16], CPU)
    assert kinds == [torch.float32, torch.bfloat16]


def test_an_error_is_raised_and_leaves_the_threads_as_they_were():
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError):
        encode_batches(lambda batch: 1 // batch[0], [[1], [0], [2]], CPU)
    assert torch.get_num_threads() == before
