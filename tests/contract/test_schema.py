"""The tables as the migrations make them: what they hold, what they refuse."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from support.tables import DAY, a_case, a_house, an_event

from jalon.domain.errors import InputError
from jalon.persistence import schema
from jalon.persistence.columns import is_word
from jalon.persistence.database import Database
from jalon.persistence.indexes import complete_metadata
from jalon.persistence.types import Canonical, CivilDate, Instant, canonical_text, instant_text

_PROBE = sa.table(
    "probe",
    sa.column("at", Instant()),
    sa.column("day", CivilDate()),
    sa.column("value", Canonical()),
    sa.column("label", sa.Text()),
)
_RAW = "SELECT at, day, value FROM probe"


def _probe(connection: sa.Connection, **values: Any) -> None:
    connection.exec_driver_sql("CREATE TEMPORARY TABLE probe (at text, day text, value text, label text)")
    connection.execute(_PROBE.insert(), {"at": None, "day": None, "value": None, "label": None, **values})


def test_an_instant_a_date_and_a_value_have_one_text_on_both_databases(database: Database) -> None:
    at = datetime(2026, 11, 24, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    value = {"né": date(990, 2, 1).isoformat(), "b": [1, None, True, "l’été"], "a": 1.5}
    with database.write() as connection:
        _probe(connection, at=at, day=date(990, 2, 1), value=value)
        assert tuple(connection.exec_driver_sql(_RAW).one()) == (
            "2026-11-24T09:30:00.000000Z",
            "0990-02-01",
            '{"a":1.5,"b":[1,null,true,"l’été"],"né":"0990-02-01"}',
        )
        read = connection.execute(sa.select(_PROBE)).one()
    assert (read.at, read.day, read.value) == (at, date(990, 2, 1), value)
    assert read.at.tzinfo is UTC


def test_none_is_no_instant_no_date_and_the_null_of_json(database: Database) -> None:
    with database.write() as connection:
        _probe(connection)
        assert tuple(connection.exec_driver_sql(_RAW).one()) == (None, None, "null")
        read = connection.execute(sa.select(_PROBE)).one()
    assert (read.at, read.day, read.value) == (None, None, None)


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("at", datetime(2026, 1, 1), "naive"),
        ("at", date(2026, 1, 1), "aware datetime, not date"),
        ("at", "2026-01-01T00:00:00.000000Z", "aware datetime, not str"),
        ("day", datetime(2026, 1, 1), "must be a date"),
        ("day", "2026-01-01", "must be a date, not str"),
        ("value", {"when": date(2026, 1, 1)}, "no JSON form"),
        ("value", float("nan"), "no JSON form"),
        ("value", "\ud800", "no JSON form"),
    ],
)
def test_another_kind_of_value_is_refused_and_not_quoted(
    database: Database, column: str, value: Any, why: str
) -> None:
    with pytest.raises(InputError, match=why) as refused, database.write() as connection:
        _probe(connection, **{column: value})
    assert "2026" not in str(refused.value)


def test_a_compared_value_is_written_as_a_stored_one(database: Database) -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    with database.write() as connection:
        _probe(connection, at=at, day=DAY)
        found = sa.select(sa.func.count()).where(_PROBE.c.at <= at, _PROBE.c.day == DAY)
        assert connection.scalar(found) == 1
        literal = found.compile(connection, compile_kwargs={"literal_binds": True})
        assert connection.exec_driver_sql(str(literal).replace("%", "%%")).scalar() == 1


_instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones())


@given(_instants, _instants)
def test_instants_sort_as_their_texts(one: datetime, other: datetime) -> None:
    assert (one < other) == (instant_text(one) < instant_text(other))
    assert len(instant_text(one)) == 27


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(_values)
def test_a_value_has_one_canonical_text_whatever_the_order_of_its_keys(value: Any) -> None:
    if isinstance(value, dict):
        assert canonical_text(dict(reversed(value.items()))) == canonical_text(value)
    assert "\n" not in canonical_text(value)


def test_text_sorts_byte_by_byte_on_both_databases(database: Database) -> None:
    names = ["Zoé", "a-b", "ab", "a b", "Éva", "eva", "zoe"]
    with database.write() as connection:
        for name in names:
            a_house(connection, name)
        column = schema.establishments.c.id
        found = connection.scalars(sa.select(column).order_by(column)).all()
    assert found == sorted(names, key=str.encode)


def test_history_is_append_only(database: Database) -> None:
    with database.write() as connection:
        case = a_case(connection)
        an_event(connection, case)
    verbs = ["UPDATE jalon_events SET kind = 'x'", "DELETE FROM jalon_events"]
    if database.dialect == "postgresql":
        verbs.append("TRUNCATE jalon_events CASCADE")
    for verb in verbs:
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), database.write() as connection:
            connection.exec_driver_sql(verb)
    with database.read() as connection:
        assert connection.scalars(sa.select(schema.events.c.kind)).all() == ["opened"]


def test_the_values_beside_history_can_be_erased(database: Database) -> None:
    with database.write() as connection:
        case = a_case(connection)
        an_event(connection, case)
        values = {"case_id": case, "seq": 1, "name": "motifs", "salt": "s", "value": "…"}
        connection.execute(schema.event_values.insert(), values)
    with database.write() as connection:
        assert connection.execute(schema.event_values.delete()).rowcount == 1


def _occupancy(case: int, **values: Any) -> dict[str, Any]:
    return {
        "establishment_id": "ophis",
        "kind": "logement",
        "place": "12",
        "case_id": case,
        "status": "promised",
        "since": DAY,
        "freed_on": None,
        **values,
    }


def test_a_place_is_taken_once_until_it_is_freed(database: Database) -> None:
    taken = schema.occupancies.insert()
    with database.write() as connection:
        case, other = a_case(connection), a_case(connection, "autre")
        connection.execute(taken, _occupancy(case, freed_on=DAY))
        connection.execute(taken, _occupancy(case))
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(taken, _occupancy(other))
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(taken, _occupancy(case, place="13"))
    with database.write() as connection:
        connection.execute(schema.occupancies.update().values(freed_on=DAY))
        connection.execute(taken, _occupancy(other))


def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        an_event(connection, 404)


def test_the_rows_due_are_found_by_their_partial_index(database: Database) -> None:
    rungs = schema.rungs
    due = sa.select(rungs.c.id).where(is_word(rungs.c.status, "pending"))
    sql = str(due.order_by(rungs.c.fire_at, rungs.c.id).compile(database.engine))
    with database.read() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
        explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
        plan = str(connection.exec_driver_sql(f"{explain} {sql}").all())
    assert "ix_jalon_rungs_due" in plan


def test_the_tables_migrated_are_the_tables_described(database: Database) -> None:
    def ours(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or name != "jalon_alembic_version"

    # SQLite numbers rows without the Identity that the schema states for PostgreSQL.
    defaults = database.dialect == "postgresql"
    options = {"compare_type": True, "compare_server_default": defaults, "include_name": ours}
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, complete_metadata()) == []
        assert _constraints(sa.inspect(connection)) == _described()


def _constraints(inspector: sa.Inspector) -> dict[str, set[Any]]:
    """What Alembic does not compare: the names of keys, and what the partial indexes say."""
    found = {}
    for table in set(inspector.get_table_names()) - {"jalon_alembic_version"}:
        names = {inspector.get_pk_constraint(table)["name"]}
        names |= {key["name"] for key in inspector.get_foreign_keys(table)}
        names |= {key["name"] for key in inspector.get_unique_constraints(table)}
        for index in inspector.get_indexes(table):
            if "duplicates_constraint" not in index:
                options = index["dialect_options"]
                where = options.get("sqlite_where", options.get("postgresql_where"))
                names.add((index["name"], bool(index["unique"]), _bare(where)))
        found[table] = names
    return found


def _described() -> dict[str, set[Any]]:
    described = {}
    for table in complete_metadata().sorted_tables:
        names: set[Any] = {constraint.name for constraint in table.constraints}
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            names.add((index.name, bool(index.unique), _bare(where)))
        described[table.name] = names
    return described


def _bare(where: Any) -> str:
    return "" if where is None else str(where).replace("(", "").replace(")", "").replace("::text", "")
