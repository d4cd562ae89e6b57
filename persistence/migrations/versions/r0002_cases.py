"""Cases, their chained history and the values kept beside it, commands answered, documents, places."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "jalon_0002"
down_revision = "jalon_0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade(op: Operations) -> None:
    """Make the tables, and the triggers that keep history append-only."""
    _cases(op)
    _events(op)
    _event_values(op)
    _commands(op)
    _documents(op)
    _occupancies(op)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql(op)
    else:
        _guard_sqlite(op)


def _partial(
    op: Operations, name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _cases(op: Operations) -> None:
    op.create_table(
        "jalon_cases",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head", TEXT, nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.Column("referent_id", TEXT, nullable=True),
        sa.Column("opened_on", TEXT, nullable=False),
        sa.Column("state_since", TEXT, nullable=False),
        sa.Column("closed_on", TEXT, nullable=True),
        sa.Column("next_due_at", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_cases"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_cases_establishment_id"
        ),
        sa.ForeignKeyConstraint(["referent_id"], ["jalon_actors.id"], name="fk_jalon_cases_referent_id"),
        sa.ForeignKeyConstraint(
            ["workflow", "version"],
            ["jalon_workflow_versions.workflow", "jalon_workflow_versions.version"],
            name="fk_jalon_cases_workflow_version",
        ),
    )
    _partial(
        op,
        "ix_jalon_cases_due",
        "jalon_cases",
        ["establishment_id", "next_due_at"],
        "next_due_at IS NOT NULL",
    )
    op.create_index("ix_jalon_cases_establishment", "jalon_cases", ["establishment_id", "id"])
    _partial(op, "ix_jalon_cases_referent", "jalon_cases", ["referent_id"], "closed_on IS NULL")


def _events(op: Operations) -> None:
    op.create_table(
        "jalon_events",
        sa.Column("case_id", ID, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("effective_on", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("on_behalf", TEXT, nullable=True),
        sa.Column("action", TEXT, nullable=True),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("target", TEXT, nullable=True),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_jalon_events"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_events_case_id"),
    )


def _event_values(op: Operations) -> None:
    op.create_table(
        "jalon_event_values",
        sa.Column("case_id", ID, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("salt", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "name", name="pk_jalon_event_values"),
        sa.ForeignKeyConstraint(
            ["case_id", "seq"],
            ["jalon_events.case_id", "jalon_events.seq"],
            name="fk_jalon_event_values_case_id_seq",
        ),
    )


def _commands(op: Operations) -> None:
    op.create_table(
        "jalon_commands",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_jalon_commands"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_commands_case_id"),
    )


def _documents(op: Operations) -> None:
    op.create_table(
        "jalon_documents",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("received_on", TEXT, nullable=True),
        sa.Column("valid_until", TEXT, nullable=True),
        sa.Column("signed_on", TEXT, nullable=True),
        sa.Column("not_applicable", TEXT, nullable=True),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_documents"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_documents_case_id"),
    )
    op.create_index("ix_jalon_documents_case", "jalon_documents", ["case_id"])


def _occupancies(op: Operations) -> None:
    op.create_table(
        "jalon_occupancies",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("freed_on", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_occupancies"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_occupancies_case_id"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_occupancies_establishment_id"
        ),
    )
    _partial(
        op,
        "uq_jalon_occupancies_case",
        "jalon_occupancies",
        ["case_id", "kind"],
        "freed_on IS NULL",
        unique=True,
    )
    _partial(
        op,
        "uq_jalon_occupancies_place",
        "jalon_occupancies",
        ["establishment_id", "kind", "place"],
        "freed_on IS NULL",
        unique=True,
    )


def _guard_sqlite(op: Operations) -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER jalon_events_no_{verb} BEFORE {verb.upper()} ON jalon_events"
            " BEGIN SELECT RAISE(ABORT, 'jalon_events is append-only'); END"
        )


def _guard_postgresql(op: Operations) -> None:
    # The error code makes it an integrity error, as it is on SQLite.
    op.execute(
        "CREATE FUNCTION jalon_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'jalon_events is append-only' USING ERRCODE = 'restrict_violation';"
        " END $$"
    )
    for verb, scope in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER jalon_events_no_{verb} BEFORE {verb.upper()} ON jalon_events"
            f" FOR EACH {scope} EXECUTE FUNCTION jalon_refuse_change()"
        )
