"""jalon inside the transaction of its host: the host commits, or nothing happened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from support.hosts import MODES, host_engine
from support.tables import mark, marks

from jalon.domain.errors import InputError, NotInitialised, StaleSnapshot, StorageError, TooRecent
from jalon.persistence.database import Database
from jalon.persistence.migrate import upgrade
from jalon.persistence.revision import VERSION_TABLE

SQLITE_MODES = [mode for mode in MODES if mode != "postgresql"]


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[tuple[Database, sa.Engine]]:
    """jalon's database, and an engine of the host over it in the mode that the test asks for."""
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    database, engine = Database(url), host_engine(url, request.param)
    yield database, engine
    database.close()
    engine.dispose()


everywhere = pytest.mark.parametrize("house", MODES, indirect=True)
on_sqlite = pytest.mark.parametrize("house", SQLITE_MODES, indirect=True)


def _seen(database: Database) -> set[str]:
    with database.read() as connection:
        return marks(connection)


@everywhere
def test_the_host_commits(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with Session(engine) as session:
        with database.join(session) as connection:
            mark(connection, "jalon")
        assert _seen(database) == set()
        session.commit()
    assert _seen(database) == {"jalon"}


@everywhere
def test_the_host_rolls_back(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with Session(engine) as session:
        mark(session.connection(), "host")
        with database.join(session) as connection:
            mark(connection, "jalon")
        session.rollback()
    with engine.connect() as connection:
        with database.join(connection) as joined:
            mark(joined, "jalon")
        connection.rollback()
    assert _seen(database) == set()


@everywhere
def test_a_connection_and_a_scoped_session_are_joined_too(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with engine.begin() as connection, database.join(connection) as joined:
        mark(joined, "connection")
    sessions = scoped_session(sessionmaker(engine))
    with database.join(sessions) as joined:
        mark(joined, "scoped")
    sessions.commit()
    sessions.remove()
    assert _seen(database) == {"connection", "scoped"}


@everywhere
def test_a_savepoint_of_the_host_undoes_what_jalon_did_in_it(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with Session(engine) as session:
        with database.join(session) as connection:
            mark(connection, "before")
        nested = session.begin_nested()
        with database.join(session) as connection:
            mark(connection, "undone")
        nested.rollback()
        with database.join(session) as connection:
            mark(connection, "after")
        session.commit()
    assert _seen(database) == {"before", "after"}


@on_sqlite
def test_the_lock_is_taken_once_in_a_transaction(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    asked: list[str] = []
    with engine.connect() as connection:
        for _ in range(2):
            with database.join(connection):
                before = len(asked)
            sa.event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
            with database.join(connection):
                assert len(asked) == before
            connection.rollback()
    assert any("IMMEDIATE" in statement or "UPDATE" in statement for statement in asked)


@on_sqlite
def test_the_first_statement_takes_the_write_lock(house: tuple[Database, sa.Engine]) -> None:
    """Another writer is refused as soon as jalon has joined, before it has written anything."""
    database, engine = house
    other = host_engine(str(engine.url), "legacy")
    with engine.connect() as connection, database.join(connection):
        with other.connect() as rival, pytest.raises(sa.exc.OperationalError, match="locked"):
            mark(rival, "rival")
        connection.rollback()
    other.dispose()


@on_sqlite
def test_a_join_that_only_reads_takes_no_lock(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with engine.connect() as connection, database.join(connection, write=False) as joined:
        assert marks(joined) == set()
        with database.write() as writer:
            mark(writer, "meanwhile")
        connection.rollback()
    assert _seen(database) == {"meanwhile"}


@pytest.mark.parametrize("house", [mode for mode in SQLITE_MODES if mode != "legacy"], indirect=True)
def test_a_snapshot_gone_stale_has_a_name(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with engine.connect() as connection:
        assert marks(connection) == set()
        with database.write() as writer:
            mark(writer, "meanwhile")
        with pytest.raises(StaleSnapshot), database.join(connection):
            pytest.fail("it joined")
        connection.rollback()
        with database.join(connection) as joined:
            assert marks(joined) == {"meanwhile"}
        connection.rollback()


@pytest.mark.parametrize("house", ["legacy"], indirect=True)
def test_in_legacy_mode_there_is_no_snapshot_to_go_stale(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with Session(engine) as session:
        assert marks(session.connection()) == set()
        with database.write() as writer:
            mark(writer, "meanwhile")
        with database.join(session) as joined:
            assert marks(joined) == {"meanwhile"}
            mark(joined, "jalon")
        session.commit()
    assert _seen(database) == {"meanwhile", "jalon"}


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_a_snapshot_gone_stale_has_the_same_name_on_postgresql(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    change = "UPDATE jalon_meta SET value = 'x' WHERE name = 'lock'"
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        assert marks(connection) == set()
        with database.write() as writer:
            writer.exec_driver_sql(change)
        with pytest.raises(StaleSnapshot), database.join(connection) as joined:
            joined.exec_driver_sql(change)
        connection.rollback()


@on_sqlite
def test_a_lock_held_elsewhere_has_a_name(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with database.write(), engine.connect() as connection:
        with pytest.raises(StorageError) as refused, database.join(connection):
            pytest.fail("it joined")
        connection.rollback()
    assert refused.value.data == {"reason": "busy"}
    assert not isinstance(refused.value, StaleSnapshot)


@pytest.mark.parametrize("house", ["legacy"], indirect=True)
def test_a_savepoint_that_may_be_the_whole_transaction_is_refused(house: tuple[Database, sa.Engine]) -> None:
    """In its legacy mode sqlite3 writes no BEGIN before SAVEPOINT: releasing it would commit."""
    database, engine = house
    with Session(engine) as session:
        session.begin_nested()
        with pytest.raises(InputError, match="begin_nested"), database.join(session):
            pytest.fail("it joined")


@pytest.mark.parametrize("house", ["postgresql", "legacy"], indirect=True)
def test_a_connection_that_commits_by_itself_is_refused(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(InputError, match="by itself"), database.join(connection):
            pytest.fail("it joined")


def test_what_is_no_session_is_refused(sqlite_database: Database) -> None:
    closed = sqlite_database.engine.connect()
    closed.close()
    for host in (sqlite_database.engine, None, "session", closed, Session()):
        with pytest.raises(InputError), sqlite_database.join(host):  # type: ignore[arg-type]
            pytest.fail("it joined")


def test_another_kind_of_database_is_refused(sqlite_database: Database, postgres_database: Database) -> None:
    with postgres_database.engine.connect() as connection:
        refused = pytest.raises(InputError, match="postgresql")
        with refused, sqlite_database.join(connection):
            pytest.fail("it joined")


@everywhere
def test_another_database_is_refused(
    house: tuple[Database, sa.Engine], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    _, engine = house
    if engine.dialect.name == "sqlite":
        elsewhere = Database(f"sqlite:///{tmp_path / 'other.db'}")
        upgrade(elsewhere)
        _refuses(elsewhere, engine, InputError)
    else:
        with request.getfixturevalue("postgres_server").database(empty=True) as url:
            elsewhere = Database(url)
            upgrade(elsewhere)
            _refuses(elsewhere, engine, InputError)
            elsewhere.close()
    elsewhere.close()


def _refuses(database: Database, engine: sa.Engine, error: type[Exception]) -> None:
    with engine.connect() as connection:
        with pytest.raises(error), database.join(connection):
            pytest.fail("it joined")
        connection.rollback()


@everywhere
def test_a_host_without_jalon_tables_is_told_so(
    house: tuple[Database, sa.Engine], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    database, engine = house
    if engine.dialect.name == "sqlite":
        bare = host_engine(f"sqlite:///{tmp_path / 'bare.db'}", request.node.callspec.params["house"])
        _refuses(database, bare, NotInitialised)
        bare.dispose()
        return
    with request.getfixturevalue("postgres_server").database(empty=True) as url:
        bare = host_engine(url, "postgresql")
        _refuses(database, bare, NotInitialised)
        bare.dispose()


@everywhere
def test_a_host_with_tables_of_a_newer_jalon_is_told_so(house: tuple[Database, sa.Engine]) -> None:
    database, engine = house
    with database.write() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = 'jalon_9999'")
    _refuses(database, engine, TooRecent)
