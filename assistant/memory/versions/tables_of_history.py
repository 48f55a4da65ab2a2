"""2026-11-29: conversations as they were shown, and the states that can be gone back to."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "history", "opinions"


def upgrade() -> None:
    """Make what is missing of the tables of conversations."""
    op.create_table(
        "former_states",
        sa.Column("session", sa.String(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        if_not_exists=True,
    )
    op.create_table(
        "talks",
        sa.Column("session", sa.String(), primary_key=True),
        sa.Column("catalogue", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "exchanges",
        sa.Column("session", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("shown", sa.Text(), nullable=False),
        if_not_exists=True,
    )
