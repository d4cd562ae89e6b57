"""The outbox: one row for one message to one recipient."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from .columns import is_word
from .schema import deadlines, notices

Row = sa.Row[Any]
Params = Mapping[str, Any]

_INSERT = sa.insert(notices)
_DUE = (
    sa.select(notices.c.id)
    .where(is_word(notices.c.status, "waiting"), notices.c.next_attempt_at <= sa.bindparam("at_"))
    .order_by(notices.c.id)
    .limit(sa.bindparam("limit_"))
)
_DUE_PAPERS = (
    sa.select(notices.c.id)
    .where(is_word(notices.c.status, "paper"), notices.c.subject.is_(None),
           notices.c.next_attempt_at <= sa.bindparam("at_"))
    .order_by(notices.c.id)
    .limit(sa.bindparam("limit_"))
)  # fmt: skip
_HOW_MANY = (
    sa.select(sa.func.count())
    .select_from(notices)
    .where(is_word(notices.c.status, "waiting"), notices.c.next_attempt_at <= sa.bindparam("at_"))
)
_ONE = (
    sa.select(notices, deadlines.c.status.label("deadline_status"), deadlines.c.name.label("deadline_name"),
              deadlines.c.ordinal, deadlines.c.due_on, deadlines.c.legal_on, deadlines.c.k, deadlines.c.anchor_on)
    .outerjoin(deadlines, deadlines.c.id == notices.c.deadline_id)
    .where(notices.c.id == sa.bindparam("id_"))
)  # fmt: skip
_SAME = sa.select(notices.c.id, notices.c.recipient, notices.c.context).where(
    notices.c.case_id == sa.bindparam("case_"), notices.c.seq == sa.bindparam("seq_"),
    notices.c.template == sa.bindparam("template_"), notices.c.status != "dropped",
)  # fmt: skip
_NEXT = sa.select(sa.func.min(notices.c.next_attempt_at)).where(is_word(notices.c.status, "waiting"))


def insert_notices(connection: sa.Connection, values: Sequence[Params]) -> None:
    """Put messages in the outbox."""
    if values:
        connection.execute(_INSERT, [dict(value) for value in values])


def drop_of(connection: sa.Connection, deadline_ids: Sequence[int], reason: str) -> None:
    """Drop what has not left of the reminders of dates that are closed: neither sent nor handed over any more."""
    connection.execute(
        sa.update(notices)
        .where(notices.c.deadline_id.in_(deadline_ids), notices.c.status.in_(("waiting", "paper")))
        .values(status="dropped", error=reason)
    )


_PAPERS_OF = sa.select(
    notices.c.id,
    notices.c.template,
    notices.c.seq,
    notices.c.deadline_id,
    notices.c.status,
    notices.c.subject,
).where(notices.c.case_id == sa.bindparam("case_"), notices.c.status == "paper")


def papers_of(connection: sa.Connection, case_id: int) -> Sequence[Any]:
    """List the papers of a case that have not been handed over: which, of what, and whether they are written."""
    return connection.execute(_PAPERS_OF, {"case_": case_id}).all()


def drop_moved(connection: sa.Connection, deadline_id: int, rung: str) -> None:
    """Drop the papers of a rung that have not been handed over: its date has moved, another tells it."""
    connection.execute(
        sa.update(notices)
        .where(notices.c.deadline_id == deadline_id, notices.c.rung == rung, notices.c.status == "paper")
        .values(status="dropped", error="deadline_moved")
    )


def resume_of(
    connection: sa.Connection, deadline_ids: Sequence[int], paper: Mapping[str, Sequence[str]]
) -> None:
    """Let the reminders that were dropped leave after all: their dates are open again. `paper` says who gets paper."""
    if not deadline_ids:
        return
    closed = ("deadline_met", "deadline_missed", "deadline_void")
    dropped = sa.select(notices.c.id, notices.c.template, notices.c.role).where(
        notices.c.deadline_id.in_(deadline_ids), notices.c.status == "dropped", notices.c.error.in_(closed)
    )
    for row in connection.execute(dropped).all():
        status = "paper" if row.role in paper.get(row.template, ()) else "waiting"
        update_notice(connection, row.id, {"status": status, "error": None})


def due_papers(connection: sa.Connection, at: datetime, limit: int) -> list[int]:
    """Name the messages on paper that are still to be written out."""
    return [row.id for row in connection.execute(_DUE_PAPERS, {"at_": at, "limit_": limit}).all()]


def due_notices(connection: sa.Connection, at: datetime, limit: int) -> list[int]:
    """Name the messages that may leave, in the order in which they were written."""
    return [row.id for row in connection.execute(_DUE, {"at_": at, "limit_": limit}).all()]


def count_due(connection: sa.Connection, at: datetime) -> int:
    """Count the messages that may leave."""
    return int(connection.execute(_HOW_MANY, {"at_": at}).scalar() or 0)


def read_notice(connection: sa.Connection, notice_id: int) -> Row | None:
    """Read a message, with the occurrence it is about."""
    return connection.execute(_ONE, {"id_": notice_id}).first()


def readers_of(connection: sa.Connection, row: Any) -> set[str]:
    """Name those who have the same message as this one, or will have it: whom each of the others is for."""
    found = connection.execute(_SAME, {"case_": row.case_id, "seq_": row.seq, "template_": row.template})
    return {
        other.recipient if other.context.get("deputy") is None else f"actor:{other.context['deputy']}"
        for other in found
        if other.id != row.id
    }


def readdress(connection: sa.Connection, case_id: int, role: str, before: str, after: str) -> int:
    """Give the messages of a case that wait for a recipient to another one; one who has it already gets no second."""
    waiting = sa.select(notices).where(
        notices.c.case_id == case_id, notices.c.recipient == before, notices.c.role == role,
        notices.c.status.in_(("waiting", "paper")),
    )  # fmt: skip
    count = 0
    for row in connection.execute(waiting.order_by(notices.c.id)).all():
        if after in readers_of(connection, row):
            update_notice(connection, row.id, {"status": "dropped", "error": "already_told"})
            continue
        kept = {name: value for name, value in row.context.items() if name != "deputy"}
        again = {
            "recipient": after,
            "context": kept,
            "address": None,
            "subject": None,
            "body": None,
            "html": None,
        }
        update_notice(connection, row.id, again)
        count += 1
    return count


def update_notice(connection: sa.Connection, notice_id: int, values: Params) -> None:
    """Record what became of a message."""
    connection.execute(
        _update(tuple(sorted(values))),
        {"id_": notice_id, **{f"{name}_": value for name, value in values.items()}},
    )


@cache
def _update(names: tuple[str, ...]) -> sa.Update:
    """Build once the statement that writes these columns of a message."""
    written = {name: sa.bindparam(f"{name}_", type_=notices.c[name].type) for name in names}
    return sa.update(notices).where(notices.c.id == sa.bindparam("id_")).values(written)


def list_notices(
    connection: sa.Connection, establishments: Sequence[str] | None, *, case_id: int | None = None,
    status: Sequence[str] = (), limit: int | None = None,
) -> Sequence[Row]:  # fmt: skip
    """List messages, the oldest first."""
    statement = sa.select(notices).order_by(notices.c.id)
    if establishments is not None:
        statement = statement.where(notices.c.establishment_id.in_(establishments))
    if case_id is not None:
        statement = statement.where(notices.c.case_id == case_id)
    if status:
        statement = statement.where(notices.c.status.in_(status))
    if limit is not None:
        statement = statement.limit(limit)
    return connection.execute(statement).all()


def next_attempt_at(connection: sa.Connection) -> datetime | None:
    """Give the instant at which the next message may leave."""
    found: datetime | None = connection.execute(_NEXT).scalar()
    return found
