"""Limits that chance words, over six shops and the fashion data, held against the raw files."""

import pytest

from tests.assistant.understanding.generated_limits.drawing import DATA, generated_limits
from tests.assistant.understanding.generated_limits.judging import missed, requests_of
from tests.assistant.understanding.generated_limits.shops import SHOPS

SEEDS = (1, 2, 3)  # what they showed at first sight stands in docs/catalogue.md


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shop", SHOPS, ids=[shop.path.rpartition("/")[2] for shop in SHOPS])
def test_a_generated_limit_admits_what_the_raw_file_admits(shop, seed):
    limits = [one for one in generated_limits(seed) if one.path == shop.path]
    wrong = {one.message: told for one in limits if (told := missed(one, DATA / shop.path))}
    assert not wrong


def test_a_generated_request_for_values_admits_what_the_raw_rows_have(data):
    path = data / "fashion" / "products.parquet"
    asked = [one for seed in SEEDS for one in requests_of(path, seed)]
    wrong = {one.message: told for one in asked if (told := missed(one, path))}
    assert not wrong
