"""What was read before: the longest beginning is found, and a budget is kept to."""

import numpy as np

from assistant.model.prefix_cache import PastTokens, Prefixes, shared


def read(*ids):
    column = np.array(ids, dtype=np.float32).reshape(1, 1, -1, 1)
    return PastTokens(ids, ((column, column),))


def test_shared_counts_the_common_beginning():
    assert shared([1, 2, 3], [1, 2, 4]) == 2
    assert shared([], [1]) == 0
    assert shared([1, 2], [1, 2, 3]) == 2


def test_the_longest_beginning_is_found_and_cut():
    prefixes = Prefixes(budget=100)
    prefixes.remember(read(1, 2, 3, 4))
    prefixes.remember(read(1, 9, 9, 9))
    found = prefixes.longest([1, 2, 3, 7, 7])
    assert found.ids == (1, 2, 3)
    assert found.layers[0][0].ravel().tolist() == [1, 2, 3]
    assert prefixes.longest([5]) is None


def test_one_token_is_always_left_to_compute():
    prefixes = Prefixes(budget=100)
    prefixes.remember(read(1, 2, 3))
    assert prefixes.longest([1, 2, 3]).ids == (1, 2)
    assert prefixes.longest([1]) is None


def test_long_prompts_of_one_kind_push_no_other_kind_out():
    prefixes = Prefixes(budget=100)
    prefixes.remember(read(*[1] * 20, 5))
    for number in range(9):
        prefixes.remember(read(*[2] * 20, *[number + 10] * 25))
    assert prefixes.longest([1] * 20 + [6]).ids == (1,) * 20
    assert prefixes.longest([2] * 20 + [18] * 25).ids == (2,) * 20 + (18,) * 24


def test_the_budget_drops_what_was_used_least_recently():
    prefixes = Prefixes(budget=6)
    prefixes.remember(read(1, 1, 1))
    prefixes.remember(read(2, 2, 2))
    assert prefixes.longest([1, 1, 5])  # used again
    prefixes.remember(read(3, 3, 3))
    assert prefixes.longest([2, 2, 5]) is None
    assert prefixes.longest([1, 1, 5]).ids == (1, 1)
