"""What a message does with what is on screen: it points, praises, asks, compares, wants others.

Knows tokens, cues and the items on screen; knows no other value of the catalogue.

    descriptions    "the blue one", "that lamp"
    talk_cues       greetings, thanks, small talk; "without fringe", which lacks its thing
    references      "the second one", "the last two", "it"
    feedback        "I like the second one", "not my taste"
    intents         what is wanted, where the wording leaves no doubt
    variants_asked  "is 38 in stock?": a question about one form of what is shown
"""

__all__ = ["feedback", "intents", "references", "talk_cues", "variants_asked"]
