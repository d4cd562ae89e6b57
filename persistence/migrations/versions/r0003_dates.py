"""Deadlines, their rungs, the tasks and the notices they bring."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "jalon_0003"
down_revision = "jalon_0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade(op: Operations) -> None:
    """Make the tables."""
    _deadlines(op)
    _rungs(op)
    _tasks(op)
    _notices(op)


def _partial(
    op: Operations, name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _deadlines(op: Operations) -> None:
    op.create_table(
        "jalon_deadlines",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("k", sa.Integer, nullable=False),
        sa.Column("anchor_on", TEXT, nullable=False),
        sa.Column("legal_on", TEXT, nullable=False),
        sa.Column("due_on", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("closed_on", TEXT, nullable=True),
        sa.Column("closed_seq", sa.Integer, nullable=True),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_deadlines"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_deadlines_case_id"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_deadlines_establishment_id"
        ),
        sa.UniqueConstraint("case_id", "name", "key", name="uq_jalon_deadlines_case_id_name_key"),
        sa.UniqueConstraint("case_id", "name", "ordinal", name="uq_jalon_deadlines_case_id_name_ordinal"),
    )
    _partial(
        op, "ix_jalon_deadlines_open", "jalon_deadlines", ["establishment_id", "due_on"], "status = 'open'"
    )


def _rungs(op: Operations) -> None:
    op.create_table(
        "jalon_rungs",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("deadline_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("rung", TEXT, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("fire_at", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("fired_seq", sa.Integer, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("retry_at", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_rungs"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_rungs_case_id"),
        sa.ForeignKeyConstraint(["deadline_id"], ["jalon_deadlines.id"], name="fk_jalon_rungs_deadline_id"),
        sa.UniqueConstraint(
            "deadline_id", "rung", "generation", name="uq_jalon_rungs_deadline_id_rung_generation"
        ),
    )
    _partial(op, "ix_jalon_rungs_due", "jalon_rungs", ["fire_at", "id"], "status = 'pending'")
    _partial(op, "ix_jalon_rungs_pending", "jalon_rungs", ["case_id"], "status = 'pending'")


def _tasks(op: Operations) -> None:
    op.create_table(
        "jalon_tasks",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("due_on", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("opened_seq", sa.Integer, nullable=False),
        sa.Column("closed_seq", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_tasks"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_tasks_case_id"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_tasks_establishment_id"
        ),
    )
    op.create_index("ix_jalon_tasks_case", "jalon_tasks", ["case_id"])
    _partial(op, "ix_jalon_tasks_open", "jalon_tasks", ["establishment_id", "due_on"], "status = 'open'")


def _notices(op: Operations) -> None:
    op.create_table(
        "jalon_notices",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("deadline_id", ID, nullable=True),
        sa.Column("generation", sa.Integer, nullable=True),
        sa.Column("rung", TEXT, nullable=True),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("not_before", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_attempt_at", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=True),
        sa.Column("subject", TEXT, nullable=True),
        sa.Column("body", TEXT, nullable=True),
        sa.Column("html", TEXT, nullable=True),
        sa.Column("sent_at", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("context", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_notices"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_notices_case_id"),
        sa.ForeignKeyConstraint(["deadline_id"], ["jalon_deadlines.id"], name="fk_jalon_notices_deadline_id"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_notices_establishment_id"
        ),
        sa.UniqueConstraint("key", name="uq_jalon_notices_key"),
        sa.UniqueConstraint("message_id", name="uq_jalon_notices_message_id"),
    )
    op.create_index("ix_jalon_notices_case", "jalon_notices", ["case_id"])
    _partial(op, "ix_jalon_notices_failed", "jalon_notices", ["establishment_id", "id"], "status = 'failed'")
    _partial(op, "ix_jalon_notices_waiting", "jalon_notices", ["next_attempt_at", "id"], "status = 'waiting'")
