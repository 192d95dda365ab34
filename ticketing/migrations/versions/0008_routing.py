"""queues, teams and presence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(astext_type=sa.Text())
_TIME = sa.DateTime(timezone=True)
_TABLES = ("routing_log", "presence", "team_members", "teams", "queues")


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("routing_turns")))
    _create_arrangement()
    op.create_table(
        "presence",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("lease_until", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("turn", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["people.username"], name=op.f("fk_presence_username")
        ),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_presence")),
    )
    op.create_table(
        "routing_log",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("not_to", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("ranking", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_routing_log_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_log")),
    )
    for column in ("ticket_id", "step_id"):
        op.create_index(op.f(f"ix_routing_log_{column}"), "routing_log", [column])


def _create_arrangement() -> None:
    op.create_table(
        "queues",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("overflow", sa.String(), nullable=True),
        sa.Column("vip_reserve", sa.Integer(), nullable=False),
        sa.Column("silent_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_queues")),
    )
    op.create_table(
        "teams",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["lead"], ["people.username"], name=op.f("fk_teams_lead")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_teams")),
    )
    op.create_table(
        "team_members",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("skills", _JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("regions", _JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["people.username"], name=op.f("fk_team_members_username")
        ),
        sa.PrimaryKeyConstraint("team", "username", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_username"), "team_members", ["username"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("routing_turns")))
