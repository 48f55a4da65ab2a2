"""Conversations and likes, kept across calls and restarts.

Knows a database; interprets no message.

    profile         likes and dislikes → plain sentences with their reasons
    tables          ◆ sqlalchemy: the database tables
    env             ◆ alembic: runs the steps of versions/
    schema          ◆ alembic: brings a database's tables up to date
    database        ◆ sqlalchemy: opened for its owner alone; its errors with their cure
    kept_items      ◆ sqlalchemy: what a user keeps for later
    history         ◆ sqlalchemy: conversations as they were shown
    branches        ◆ sqlalchemy: conversations that part from others
    store           ◆ sqlalchemy: stores conversations and opinions, separately for each user
"""

__all__ = ["history", "kept_items", "profile", "store"]
