"""Name classes from vectors with a linear probe: the one file here that imports scikit-learn.

Knows vectors and class numbers; knows no product. Alain and Bengio 2016, arXiv 1610.01644: how much
of a class can be read off a vector by a straight cut. Logistic regression with an L2 penalty whose
strength is chosen on validation rows alone.
"""

import warnings
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from retrieval.errors import MissingDependencyError
from retrieval.evaluation.classes import Classes
from retrieval.fusion.concatenation import Vector

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

STRENGTHS = (0.003, 0.02, 0.1)  # of the rows against the penalty, scikit-learn's C
_STEPS = 100


@dataclass(frozen=True)
class Part:
    """Vectors (n, dimension) whose classes are known, (n,)."""

    vectors: Vector
    classes: Classes


@dataclass(frozen=True)
class Probed:
    """What the chosen probe says of validation and test rows."""

    validation: Vector  # (n, classes), probabilities
    test: Vector  # (n, classes), probabilities
    strength: float
    seconds: float  # of fitting all strengths
    ms: float  # for naming one row


def probe(train: Part, validation: Part, test: Vector, classes: int) -> Probed:
    """Fit probes on training rows and keep the one that names most validation rows rightly.

    All vectors are counted from the training mean, in units of the root of their mean square. A
    class without a training row is never named.

    Raises: MissingDependencyError when scikit-learn is not installed.
    """
    middle = train.vectors.mean(axis=0)
    unit = max(float(np.sqrt(np.square(train.vectors - middle).mean())), 1e-12)
    since = perf_counter()
    fitted = [_fit((train.vectors - middle) / unit, train.classes, one) for one in STRENGTHS]
    seconds = perf_counter() - since
    tried = [_said(model, (validation.vectors - middle) / unit, classes) for model in fitted]
    best = int(np.argmax([(s.argmax(axis=1) == validation.classes).mean() for s in tried]))
    since = perf_counter()
    found = _said(fitted[best], (test - middle) / unit, classes)
    ms = 1000 * (perf_counter() - since) / max(len(test), 1)
    return Probed(tried[best], found, STRENGTHS[best], seconds, ms)


def _fit(vectors: Vector, classes: Classes, strength: float) -> "LogisticRegression":
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        cure = "pip install 'magpie-assistant[evaluation]'"
        raise MissingDependencyError(f"a linear probe needs scikit-learn: {cure}") from error
    model = LogisticRegression(C=strength, max_iter=_STEPS)  # lbfgs: nothing is left to chance
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it may stop after so many steps
        return model.fit(vectors, classes)


def _said(model: "LogisticRegression", vectors: Vector, classes: int) -> Vector:
    """Return the probabilities of all classes, (n, classes)."""
    found = np.zeros((len(vectors), classes), dtype=np.float32)
    found[:, model.classes_] = model.predict_proba(vectors)
    return found
