"""Scripted conversations, held, and judged by code against the records.

Knows the agent's front door and `conversations/`, the scripts; no model judges another.

    conditions      what a shopper asks of an item
    script          scripted conversations, and what is expected of each turn
    inputs          photos that look photographed, spoken lines
    outcome         what came of a turn
    play            scripts → outcomes, kept as they come
    guess_language  which language an answer is in
    judge           outcomes against expectations, by code
    statements      the sentences that claim something of an item
    measures        findings → figures with intervals
    report          tables, failures, sentences to check by hand
    run             the whole measurement
"""

__all__ = ["measures", "report", "run", "statements"]
