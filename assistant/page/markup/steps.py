"""What is still being prepared, in the visitor's language: a step, its amount and the time left.

Knows steps as values and the page's messages; knows no clock and nothing of what does a step.
"""

from assistant.events import Preparing
from assistant.page.markup.wording import Wording

_MEGABYTE = 1e6
_LONG = 90  # seconds from which the time left is said in minutes
_MINUTE = 60  # seconds


def preparing_said(now: Preparing | None, say: Wording) -> str:
    """Say what is prepared and whether one can search meanwhile; "" when nothing is prepared."""
    if now is None:
        return ""
    return say("steps.joining" if now.answers else "steps.begins", step=step_said(now, say))


def step_said(now: Preparing, say: Wording) -> str:
    """Say a step, how much of it is done where that is known, and how long the rest takes."""
    step, amount = say(f"steps.{now.doing}", about=now.about), _amount(now, say)
    if not amount:
        return step
    if now.left is None:
        return say("steps.measured", step=step, amount=amount)
    return say("steps.timed", step=step, amount=amount, left=_left(now.left, say))


def _amount(now: Preparing, say: Wording) -> str:
    one = _MEGABYTE if now.unit == "bytes" else 1.0
    done, total = round(now.done / one), round(now.total / one)
    if now.total:
        return say(f"amounts.{now.unit}", done=done, total=total)
    return say(f"amounts.{now.unit}_so_far", count=done) if now.done else ""


def _left(seconds: float, say: Wording) -> str:
    if seconds < _LONG:
        return say("amounts.seconds_left", count=round(seconds))
    return say("amounts.minutes_left", count=round(seconds / _MINUTE))
