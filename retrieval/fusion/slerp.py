"""Combine a photo's and a text's vector from the picture encoder, by spherical interpolation.

Knows arithmetic only. Jang, Huynh, Shah, Chen and Lim, "Spherical Linear Interpolation and
Text-Anchoring for Zero-shot Composed Image Retrieval", ECCV 2024, arXiv 2405.00571.
"""

import numpy as np

from retrieval.protocols import Vector


def slerp(start: Vector, end: Vector, share: float) -> Vector:
    """Return the unit vector at `share` of the arc from `start` (0) to `end` (1), unit vectors."""
    angle = float(np.arccos(np.clip(start @ end, -1.0, 1.0)))
    if np.sin(angle) < 1e-4:  # equal directions, or opposite ones, which have no unique arc
        return start if share < 0.5 else end
    near, far = np.sin((1 - share) * angle), np.sin(share * angle)
    return np.asarray((near * start + far * end) / np.sin(angle), dtype=np.float32)
