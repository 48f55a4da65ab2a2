"""What is said of items and limits, and whether the record supports it.

Knows records and evidence; searches nothing and changes no state. `languages/` holds what Magpie
says in other languages.

    comparisons      "the cheapest", "the only one in red": true of the catalogue?
    doubts           what is said of words that limit nothing
    messages         sentences that need no model
    overview         how many there are, which values, what they cost
    lead_text        why the results differ from the request
    currencies       what is said where prices are in several currencies
    answer_language  what Magpie says, in the user's language
    openings         what the items on screen all keep, in one sentence
    wording          a text → its words as claims are compared
    record_words     a record → its words, and where each stands
    belonging        a lining's wool is not the coat's
    claims           does the record say this?
    explain          checked sentences
"""

__all__ = [
    "answer_language",
    "claims",
    "comparisons",
    "currencies",
    "doubts",
    "explain",
    "lead_text",
    "messages",
    "openings",
    "overview",
]
