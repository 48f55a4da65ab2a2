"""What is still being prepared: each step that can be shown has its message in every language."""

import ast
import inspect
from itertools import product
from typing import get_args

import pytest

from assistant import beginning, build, models
from assistant.events import Doing, Preparing
from assistant.page.markup.steps import preparing_said, step_said
from assistant.page.markup.wording import page_languages, wording
from retrieval.models.fetch import FetchStep

STEPS = get_args(Doing)
LANGUAGES = sorted(page_languages())


@pytest.mark.parametrize(("step", "language"), list(product(STEPS, LANGUAGES)))
def test_each_step_is_said_in_each_language_with_its_amount_and_the_time_left(step, language):
    say = wording(language)
    assert say.language == language
    assert step_said(Preparing(step, "demo"), say) == say(f"steps.{step}", about="demo")
    for unit, total in product(("bytes", "items", "layers"), (0.0, 4e6)):
        now = Preparing(step, "demo", 1e6, total, unit, 300.0 if total else None)
        assert step_said(now, say).startswith(say(f"steps.{step}", about="demo"))
        assert preparing_said(now, say) != preparing_said(Preparing(step, "demo"), say)


def test_every_step_of_a_fetch_is_one():
    assert set(get_args(FetchStep)) <= set(STEPS)


def test_what_the_first_start_reports_is_a_step_that_can_be_said():
    """A step without a message would leave the line of another one standing."""
    for module in (beginning, build, models):
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(call, ast.Call) and "Step" in {
                getattr(one, "id", "") for one in (call.func, *call.args)
            }:
                assert "doing" in {one.arg for one in call.keywords}, ast.unparse(call)


def test_amounts_and_times_are_said_as_a_language_says_them():
    quantising = Preparing("quantising", "qwen", 1200, 4000, "layers", 89.6)
    assert step_said(quantising, wording("en")) == (
        "Quantising qwen: 1,200 of 4,000 layers, about 90 s left"
    )
    assert step_said(quantising, wording("de")).endswith(
        "1.200 von 4.000 Schichten, noch etwa 90 s"
    )
    one = Preparing("indexing", "list.csv", 1, unit="items")
    assert step_said(one, wording("en")) == "Indexing list.csv: 1 item so far"
    assert preparing_said(one, wording("zh")) == "正在准备——正在为 list.csv 建立索引：已完成 1 件"
    assert preparing_said(None, wording("en")) == ""
