"""Plain limits drawn by chance over raw catalogues, with the ids that satisfy them.

Knows the raw files, and what a person who reads them sees; all but the last import nothing of Magpie's.

    cells      what a raw cell says: numbers, units, ranges, sides, sizes, dates
    columns    what a column is, what may be asked of it, and what satisfies that
    shops      the six catalogues: each column that holds a number, and what shoppers call it
    wordings   how a limit is worded, whatever it is a limit on
    drawing    a seed → limits with their ids
    fashion    a seed → requests for values of the fashion data, which has no number
    judging    what Magpie makes of a message, held against the ids

`python -m tests.assistant.understanding.generated_limits 7 8 --data FOLDER` prints how many are right
for other seeds; FOLDER holds `fashion/products.parquet`.
"""
