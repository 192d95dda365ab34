"""sign-ins, tries, second factors, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_REFUSE = """
CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$
"""
_TRIGGERS = (
    "CREATE TRIGGER audit_log_rows_stay BEFORE UPDATE OR DELETE ON audit_log"
    " FOR EACH ROW EXECUTE FUNCTION audit_log_stays()",
    "CREATE TRIGGER audit_log_stays BEFORE TRUNCATE ON audit_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_stays()",
)


def upgrade() -> None:
    op.add_column("people", sa.Column("oidc_subject", sa.String(), nullable=True))
    op.create_unique_constraint("uq_people_oidc_subject", "people", ["oidc_subject"])
    _sign_ins()
    _tries()
    _second_factors()
    _audit_log()


def downgrade() -> None:
    tables = ("audit_log", "recovery_codes", "second_factors", "known_addresses")
    for table in (*tables, "sign_in_tries", "sign_ins"):
        op.drop_table(table)
    op.execute("DROP FUNCTION audit_log_stays()")
    op.drop_constraint("uq_people_oidc_subject", "people")
    op.drop_column("people", "oidc_subject")


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("is_system", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        *(sa.Column(name, _TIME, nullable=False) for name in ("created_at", "seen_at")),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_username", "sign_ins", ["username"])
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])


def _tries() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_tries"),
    )
    op.create_index("ix_sign_in_tries_until", "sign_in_tries", ["until"])
    op.create_table(
        "known_addresses",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_known_addresses"),
    )
    op.create_index("ix_known_addresses_at", "known_addresses", ["at"])


def _second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["username"], ["people.username"], name="fk_second_factors_username"
        ),
        sa.PrimaryKeyConstraint("username", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["username"], ["people.username"], name="fk_recovery_codes_username"
        ),
        sa.PrimaryKeyConstraint("username", "code_hash", name="pk_recovery_codes"),
    )


def _audit_log() -> None:
    texts = ("by", "role", "deed", "route", "what", "address")
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_by", "audit_log", ["by", "id"])
    op.create_index(
        "ix_audit_log_what",
        "audit_log",
        ["what", "id"],
        postgresql_ops={"what": "text_pattern_ops"},
    )
    failed = sa.text("deed = 'failed'")
    op.create_index("ix_audit_log_failed", "audit_log", ["id"], postgresql_where=failed)
    op.execute(_REFUSE)
    for trigger in _TRIGGERS:
        op.execute(trigger)
