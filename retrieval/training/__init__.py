"""What every training shares; `pictures` teaches an encoder, `fusion` a learned fusion.

Knows steps, losses and splits; knows no catalogue and no command.

    curves          ◆ matplotlib: the curves of a training run
    losses          pictures against captions, and pictures against pictures
    splits          which records are trained on, tuned on and tested on
    trainer         step by step; stops anywhere and goes on to the same result
"""

__all__ = ["curves", "losses", "splits", "trainer"]
