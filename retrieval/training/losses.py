"""Contrastive losses: pictures with captions, and pictures with pictures.

Knows unit vectors and which pairs match; knows no model and no wording.
"""

import torch
from torch import Tensor
from torch.nn import functional


def many_true(logits: Tensor, truth: Tensor) -> Tensor:
    """Return InfoNCE where a row may have several positive columns (UniCL, arXiv 2204.03610).

    Rows without a positive column are ignored. `logits` and `truth` are (rows, columns).
    """
    rows = truth.any(1)
    if not bool(rows.any()):
        return logits.sum() * 0
    logits, truth = logits[rows], truth[rows]
    share = truth / truth.sum(1, keepdim=True)
    return -(share * functional.log_softmax(logits, dim=1)).sum(1).mean()


def pictures_and_captions(
    pictures: Tensor, captions: Tensor, true: Tensor, scale: Tensor
) -> Tensor:
    """Return the loss of a caption group, in both directions.

    pictures (n, d) and captions (m, d) are unit vectors; `true` (n,) is each picture's caption.
    A picture is classified among all captions, and a caption among all pictures (InfoNCE, arXiv
    2103.00020).
    """
    logits = scale * pictures @ captions.T
    choose_caption = functional.cross_entropy(logits, true, label_smoothing=0.05)
    truth = functional.one_hot(true, len(captions)).T.bool()
    return 0.5 * (choose_caption + many_true(logits.T, truth))


def softly(logits: Tensor, hints: Tensor) -> Tensor:
    """Return the distillation loss against a teacher's logits, in both directions.

    `logits` and `hints` (the teacher's) are (pictures, captions); the hints are soft targets (arXiv
    1503.02531).
    """
    choose_caption = functional.cross_entropy(logits, hints.softmax(1))
    return 0.5 * (choose_caption + functional.cross_entropy(logits.T, hints.T.softmax(1)))


def pictures_alike(pictures: Tensor, alike: Tensor, temperature: float) -> Tensor:
    """Pull pictures with the same label together (SupCon, arXiv 2004.11362); -1 is no label."""
    logits = pictures @ pictures.T / temperature
    self_pair = torch.eye(len(pictures), dtype=torch.bool, device=pictures.device)
    truth = (alike[:, None] == alike[None]) & (alike >= 0)[:, None] & ~self_pair
    return many_true(logits.masked_fill(self_pair, -1e4), truth)


def same_picture(views: Tensor, pictures: Tensor, at: Tensor, temperature: float) -> Tensor:
    """Classify each augmented view's picture among all pictures (SimCLR, arXiv 2002.05709)."""
    return functional.cross_entropy(views @ pictures.T / temperature, at)
