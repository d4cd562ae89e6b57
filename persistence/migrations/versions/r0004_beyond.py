"""More than one case: places, links between cases, the people of a case, absences."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "jalon_0004"
down_revision = "jalon_0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade(op: Operations) -> None:
    """Make the tables."""
    _places(op)
    _links(op)
    _persons(op)
    _absences(op)
    _followed(op)


def _unique(op: Operations, name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _places(op: Operations) -> None:
    op.create_table(
        "jalon_places",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("establishment_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=True),
        sa.Column("room", TEXT, nullable=True),
        sa.Column("size", sa.Integer, nullable=False, server_default="1"),
        sa.Column("programmes", TEXT, nullable=False, server_default="[]"),
        sa.Column("attributes", TEXT, nullable=False, server_default="{}"),
        sa.Column("opened_on", TEXT, nullable=True),
        sa.Column("closed_on", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_places"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["jalon_establishments.id"], name="fk_jalon_places_establishment_id"
        ),
        sa.UniqueConstraint(
            "establishment_id", "kind", "place", name="uq_jalon_places_establishment_id_kind_place"
        ),
    )
    op.create_table(
        "jalon_outages",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("until", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_outages"),
        sa.ForeignKeyConstraint(["place_id"], ["jalon_places.id"], name="fk_jalon_outages_place_id"),
    )
    op.create_index("ix_jalon_outages_place", "jalon_outages", ["place_id"])
    op.create_index("ix_jalon_occupancies_case", "jalon_occupancies", ["case_id"])


def _links(op: Operations) -> None:
    op.create_table(
        "jalon_links",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("linked_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("ended_on", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_links"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_links_case_id"),
        sa.ForeignKeyConstraint(["linked_id"], ["jalon_cases.id"], name="fk_jalon_links_linked_id"),
    )
    op.create_index("ix_jalon_links_case", "jalon_links", ["case_id"])
    op.create_index("ix_jalon_links_linked", "jalon_links", ["linked_id"])
    _unique(op, "uq_jalon_links_open", "jalon_links", ["case_id", "linked_id", "name"], "ended_on IS NULL")


def _persons(op: Operations) -> None:
    op.create_table(
        "jalon_persons",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("sure", sa.Boolean, nullable=False),
        sa.Column("adult_on", TEXT, nullable=True),
        sa.Column("ref", TEXT, nullable=True),
        sa.Column("housed", TEXT, nullable=True),
        sa.Column("adult", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("counted", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("case_id", "person", name="pk_jalon_persons"),
        sa.ForeignKeyConstraint(["case_id"], ["jalon_cases.id"], name="fk_jalon_persons_case_id"),
    )
    op.create_index("ix_jalon_persons_person", "jalon_persons", ["person"])
    _unique(op, "uq_jalon_persons_counted", "jalon_persons", ["person", "housed"], "counted")


def _absences(op: Operations) -> None:
    op.create_table(
        "jalon_absences",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("until", TEXT, nullable=True),
        sa.Column("deputy_id", TEXT, nullable=True),
        sa.Column("entered_at", TEXT, nullable=False),
        sa.Column("entered_by", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jalon_absences"),
        sa.ForeignKeyConstraint(["actor_id"], ["jalon_actors.id"], name="fk_jalon_absences_actor_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["jalon_actors.id"], name="fk_jalon_absences_deputy_id"),
    )
    op.create_index("ix_jalon_absences_actor", "jalon_absences", ["actor_id"])


def _followed(op: Operations) -> None:
    """A case that is over may still have dates: the list of whoever follows it finds them too."""
    op.drop_index("ix_jalon_cases_referent", "jalon_cases")
    condition = sa.text("referent_id IS NOT NULL")
    op.create_index(
        "ix_jalon_cases_followed",
        "jalon_cases",
        ["referent_id"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
