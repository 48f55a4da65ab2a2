"""Report search with missing modalities, and search of items with only a spoken description.

Knows which tables belong together; measures nothing itself.
"""

from retrieval.evaluation.products.features import Features
from retrieval.evaluation.products.missing import (
    ASKED,
    GONE,
    MISSING_SHARES,
    SearchedProducts,
    attempt,
    table_of_losses,
)
from retrieval.evaluation.products.promises import never_worse, unpunished
from retrieval.evaluation.products.shelf import Materials, make_shelf, prepare
from retrieval.evaluation.report import Report, Table, Tell


def run_robustness(
    features: Features,
    materials: Materials,
    spoken: tuple[Table, ...],
    *,
    tell: Tell = lambda line: None,
) -> Report:
    """Evaluate on the 4,000 held-out test products.

    `spoken` are the tables of items with spoken descriptions
    (retrieval/evaluation/speech/spoken.py).
    """
    places, encoders, open_lexical = features.split.test, materials.encoders, materials.open_lexical
    trained = materials.trained
    stock = SearchedProducts(
        features,
        places,
        make_shelf(features, places, encoders.dimensions, open_lexical),
        open_lexical,
    )
    asked = {
        kind: prepare(features, places, stock.whole, encoders, kind, materials.queries)
        for kind in ASKED
    }
    trials = []
    for gone, what in GONE.items():
        shelves = {share: stock.without(gone, share) for share in MISSING_SHARES}
        for kind, prepared in asked.items():
            tell(f"{what} go, asked by {kind}")
            trials.append(attempt(gone, kind, prepared, shelves, trained))
    half = stock.without("picture", 0.5)
    promised = (
        never_worse([one for one in trials if one.gone == "picture"]),
        unpunished(asked["reworded titles"], half, trained),
    )
    return Report(
        "What happens when something is missing",
        "magpie evaluate robustness --data FOLDER [--fusion FOLDER]",
        f"{encoders.text.name} and {encoders.picture.name}, one CPU core",
        (*promised, *(table_of_losses(one) for one in trials), *spoken),
    )
