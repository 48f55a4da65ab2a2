"""Classification metrics: accuracy, and macro precision, recall and F1, with intervals.

Pure arithmetic on class numbers; knows no classifier. Macro metrics are means over the classes that
have enough test items, because with one or two items a class's metric is mostly chance. Accuracy is
over all items.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.intervals import Figure, figure

LEAST_EXAMPLES = 10  # test items that a class must have to count in macro metrics

_RESAMPLES = 2_000

Classes = NDArray[np.int64]  # (items,) class numbers from 0


def named(said: Classes, true: Classes, *, seed: int = 0) -> Mapping[str, Figure]:
    """Return accuracy, macro precision, recall and F1 of the predictions `said`.

    The intervals are percentile bootstraps over the items (Efron 1979, doi
    10.1214/aos/1176344552): the counts of each (truth, prediction) pair in a resample are drawn
    from a multinomial. An undefined metric, such as the precision of a class that was never
    predicted, is 0.
    """
    pairs, counts = np.unique(np.stack([true, said]), axis=1, return_counts=True)
    dice = np.random.default_rng(seed)
    drawn = dice.multinomial(len(true), counts / len(true), size=_RESAMPLES)
    among = counted(true)
    found = _macro(pairs, counts[np.newaxis], among)[0]
    low, high = np.quantile(_macro(pairs, drawn, among), [0.025, 0.975], axis=0)
    names = ("macro precision", "macro recall", "macro F1")
    ends = zip(names, found, low, high, strict=True)
    macro = {name: Figure(float(v), float(a), float(b)) for name, v, a, b in ends}
    return {"accuracy": figure(said == true, seed=seed), **macro}


def counted(true: Classes) -> Classes:
    """Return the classes that count in macro metrics; all classes, if none has enough items."""
    sizes = np.bincount(true)
    enough = np.flatnonzero(sizes >= LEAST_EXAMPLES)
    return enough if len(enough) else np.flatnonzero(sizes)


def _macro(pairs: Classes, counts: Classes, among: Classes) -> NDArray[np.float64]:
    """Return macro precision, recall and F1 of (draws, pairs) counts, (draws, 3)."""
    true, said = (one[:, np.newaxis] == among for one in pairs)
    right, there, claimed = (counts @ one for one in (true & said, true, said))
    precision, recall = right / claimed.clip(1), right / there.clip(1)
    f1 = 2 * right / (there + claimed).clip(1)
    return np.stack([one.mean(axis=1) for one in (precision, recall, f1)], axis=1)
