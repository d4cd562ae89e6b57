"""The engine inside its host's transaction, and what it tells its listeners."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from support.engines import an_engine, at, dump, entered, furnish, opened, suivi
from support.hosts import MODES, host_engine

from jalon import ActionRefused, Engine, Happening, KeyReused, StaleSnapshot, StorageError


@pytest.fixture(params=MODES)
def house(request: pytest.FixtureRequest) -> Iterator[tuple[Engine, sa.Engine]]:
    """jalon's engine, and one of the host over the same database, in each way of beginning a transaction."""
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    host = host_engine(url, request.param)
    with an_engine(url) as engine:
        yield engine, host
    host.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with an_engine(database_url) as engine:
        yield engine


def test_the_host_commits_all_or_nothing(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    before = dump(engine)
    with Session(host) as session:
        case = opened(engine, session=session)
        engine.cases.document(case.id, "attestation", by="gaia", session=session)
        engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia", session=session)
        assert engine.cases.get(case.id, session=session).state == "actif"
        session.rollback()
        assert dump(engine) == before
        case = opened(engine, session=session)
        assert engine.cases.find() == ()  # seen by nobody else yet
        session.commit()
    assert engine.cases.find() == (case,)


def test_a_connection_of_the_host_serves_as_well(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    with host.begin() as connection:
        case = opened(engine, session=connection)
        assert engine.cases.preview(case.id, "noter", {"note": "x"}, by="gaia", session=connection)
        engine.cases.correct(case.id, {"note": "un"}, by="gaia", reason="r", session=connection)
        engine.cases.assign(case.id, "chloe", by="gaia", session=connection)
        assert {option.action for option in engine.cases.options(case.id, by="gaia", session=connection)}
    found = engine.cases.get(case.id)
    assert (found.referent, found.facts["note"], found.revision) == ("chloe", "un", 2)
    assert [line.kind for line in engine.cases.history(case.id)] == ["act", "correction", "referent"]


def test_a_refusal_inside_leaves_the_rest_of_the_host_whole(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    case = opened(engine)
    at(engine, "2026-12-10")  # what is due is undone with the act that was refused, and played by the next
    with Session(host) as session:
        engine.people.add("ana", session=session)
        with pytest.raises(ActionRefused):
            engine.cases.perform(case.id, "entrer", {"logement": "A1"}, by="gaia", session=session)
        session.commit()
    assert "ana" in {person.id for person in engine.people.list()}
    assert len(engine.cases.history(case.id)) == 1
    with host.begin() as connection:
        engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia", session=connection)
    assert [line.kind for line in engine.cases.history(case.id)] == ["act", "notice", "task", "act", "act"]


def test_a_failure_inside_leaves_nothing_to_commit(house: tuple[Engine, sa.Engine]) -> None:
    """A guard that fails half-way, or a row that cannot be written: the host may go on and commit."""
    engine, host = house
    case = opened(engine)
    before = dump(engine)

    def faulty(statement: Any) -> None:
        if "INSERT INTO jalon_events" in statement:
            raise RuntimeError("the disk is full")

    with host.begin() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *args: faulty(args[2]))
        with pytest.raises(RuntimeError):
            engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia", key="k", session=connection)
        with pytest.raises(RuntimeError):
            opened(engine, session=connection)
    assert dump(engine) == before


def test_a_savepoint_of_the_host_undoes_an_act(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    heard: list[Happening] = []
    engine.subscribe(heard.append)
    case = opened(engine)
    with Session(host) as session:
        engine.cases.perform(case.id, "noter", {"note": "gardé"}, by="gaia", session=session)
        nested = session.begin_nested()
        engine.cases.perform(case.id, "noter", {"note": "défait"}, by="gaia", session=session)
        nested.rollback()
        session.commit()
    assert engine.cases.get(case.id).facts["note"] == "gardé"
    assert [happening.seq for happening in heard] == [1, 2]
    assert engine.verify().sound


def test_a_key_answers_in_the_transaction_of_the_host_too(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    with host.begin() as connection:
        first = opened(engine, key="k", session=connection)
        assert opened(engine, key="k", session=connection) == first
        with pytest.raises(KeyReused):
            opened(engine, {"note": "x"}, key="k", session=connection)
    assert engine.cases.find() == (first,)


def test_what_the_host_read_before_another_wrote_is_a_stale_snapshot(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    case = opened(engine)
    if host.dialect.name == "postgresql":
        host = host.execution_options(isolation_level="REPEATABLE READ")
    with host.connect() as connection:
        connection.begin()
        if connection.dialect.name == "sqlite" and not connection.connection.driver_connection.in_transaction:
            connection.exec_driver_sql("BEGIN")
        connection.execute(sa.text("SELECT count(*) FROM jalon_cases")).scalar()
        engine.cases.perform(case.id, "noter", {"note": "un"}, by="gaia", key="k")
        before = dump(engine)
        for key in ("k", None):
            with pytest.raises(StaleSnapshot):
                engine.cases.perform(case.id, "noter", {"note": "un"}, by="gaia", key=key, session=connection)
        connection.rollback()
    assert dump(engine) == before


def test_a_unit_taken_after_the_hosts_snapshot_is_a_stale_snapshot(postgres_url: str) -> None:
    host = host_engine(postgres_url, "postgresql")
    with an_engine(postgres_url) as engine:
        mine = opened(engine)
        engine.cases.document(mine.id, "attestation", by="gaia")
        with host.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            connection.execute(sa.text("SELECT count(*) FROM jalon_cases")).scalar()
            entered(engine, "A1")
            with pytest.raises(StaleSnapshot):
                engine.cases.perform(mine.id, "entrer", {"logement": "A1"}, by="gaia", session=connection)
            connection.rollback()
    host.dispose()


def test_another_writer_that_keeps_its_lock_is_said_to(sqlite_url: str) -> None:
    host, other = host_engine(sqlite_url, "legacy"), host_engine(sqlite_url, "legacy")
    with an_engine(sqlite_url) as engine, other.connect() as writer, host.connect() as connection:
        opened(engine, session=writer)
        with pytest.raises(StorageError) as busy:
            opened(engine, session=connection)
        assert busy.value.data["reason"] == "busy"
        writer.rollback()
    host.dispose()
    other.dispose()


def test_an_engine_of_the_host_is_a_database_too(house: tuple[Engine, sa.Engine]) -> None:
    _, host = house
    with an_engine(host, bare=True) as engine:
        case = entered(engine)
        at(engine, "2027-01-20")
        assert engine.tick().fired.fired
        assert engine.cases.get(case.id).state == "actif"
        assert engine.verify().sound


def test_tables_are_made_at_first_use_unless_asked_not_to(empty_url: str) -> None:
    with an_engine(empty_url, bare=True, create=False) as engine, pytest.raises(StorageError):
        furnish(engine)
    with an_engine(empty_url) as engine:
        assert opened(engine).id == 1


# -- listeners


def test_listeners_hear_of_every_line_after_its_commit(engine: Engine) -> None:
    heard: list[tuple[Happening, int]] = []
    engine.subscribe(
        lambda happening: heard.append((happening, len(engine.cases.history(happening.case_id))))
    )
    case = opened(engine)
    engine.cases.document(case.id, "carte", by="gaia")
    engine.cases.correct(case.id, {"note": "x"}, by="gaia", reason="r")
    at(engine, "2026-12-10")
    engine.run_due()
    assert [(one.seq, one.kind, one.action) for one, _ in heard] == [
        (1, "act", "ouvrir"), (2, "document", None), (3, "correction", "correct"), (4, "notice", None),
        (5, "task", None), (6, "act", "suspendre"),
    ]  # fmt: skip
    assert [seen for _, seen in heard] == [1, 2, 3, 6, 6, 6]  # the row could be read
    assert heard[0][0] == Happening(case.id, 1, "act", "ouvrir", heard[0][0].at)


def test_listeners_hear_nothing_of_what_is_refused_previewed_or_undone(engine: Engine) -> None:
    case = opened(engine)
    heard: list[Happening] = []
    engine.subscribe(heard.append)
    with pytest.raises(ActionRefused):
        engine.cases.perform(case.id, "prolonger", by="gaia")
    engine.cases.preview(case.id, "noter", {"note": "x"}, by="gaia")
    with engine._world.database.engine.connect() as connection:
        engine.cases.perform(case.id, "noter", {"note": "x"}, by="gaia", session=connection)
        assert heard == []
        connection.rollback()
    assert heard == []


def test_a_listener_that_fails_changes_nothing(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[int] = []

    def fail(happening: Happening) -> None:
        raise RuntimeError("the listener's own affair")

    engine.subscribe(fail)
    engine.subscribe(lambda happening: heard.append(happening.seq))
    case = opened(engine)
    assert engine.cases.get(case.id).revision == 1
    assert heard == [1]
    assert f"case {case.id}" in caplog.text
    assert "Amina" not in caplog.text


def test_a_listener_may_act_in_its_turn(engine: Engine) -> None:
    def note(happening: Happening) -> None:
        if happening.action == "ouvrir":
            engine.cases.perform(happening.case_id, "noter", {"note": "vu"}, by="gaia")

    engine.subscribe(note)
    case = opened(engine)
    assert engine.cases.get(case.id).facts["note"] == "vu"


def test_a_workflow_and_its_people_join_the_hosts_transaction(house: tuple[Engine, sa.Engine]) -> None:
    engine, host = house
    before = dump(engine)
    with host.connect() as connection:
        engine.workflows.register(suivi(2), session=connection)
        engine.establishments.add("erables", session=connection)
        engine.people.add("ana", session=connection)
        engine.people.grant("ana", "gardien", "erables", session=connection)
        connection.rollback()
    assert dump(engine) == before
