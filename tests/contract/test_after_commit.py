"""Callbacks after the commit, whoever makes it; never after a rollback."""

import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from support.hosts import MODES, host_engine
from support.tables import mark, marks

from jalon.domain.errors import InputError
from jalon.persistence.commit import after_commit
from jalon.persistence.database import Database


@pytest.fixture(params=MODES)
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    engine = host_engine(url, request.param)
    yield engine
    engine.dispose()


@pytest.fixture
def told() -> list[str]:
    return []


def _wait(connection: sa.Connection, told: list[str], word: str = "told") -> None:
    """Write something, so that there is a transaction to commit, and ask to be told."""
    mark(connection, f"{word}-{len(told)}")
    after_commit(connection, lambda: told.append(word))


def test_it_runs_once_when_the_row_can_be_seen(database: Database, told: list[str]) -> None:
    def look() -> None:
        with database.read() as reader:
            told.extend(marks(reader))

    with database.write() as connection:
        mark(connection, "row")
        after_commit(connection, look)
        assert told == []
    assert told == ["row"]


def test_it_runs_at_the_commit_of_the_host_and_only_then(engine: sa.Engine, told: list[str]) -> None:
    with Session(engine) as session:
        _wait(session.connection(), told, "one")
        after_commit(session.connection(), lambda: told.append("two"))
        session.flush()
        assert told == []
        session.commit()
        assert told == ["one", "two"]
        mark(session.connection(), "next")
        session.commit()
    assert told == ["one", "two"]


def test_it_serves_a_connection_used_again(engine: sa.Engine, told: list[str]) -> None:
    with engine.connect() as connection:
        for expected in (["told"], ["told", "told"]):
            with connection.begin():
                _wait(connection, told)
            assert told == expected
            with connection.begin() as undone:
                _wait(connection, told)
                undone.rollback()
            assert told == expected


def test_it_never_runs_after_a_rollback_or_a_close(engine: sa.Engine, told: list[str]) -> None:
    with Session(engine) as session:
        _wait(session.connection(), told)
        session.rollback()
        mark(session.connection(), "other")
        session.commit()
    with Session(engine) as session:
        _wait(session.connection(), told)
    with engine.connect() as connection:
        _wait(connection, told)
    with engine.connect() as connection:
        connection.commit()
    assert told == []


def test_it_never_runs_when_the_outer_transaction_of_a_joined_session_is_undone(
    engine: sa.Engine, told: list[str]
) -> None:
    """The pattern of test suites: the session believes it commits, the connection rolls everything back."""
    with engine.connect() as connection:
        outer = connection.begin()
        mark(connection, "outer")
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            _wait(session.connection(), told)
            session.commit()
        outer.rollback()
    assert told == []


def test_a_savepoint_undone_takes_its_callbacks_with_it(engine: sa.Engine, told: list[str]) -> None:
    with engine.begin() as connection:
        _wait(connection, told, "before")
        with connection.begin_nested():
            _wait(connection, told, "released")
        undone = connection.begin_nested()
        _wait(connection, told, "undone")
        with connection.begin_nested():
            _wait(connection, told, "released in what is undone")
        undone.rollback()
        _wait(connection, told, "after")
    assert told == ["before", "released", "after"]


def test_a_savepoint_opened_before_the_first_callback_counts_too(engine: sa.Engine, told: list[str]) -> None:
    with engine.begin() as connection:
        mark(connection, "outer")
        undone = connection.begin_nested()
        _wait(connection, told, "undone")
        undone.rollback()
        kept = connection.begin_nested()
        _wait(connection, told, "kept")
        kept.commit()
    assert told == ["kept"]


def test_a_commit_that_fails_tells_no_one(postgres_url: str, told: list[str]) -> None:
    """A constraint checked at the COMMIT refuses it."""
    engine = host_engine(postgres_url, "postgresql")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO late VALUES (1), (1)")
        _wait(connection, told)
        with pytest.raises(sa.exc.IntegrityError):
            connection.commit()
        connection.rollback()
        mark(connection, "later")
        connection.commit()
    engine.dispose()
    assert told == []


def test_a_callback_that_fails_changes_nothing(
    database: Database, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="jalon"), database.write() as connection:
        mark(connection, "row")
        after_commit(connection, lambda: 1 / 0)
        after_commit(connection, lambda: told.append("next"))
    assert told == ["next"]
    assert [record.name for record in caplog.records] == ["jalon"]
    with database.read() as connection:
        assert marks(connection) == {"row"}


def test_without_a_transaction_there_is_nothing_to_wait_for(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(InputError, match="no transaction"):
        after_commit(connection, print)


def test_a_two_phase_transaction_is_refused(postgres_url: str) -> None:
    engine = host_engine(postgres_url, "postgresql")
    with engine.connect() as connection:
        connection.begin_twophase()
        with pytest.raises(InputError, match="two-phase"):
            after_commit(connection, print)
        connection.rollback()
    engine.dispose()
