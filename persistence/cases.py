"""Cases, their history, and the commands that were already answered. Statements are built once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from ..domain.errors import StaleSnapshot
from .schema import cases, commands, documents, event_values, events, meta, tasks
from .turns import hold

Row = sa.Row[Any]
Params = Mapping[str, Any]

_CASE = sa.select(cases).where(cases.c.id == sa.bindparam("id_"))
_CASE_LOCKED = _CASE.with_for_update(key_share=True)
_CASE_CLAIMED = _CASE.with_for_update(key_share=True, skip_locked=True)
_CASES_CLAIMED = (
    sa.select(cases).where(cases.c.id.in_(sa.bindparam("ids_", expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)  # fmt: skip
_INSERT_CASE = sa.insert(cases).returning(cases.c.id)
_UPDATE_CASE = sa.update(cases).where(cases.c.id == sa.bindparam("id_")).values(
    {name: sa.bindparam(f"{name}_") for name in (
        "state", "revision", "seq", "head", "facts", "referent_id", "opened_on", "state_since", "closed_on",
        "next_due_at",
    )}
)  # fmt: skip
_UPDATE_HEAD = (
    sa.update(cases)
    .where(cases.c.id == sa.bindparam("id_"))
    .values({name: sa.bindparam(f"{name}_") for name in ("seq", "head", "next_due_at")})
)
_EVENTS = sa.select(events).where(events.c.case_id == sa.bindparam("id_")).order_by(events.c.seq)
_VALUES = sa.select(event_values).where(event_values.c.case_id == sa.bindparam("id_"))
_INSERT_EVENT = sa.insert(events)
_INSERT_VALUES = sa.insert(event_values)
_COMMAND = sa.select(commands).where(commands.c.key == sa.bindparam("key_"))
_INSERT_COMMAND = sa.insert(commands)
_DOCUMENTS = sa.select(documents).where(documents.c.case_id == sa.bindparam("id_")).order_by(documents.c.id)
_TASKS = sa.select(tasks).where(tasks.c.case_id == sa.bindparam("id_")).order_by(tasks.c.id)
_META = sa.select(meta.c.value).where(meta.c.name == sa.bindparam("name_"))


def read_case(
    connection: sa.Connection, case_id: int, *, lock: bool = False, skip: bool = False
) -> Row | None:
    """Read one case; `lock` keeps it until the end of the transaction, `skip` gives nothing where another has it."""
    statement = _CASE_CLAIMED if skip else _CASE_LOCKED if lock else _CASE
    return connection.execute(statement, {"id_": case_id}).first()


def lock_case(connection: sa.Connection, seen: Row) -> Row:
    """Lock a case that was read, and give it as it then stands; SQLite's transaction has the only lock already."""
    if connection.dialect.name == "sqlite":
        return seen
    return connection.execute(_CASE_LOCKED, {"id_": seen.id}).one()


def insert_case(connection: sa.Connection, values: Params) -> int:
    """Insert a case and give its number."""
    return int(connection.execute(_INSERT_CASE, dict(values)).scalar_one())


def claim_cases(connection: sa.Connection, case_ids: Sequence[int]) -> Sequence[Row]:
    """Read and lock many cases, leaving aside those that another has."""
    return connection.execute(_CASES_CLAIMED, {"ids_": case_ids}).all()


def update_cases(connection: sa.Connection, changes: Sequence[Params]) -> None:
    """Write what a step changes of cases."""
    update_many(connection, _UPDATE_CASE, changes)


def update_heads(connection: sa.Connection, changes: Sequence[Params]) -> None:
    """Write what a message changes of cases: the end of their histories, and when something is next due."""
    update_many(connection, _UPDATE_HEAD, changes)


def update_many(connection: sa.Connection, statement: sa.Update, changes: Sequence[Params]) -> None:
    """Execute an update for each change, whose parameters bear the names of the columns and an underscore.

    On PostgreSQL many changes are one statement over arrays: each by itself costs the server more than its row.
    """
    if len(changes) > 1 and connection.dialect.name == "postgresql":
        names = tuple(changes[0])
        arrays = {f"{name}_": [change[name] for change in changes] for name in names}
        connection.execute(_over_arrays(statement.table, names), arrays)
    elif changes:
        connection.execute(
            statement, [{f"{name}_": value for name, value in change.items()} for change in changes]
        )


@cache
def _over_arrays(table: sa.Table, names: tuple[str, ...]) -> sa.Update:
    """Build once the statement that writes these columns of many rows, found by their numbers."""
    arrays = [sa.bindparam(f"{name}_", type_=sa.ARRAY(table.c[name].type)) for name in names]
    columns = [sa.column(name, table.c[name].type) for name in names]
    given = sa.func.unnest(*arrays).table_valued(*columns).render_derived(name="given")
    written = {name: given.c[name] for name in names if name != "id"}
    return sa.update(table).where(table.c.id == given.c.id).values(written)


