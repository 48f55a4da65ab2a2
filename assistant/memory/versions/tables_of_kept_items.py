"""2026-11-30: the items that a user keeps."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "kept_items", "history"


def upgrade() -> None:
    """Make the table of kept items."""
    op.create_table(
        "kept_items",
        sa.Column("user", sa.String(), primary_key=True),
        sa.Column("catalogue", sa.String(), primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        if_not_exists=True,
    )
