"""Conversations and likes, kept across calls and restarts.

Knows a database; reads no message.

    profile         likes and dislikes → plain sentences with their reasons
    tables          ◆ sqlalchemy: what is kept
    store           ◆ sqlalchemy: conversations, tastes, each user's apart
"""

__all__ = ["profile", "store"]
