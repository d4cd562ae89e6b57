"""The tables, as SQLAlchemy Core describes them; `migrations/` makes them, and a test compares the two.

Text sorts byte by byte on both databases (see `types.TEXT`). What must be unique is a constraint.
`jalon_events` is append-only by trigger; what a person may have erased stands in `jalon_event_values`.
"""

import sqlalchemy as sa

from .columns import (
    canonical,
    civil_date,
    identity,
    instant,
    metadata,
    number,
    of_case,
    of_establishment,
    reference,
    text,
)
from .types import ID

meta = sa.Table("jalon_meta", metadata, text("name", key=True), text("value"))

establishments = sa.Table(
    "jalon_establishments",
    metadata,
    text("id", key=True),
    text("name"),
    text("zone"),
    text("timezone"),
    canonical("closures", default="[]"),
    canonical("extra_days", default="[]"),
    text("opens", default="08:00"),
    text("closes", default="20:00"),
    text("phone", null=True),
    text("address", null=True),
)

parameters = sa.Table(
    "jalon_parameters",
    metadata,
    of_establishment(key=True),
    text("workflow", key=True),
    text("name", key=True),
    canonical("value"),
)

actors = sa.Table(
    "jalon_actors",
    metadata,
    text("id", key=True),
    text("name"),
    text("address", null=True),
    text("language", default="fr"),
    sa.Column("consent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
)

memberships = sa.Table(
    "jalon_memberships",
    metadata,
    reference("actor_id", "jalon_actors.id", key=True),
    text("role", key=True),
    of_establishment(key=True),
    sa.Index("ix_jalon_memberships_role", "establishment_id", "role"),
)

workflow_versions = sa.Table(
    "jalon_workflow_versions",
    metadata,
    text("workflow", key=True),
    number("version", key=True),
    text("title"),
    text("digest"),
    text("compiled"),
    instant("registered_at"),
)

cases = sa.Table(
    "jalon_cases",
    metadata,
    identity(),
    text("workflow"),
    number("version"),
    of_establishment(),
    text("state"),
    number("revision"),
    number("seq"),
    text("head"),  # digest of the last event of this case's chain
    canonical("facts"),
    reference("referent_id", "jalon_actors.id", null=True),
    civil_date("opened_on"),
    civil_date("state_since"),
    civil_date("closed_on", null=True),
    instant("next_due_at", null=True),
    sa.ForeignKeyConstraint(
        ["workflow", "version"], ["jalon_workflow_versions.workflow", "jalon_workflow_versions.version"]
    ),
    sa.Index("ix_jalon_cases_establishment", "establishment_id", "id"),
)

events = sa.Table(
    "jalon_events",
    metadata,
    of_case(key=True),
    number("seq", key=True),
    instant("at"),
    civil_date("effective_on"),
    text("kind"),
    text("actor_id"),
    text("on_behalf", null=True),
    text("action", null=True),
    text("source", null=True),
    text("target", null=True),
    canonical("body"),
    text("digest"),
)

event_values = sa.Table(
    "jalon_event_values",
    metadata,
    sa.Column("case_id", ID, primary_key=True, autoincrement=False),
    number("seq", key=True),
    text("name", key=True),
    text("salt"),
    canonical("value"),
    sa.ForeignKeyConstraint(["case_id", "seq"], ["jalon_events.case_id", "jalon_events.seq"]),
)

commands = sa.Table(
    "jalon_commands",
    metadata,
    text("key", key=True),
    text("fingerprint"),
    of_case(),
    number("seq"),
    number("revision"),
)

deadlines = sa.Table(
    "jalon_deadlines",
    metadata,
    identity(),
    of_case(),
    of_establishment(),
    text("name"),
    number("ordinal"),
    text("key"),
    number("k"),
    civil_date("anchor_on"),
    civil_date("legal_on"),
    civil_date("due_on"),
    text("status"),  # open, met, missed, void
    civil_date("closed_on", null=True),
    number("closed_seq", null=True),
    canonical("why"),
    sa.UniqueConstraint("case_id", "name", "ordinal"),
    sa.UniqueConstraint("case_id", "name", "key"),
)

rungs = sa.Table(
    "jalon_rungs",
    metadata,
    identity(),
    reference("deadline_id", "jalon_deadlines.id"),
    of_case(),
    text("rung"),
    number("generation"),
    text("kind"),  # act, notice, task, lapse
    civil_date("day"),
    instant("fire_at"),
    text("status"),  # pending, fired, dropped, skipped, cancelled, waiting
    number("fired_seq", null=True),
    number("attempts", default="0"),
    instant("retry_at", null=True),
    text("error", null=True),
    sa.UniqueConstraint("deadline_id", "rung", "generation"),
)

tasks = sa.Table(
    "jalon_tasks",
    metadata,
    identity(),
    of_case(),
    of_establishment(),
    text("name"),
    text("role"),
    civil_date("due_on"),
    text("status"),  # open, done, void
    number("opened_seq"),
    number("closed_seq", null=True),
    sa.Index("ix_jalon_tasks_case", "case_id"),
)

documents = sa.Table(
    "jalon_documents",
    metadata,
    identity(),
    of_case(),
    text("type"),
    civil_date("received_on", null=True),
    civil_date("valid_until", null=True),
    civil_date("signed_on", null=True),
    text("not_applicable", null=True),  # the reason why none is needed
    text("actor_id"),
    number("seq"),
    sa.Index("ix_jalon_documents_case", "case_id"),
)

notices = sa.Table(
    "jalon_notices",
    metadata,
    identity(),
    of_case(),
    of_establishment(),
    text("key"),
    text("template"),
    text("role"),
    text("recipient"),
    number("seq"),
    reference("deadline_id", "jalon_deadlines.id", null=True),
    number("generation", null=True),
    text("rung", null=True),
    instant("created_at"),
    instant("not_before"),
    text("status"),  # waiting, sent, paper, dropped, failed, refused
    number("attempts", default="0"),
    instant("next_attempt_at"),
    text("message_id"),
    text("address", null=True),
    text("subject", null=True),
    text("body", null=True),
    text("html", null=True),
    instant("sent_at", null=True),
    text("error", null=True),
    canonical("context"),
    sa.UniqueConstraint("key"),
    sa.UniqueConstraint("message_id"),
    sa.Index("ix_jalon_notices_case", "case_id"),
)

places = sa.Table(
    "jalon_places",
    metadata,
    identity(),
    of_establishment(),
    text("kind"),
    text("place"),  # the name as it is compared
    text("name"),
    text("unit", null=True),
    text("room", null=True),
    number("size", default="1"),
    canonical("programmes", default="[]"),
    canonical("attributes", default="{}"),
    civil_date("opened_on", null=True),
    civil_date("closed_on", null=True),
    sa.UniqueConstraint("establishment_id", "kind", "place"),
)

outages = sa.Table(
    "jalon_outages",
    metadata,
    identity(),
    reference("place_id", "jalon_places.id"),
    civil_date("since"),
    civil_date("until", null=True),
    text("reason"),
    sa.Index("ix_jalon_outages_place", "place_id"),
)

occupancies = sa.Table(
    "jalon_occupancies",
    metadata,
    identity(),
    of_establishment(),
    text("kind"),
    text("place"),
    of_case(),
    text("status"),  # promised, occupied, kept, to_free
    civil_date("since"),
    civil_date("freed_on", null=True),
    sa.Index("ix_jalon_occupancies_case", "case_id"),
)

links = sa.Table(
    "jalon_links",
    metadata,
    identity(),
    of_case(),
    reference("linked_id", "jalon_cases.id"),
    text("name"),
    number("seq"),  # the line of the case that made it
    civil_date("since"),
    civil_date("ended_on", null=True),
    sa.Index("ix_jalon_links_case", "case_id"),
    sa.Index("ix_jalon_links_linked", "linked_id"),
)

persons = sa.Table(
    "jalon_persons",
    metadata,
    of_case(key=True),
    text("person", key=True),  # a keyed digest: it recognises someone without saying who it is
    sa.Column("sure", sa.Boolean, nullable=False),
    civil_date("adult_on", null=True),
    text("ref", null=True),  # the digest of the reference: two of them tell two people of one name apart
    text("housed", null=True),  # as what the case houses them: home, care
    sa.Column("adult", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("counted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_jalon_persons_person", "person"),
)

absences = sa.Table(
    "jalon_absences",
    metadata,
    identity(),
    reference("actor_id", "jalon_actors.id"),
    civil_date("since"),
    civil_date("until", null=True),
    reference("deputy_id", "jalon_actors.id", null=True),
    instant("entered_at"),
    text("entered_by", null=True),
    text("reason", null=True),
    sa.Index("ix_jalon_absences_actor", "actor_id"),
)
