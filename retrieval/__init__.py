"""Finds items in a catalogue; knows nothing of the language model or the web page.

Start with these files; each folder's own docstring describes the files in it.

    errors            every error, drawn as a tree
    english           singular and plural, numbers in words
    currencies        signs of money and the codes that they can mean
    units             quantities with their units: "1.2 kg", "2–5 years"
    quantity_columns  the numbers of a field as arrays, one for each unit
    field_profile     what the columns of a catalogue are, as values
    domain            what a catalogue is for, as values
    items             Item, Constraint, Query, Candidate, Catalogue
    constraints       does this item satisfy these constraints?
    filter            the same for a whole catalogue, fast
    protocols         the interfaces of encoders, transcriber and store
    embed             item or query → vectors
    files             atomic file writes
    photo_attributes  attributes of a photo, voted by the nearest pictures
    domain_ranking    what a domain adds: age, links, folded stories, topics
    search            query → candidates whose contributions add up
"""
