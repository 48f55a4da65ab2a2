"""Play scripted conversations, and check the answers by code against the records.

Knows the agent's public interface and the scripts in `conversations/`; no model judges another.

    conditions      what a script requires of an item
    script          scripted conversations, with the expectations of each turn
    inputs          the photos (distorted) and recordings (spoken) of a script
    outcome         the result of a turn
    play            scripts → outcomes, each stored when it is complete
    guess_language  the language of an answer
    judge           compares outcomes with expectations, by code
    privacy         what must never come out
    statements      the sentences that make a claim about an item
    measures        findings → metrics with confidence intervals
    report          tables, failures, sentences to check by hand
    run             the whole evaluation
"""

__all__ = [
    "judge",
    "measures",
    "outcome",
    "play",
    "privacy",
    "report",
    "run",
    "script",
    "statements",
]
