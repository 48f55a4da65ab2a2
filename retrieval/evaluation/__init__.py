"""Shared evaluation code: metrics, bootstrap intervals, tables, plots.

`products` evaluates search and classification, `speech` spoken descriptions, `ratings`
recommendations. Knows no command; test splits are never trained or tuned on.

    metrics         ◆ torchmetrics: recall, nDCG, … of one ranking
    intervals       means with bootstrap intervals, and paired tests
    classes         accuracy, and macro precision, recall and F1
    plots           ◆ matplotlib: bars and lines with intervals
    report          tables as Markdown, one HTML page, JSON
    probe           ◆ scikit-learn: classification of vectors by a linear probe
    verdicts        late fusion of several classifiers' scores
"""

__all__ = ["classes", "intervals", "metrics", "probe", "report", "verdicts"]
