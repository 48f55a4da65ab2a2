"""The chat assistant; it accesses items only through the public names of `retrieval`.

`Agent.reply` answers one user message: one turn. These files are the entry points; the steps of a
turn are in the folders.

    events          the events that a turn yields while it runs
    agent           one turn, from the message to the answer
    living_agent    each turn over the newest finished index
    settings        all settings
    models          settings → models, each fetched once and opened when it is needed
    build           settings → agent: the index, and what answers from it
    handed_over     a file, a zip or an address that is handed over → a source here
    adding          a catalogue that is handed over on the page → an index
    neighbours      other catalogues beside the one that a process began with
    beginning       the page's first minute
"""
