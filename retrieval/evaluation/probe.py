"""Classify vectors with a linear probe: the only file here that imports scikit-learn.

Knows vectors and class numbers; knows no product. A linear probe shows how much class information
is linearly accessible in a vector (Alain and Bengio 2016, arXiv 1610.01644). Here the probe is
linear discriminant analysis (Fisher 1936, doi 10.1111/j.1469-1809.1936.tb02137.x), which has a
closed form: it takes seconds for a hundred classes, where logistic regression takes minutes, and
does not neglect rare classes. The shrinkage of the covariance is chosen on validation rows only.
"""

import warnings
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from retrieval.errors import MissingDependencyError
from retrieval.evaluation.classes import Classes
from retrieval.protocols import Vector

if TYPE_CHECKING:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

SHRINKAGES = (0.001, 0.01, 0.1)  # of the covariance towards a multiple of the identity


@dataclass(frozen=True)
class LabelledVectors:
    """Vectors (n, dimension) with their classes, (n,)."""

    vectors: Vector
    classes: Classes


@dataclass(frozen=True)
class Probed:
    """The chosen probe's predictions for validation and test rows."""

    validation: Vector  # (n, classes), probabilities
    test: Vector  # (n, classes), probabilities
    shrinkage: float
    seconds: float  # to fit with every shrinkage
    ms: float  # to classify one row


def probe(
    train: LabelledVectors, validation: LabelledVectors, test: Vector, classes: int
) -> Probed:
    """Fit probes on training rows and keep the one with the best validation accuracy.

    A class without training rows is never predicted.

    Raises: MissingDependencyError when scikit-learn is not installed.
    """
    since = perf_counter()
    fitted = [_fit(train, one) for one in SHRINKAGES]
    seconds = perf_counter() - since
    tried = [_said(model, validation.vectors, classes) for model in fitted]
    best = int(np.argmax([(s.argmax(axis=1) == validation.classes).mean() for s in tried]))
    since = perf_counter()
    found = _said(fitted[best], test, classes)
    ms = 1000 * (perf_counter() - since) / max(len(test), 1)
    return Probed(tried[best], found, SHRINKAGES[best], seconds, ms)


def _fit(train: LabelledVectors, shrinkage: float) -> "LinearDiscriminantAnalysis":
    try:
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    except ImportError as error:
        cure = "pip install 'magpie-assistant[evaluation]'"
        raise MissingDependencyError(f"a linear probe needs scikit-learn: {cure}") from error
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Only one sample")  # of a rare class: it has no variance
        # In float32 the solver sometimes fails on vectors with constant numbers, which a trained
        # fusion gives for a modality that no item has.
        return model.fit(train.vectors.astype(np.float64), train.classes)


def _said(model: "LinearDiscriminantAnalysis", vectors: Vector, classes: int) -> Vector:
    """Return the probabilities of all classes, (n, classes)."""
    found = np.zeros((len(vectors), classes), dtype=np.float32)
    found[:, model.classes_] = model.predict_proba(vectors)
    return found
