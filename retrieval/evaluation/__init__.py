"""What every measurement shares: metrics, figures with intervals, tables, plots.

`products` measures search and classes, `speech` items that speak, `ratings` recommendations.
Knows no command; test splits are only measured on.

    metrics         ◆ torchmetrics: recall, nDCG, … of one ranking
    intervals       means with intervals, and paired tests
    classes         how well classes are named
    plots           ◆ matplotlib: bars and lines with intervals
    report          tables as Markdown, one HTML page, JSON
    probe           ◆ scikit-learn: classes read off vectors by a linear probe
    verdicts        what several classifiers say, fused
"""

__all__ = ["classes", "intervals", "metrics", "probe", "report", "verdicts"]
