"""A message → tokens, each with what it does: it steers, it counts, it names a field, it denies.

Knows the small words of a language, from `cues/`, and what fields are called; knows no value of a
catalogue and no conversation.

    text       a text → its tokens and words, plural and singular alike
    cues       the phrases that steer, and where they stand in a message
    lead       how a request begins: "could you show me"
    spelling   slips of the pen: "cheeper than 20 dolars"
    naming     a message with what it names and the cues that steer it
    doubt      does a value stand under a verb that nobody knows?
    weighed    … and how other messages like it mean such a thing
    scopes     what is denied, owned, only wished for, or unclear (NegEx)
    subject    what is sought where a thing is only spoken of
    numerals   numbers in digits and in words
    amounts    "16 GB", "fifteen bucks", "20-30", "the 90s"
    fields     what fields are called, and the words that compare them
    sides      at most, at least, about it, or just that?
    bounds     an amount and a side → constraints on a field
    limits     which field an amount speaks of, as a limit
    steps      how far something is to move: "a bit more is fine", "10 % cheaper"
    orders     in which order: "cheapest", "most pages", "sort by weight"
"""
