"""Shared training code; `pictures` trains the picture encoder, `fusion` trains a fusion network.

Knows steps, losses and splits; knows no catalogue and no command.

    curves          ◆ matplotlib: the curves of a training run
    losses          contrastive losses: picture-caption and picture-picture
    splits          training, validation and test splits of records
    trainer         the training loop, with checkpoints that resume to the same result
"""

__all__ = ["curves", "losses", "splits", "trainer"]
