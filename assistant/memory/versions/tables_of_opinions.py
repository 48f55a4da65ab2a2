"""2026-11-23: sessions, turns, owners, opinions, the profile, the switch."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "opinions", None


def upgrade() -> None:
    """Make what is missing of the first tables."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("catalogue", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("session", sa.String(), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "owners",
        sa.Column("session", sa.String(), primary_key=True),
        sa.Column("user", sa.String(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "opinions",
        sa.Column("user", sa.String(), primary_key=True),
        sa.Column("catalogue", sa.String(), primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("feeling", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "profile_edits",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "switched_off", sa.Column("user", sa.String(), primary_key=True), if_not_exists=True
    )
    op.create_index("ix_turns_session", "turns", ["session"], if_not_exists=True)
    op.create_index("ix_owners_user", "owners", ["user"], if_not_exists=True)
    op.create_index("ix_profile_edits_user", "profile_edits", ["user"], if_not_exists=True)
