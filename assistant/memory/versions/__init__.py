"""The database's tables, step by step as versions of Magpie made them; none is ever changed.

◆ Alembic loads these files. A step leaves alone what is there already, since databases from before
2026-11-30 do not say which step they have reached. To change a table, add a file and set `NEWEST`
in `schema.py`; a test compares what the steps make with `tables.py`.

    tables_of_opinions      2026-11-23: sessions, turns, owners, opinions, the profile, the switch
    tables_of_history       2026-11-29: conversations as they were shown, states to go back to
    tables_of_kept_items    2026-11-30: what a user keeps for later
"""
