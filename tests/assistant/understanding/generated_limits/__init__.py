"""Plain limits drawn by chance over raw catalogues, with the ids that satisfy them.

Knows the raw files alone, and what a person who reads them sees; imports nothing of Magpie's.

    cells      what a raw cell says: numbers, units, ranges, sides, sizes, dates
    wordings   how a limit is worded, whatever it is a limit on
    columns    what a column is, what may be asked of it, and what satisfies that
    shops      the six catalogues: each column that holds a number, and what shoppers call it
    drawing    a seed → limits with their ids
    fashion    a seed → requests for values of the fashion data, which has no number
"""
