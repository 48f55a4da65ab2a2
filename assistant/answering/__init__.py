"""Facts → what is said: which facts are worth saying, and how each language says them.

Knows records, facts and limits; searches nothing, changes no state and parses nothing back. Code
chooses among true facts and words them by keyed messages, so nothing unsupported can be said.
`languages/` holds every message, one file a language.

    utterances   what is to be said, as values: keys and places
    render       utterances → text: plurals, lists, money, units
    limits       limits in words, and how an item misses them
    openings     how many fit, and what they all keep
    choose       which facts of an item are worth saying
    differences  two items side by side, and why one is not here
    digest       a summary that quotes
    lead_text    why the results differ from the request
    overview     how many there are, which values, what they cost
    remarks      what is said beside the items
    write        facts → sentences and reasons
    questions    what could be asked next
    converse     free talk by the model, with nothing of the catalogue in it
"""
