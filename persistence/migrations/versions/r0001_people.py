"""Establishments, their parameters, the people and their roles, the workflows registered."""

from uuid import uuid4

import sqlalchemy as sa
from alembic.operations import Operations

revision = "jalon_0001"
down_revision = None
branch_labels = ("jalon",)
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade(op: Operations) -> None:
    """Make the tables, and the rows by which a database is locked and recognised."""
    _meta(op)
    _establishments(op)
    _parameters(op)
    _actors(op)
    _memberships(op)
    _workflow_versions(op)
    _name_the_database(op)


def _meta(op: Operations) -> None:
    op.create_table(
        "jalon_meta",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_jalon_meta"),
    )


def _establishments(op: Operations) -> None:
    op.create_table(
        "jalon_establishments",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("timezone", TEXT, nullable=False),
        sa.Column("closures", TEXT, nullable=False, server_default="[]"),
        sa.Column("extra_days", TEXT, nullable=False, server_default="[]"),
        sa.Column("opens", TEXT, nullable=False, server_default="08:00"),
        sa.Column("closes", TEXT, nullable=False, server_default="20:00"),
        sa.Column("phone", TEXT, nullable=True),
        sa.Column("address", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_establishments"),
    )


def _parameters(op: Operations) -> None:
    op.create_table(
        "jalon_parameters",
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("establishment_id", "workflow", "name", name="pk_jalon_parameters"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_parameters_establishment_id"
        ),
    )


def _actors(op: Operations) -> None:
    op.create_table(
        "jalon_actors",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=False, server_default="fr"),
        sa.Column("consent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_actors"),
    )


def _memberships(op: Operations) -> None:
    op.create_table(
        "jalon_memberships",
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "role", "establishment_id", name="pk_jalon_memberships"),
        sa.ForeignKeyConstraint(["actor_id"], ["jalon_actors.id"], name="fk_jalon_memberships_actor_id"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_memberships_establishment_id"
        ),
    )
    op.create_index("ix_jalon_memberships_role", "jalon_memberships", ["establishment_id", "role"])


def _workflow_versions(op: Operations) -> None:
    op.create_table(
        "jalon_workflow_versions",
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("compiled", TEXT, nullable=False),
        sa.Column("registered_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("workflow", "version", name="pk_jalon_workflow_versions"),
    )


def _name_the_database(op: Operations) -> None:
    table = sa.table("jalon_meta", sa.column("name", TEXT), sa.column("value", TEXT))
    op.bulk_insert(table, [{"name": "lock", "value": ""}, {"name": "database", "value": uuid4().hex}])
