"""How search holds up when modalities are missing, and when items only speak: one report.

Knows which tables belong together; measures nothing itself.
"""

from collections.abc import Callable

from retrieval.embed import Encoders
from retrieval.evaluation.features import Features
from retrieval.evaluation.missing import ASKED, GONE, SHARES, Stock, attempt, table
from retrieval.evaluation.promises import never_worse, unpunished
from retrieval.evaluation.report import Report, Table
from retrieval.evaluation.retrieval import OpenWords, make_shelf, prepare

Tell = Callable[[str], None]


def run(
    features: Features,
    encoders: Encoders,
    open_words: OpenWords,
    spoken: tuple[Table, ...],
    *,
    queries: int = 200,
    tell: Tell = lambda line: None,
) -> Report:
    """Measure on the 4,000 test products, of which nothing was trained or tuned on.

    `spoken` are the tables of items that only speak (retrieval/evaluation/spoken.py).
    """
    places = features.split.test
    stock = Stock(
        features, places, make_shelf(features, places, encoders.dimensions, open_words), open_words
    )
    trials = []
    for kind in ASKED:
        prepared = prepare(features, places, stock.whole, encoders, kind, queries)
        for gone in GONE:
            tell(f"taking away {GONE[gone]}, asking by {kind}")
            shelves = {share: stock.without(gone, share) for share in SHARES}
            trials.append(attempt(gone, kind, prepared, shelves))
    pictures = [one for one in trials if one.gone == "picture"]
    promised = never_worse(pictures), unpunished(prepared, stock.without("picture", 0.5))
    return Report(
        "What happens when something is missing",
        "magpie evaluate robustness --data FOLDER",
        f"{encoders.text.name} and {encoders.picture.name}, one CPU core",
        (*promised, *(table(one) for one in trials), *spoken),
    )