def read_events(connection: sa.Connection, case_id: int) -> tuple[Sequence[Row], dict[tuple[int, str], Row]]:
    """Read a case's history in order, and the personal values kept beside it."""
    rows = connection.execute(_EVENTS, {"id_": case_id}).all()
    if not any(row.body.get("sealed") for row in rows):
        return rows, {}
    values = connection.execute(_VALUES, {"id_": case_id}).all()
    return rows, {(row.seq, row.name): row for row in values}


def insert_events(connection: sa.Connection, lines: Sequence[Params], sealed: Sequence[Params]) -> None:
    """Append lines to histories, and the personal values that they seal."""
    if lines:
        connection.execute(_INSERT_EVENT, lines)
    if sealed:
        connection.execute(_INSERT_VALUES, sealed)


def read_command(connection: sa.Connection, key: str) -> Row | None:
    """Read the command that a key already answers; a concurrent one with the same key is waited for.

    On SQLite the write lock of the transaction already does.
    """
    hold(connection, f"command {key}")
    return connection.execute(_COMMAND, {"key_": key}).first()


def insert_command(connection: sa.Connection, values: Params) -> None:
    """Remember that a key answers this command. Raises StaleSnapshot where another just answered it."""
    with one_only():
        connection.execute(_INSERT_COMMAND, dict(values))


def read_documents(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read a case's documents, oldest first."""
    return connection.execute(_DOCUMENTS, {"id_": case_id}).all()


def insert_document(connection: sa.Connection, values: Params) -> None:
    """Add a document to a case."""
    connection.execute(sa.insert(documents), dict(values))


def read_tasks(connection: sa.Connection, case_id: int) -> Sequence[Row]:
    """Read a case's tasks, oldest first."""
    return connection.execute(_TASKS, {"id_": case_id}).all()


def insert_task(connection: sa.Connection, values: Params) -> None:
    """Open a task."""
    connection.execute(sa.insert(tasks), dict(values))


def close_task(connection: sa.Connection, task_id: int, status: str, seq: int) -> None:
    """Close a task, done or void."""
    connection.execute(sa.update(tasks).where(tasks.c.id == task_id).values(status=status, closed_seq=seq))


def change_task(connection: sa.Connection, task_id: int, values: Params) -> None:
    """Change a task: its day, or what became of it."""
    connection.execute(sa.update(tasks).where(tasks.c.id == task_id).values(dict(values)))


@contextmanager
def one_only() -> Iterator[None]:
    """What was looked for under a lock, not found, and is there all the same came after the host's snapshot."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise StaleSnapshot from error


# -- the database itself


def read_meta(connection: sa.Connection, name: str) -> str | None:
    """Read one fact about the database."""
    value: str | None = connection.execute(_META, {"name_": name}).scalar()
    return value


def write_meta(connection: sa.Connection, name: str, value: str) -> None:
    """Write one fact about the database."""
    if connection.execute(sa.update(meta).where(meta.c.name == name).values(value=value)).rowcount == 0:
        connection.execute(sa.insert(meta), {"name": name, "value": value})


# -- many cases


def find_cases(
    connection: sa.Connection, filters: Params, establishments: Sequence[str] | None
) -> Sequence[Row]:
    """List cases, newest first, of the establishments that the reader may see."""
    statement = sa.select(cases).order_by(cases.c.id.desc())
    for name in ("establishment_id", "workflow", "state", "referent_id"):
        if filters.get(name) is not None:
            statement = statement.where(cases.c[name] == filters[name])
    if establishments is not None:
        statement = statement.where(cases.c.establishment_id.in_(establishments))
    if filters.get("open"):
        statement = statement.where(cases.c.closed_on.is_(None))
    if filters.get("limit") is not None:
        statement = statement.limit(filters["limit"])
    return connection.execute(statement).all()


def cases_of(connection: sa.Connection, establishment: str, workflow: str | None) -> Sequence[Any]:
    """Name the cases of an establishment, of one workflow or of all, in the order of their numbers."""
    named = sa.select(cases.c.id, cases.c.workflow, cases.c.version).order_by(cases.c.id)
    statement = named.where(cases.c.establishment_id == establishment)
    if workflow is not None:
        statement = statement.where(cases.c.workflow == workflow)
    return connection.execute(statement).all()


def waiting_cases(connection: sa.Connection, establishment: str, workflow: str, state: str) -> Sequence[Any]:
    """Read the cases of a waiting list."""
    statement = sa.select(cases.c.id, cases.c.facts, cases.c.state_since).where(
        cases.c.establishment_id == establishment, cases.c.workflow == workflow, cases.c.state == state
    )
    return connection.execute(statement).all()


def last_line_at(connection: sa.Connection) -> datetime | None:
    """Give the instant of the last line of any history; none where there is no case."""
    found: datetime | None = connection.execute(sa.select(sa.func.max(events.c.at))).scalar_one()
    return found


def all_heads(connection: sa.Connection) -> dict[int, tuple[int, str]]:
    """Give the length and the head of every case's chain."""
    rows = connection.execute(sa.select(cases.c.id, cases.c.seq, cases.c.head)).all()
    return {row.id: (row.seq, row.head) for row in rows}
