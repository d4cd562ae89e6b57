"""Connections: private files, durable settings, transactions that lock first, threads, forks."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.tables import mark, marks

from jalon.domain.errors import InputError, NotInitialised, StorageError
from jalon.persistence import schema, sqlite
from jalon.persistence.database import Database
from jalon.persistence.migrate import upgrade


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite:///x.db?timeout=1",
        "sqlite+aiosqlite:///x.db",
        "sqlite+pysqlcipher:///x.db",
        "postgresql+asyncpg://h/x",
        "postgresql+psycopg_async://h/x",
        "postgresql+psycopg2://h/x",
        "postgres://h/x",
        "mysql://secret:secret@h/x",
        "jalon.db",
        "",
    ],
)
def test_a_url_jalon_cannot_use_is_refused_in_words(url: str) -> None:
    with pytest.raises(InputError, match="sqlite:///") as refused:
        Database(url)
    assert "secret" not in str(refused.value)


def test_a_database_takes_a_url_or_an_engine_one_of_the_two() -> None:
    with pytest.raises(InputError, match="one of the two"):
        Database()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_files_are_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "house" / "data" / "jalon.db"
    database = Database(f"sqlite:///{path}")
    before = os.umask(mask)
    try:
        upgrade(database)
        with database.write() as connection:
            mark(connection, "one")
            modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(before)
        database.close()
    assert modes == {"jalon.db": 0o600, "jalon.db-wal": 0o600, "jalon.db-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == path.parent.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    database = Database(f"sqlite:///{tmp_path / 'jalon.db'}")
    upgrade(database)
    database.close()
    assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_a_missing_file_is_named_and_not_created(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'absent.db'}")
    with pytest.raises(NotInitialised, match=r"absent\.db"), database.read():
        pytest.fail("it opened")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_a_database_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Bonjour, " * 200)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StorageError, match="not a database"):
        database.require_current()
    assert path.read_text() == "Bonjour, " * 200


def test_a_server_that_does_not_answer_is_a_storage_error(tmp_path: Path) -> None:
    database = Database(f"postgresql://nobody:secret@/nothing?host={tmp_path}")
    with pytest.raises(StorageError) as refused, database.read():
        pytest.fail("it opened")
    assert refused.value.data == {"reason": "unavailable"}
    assert "secret" not in str(refused.value)


def test_sqlite_is_in_wal_and_durable(sqlite_database: Database) -> None:
    found = {}
    for begin in (sqlite_database.read, sqlite_database.write):
        with begin() as connection:
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint"):
                found[begin.__name__, name] = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    wanted["wal_autocheckpoint"] = 4000
    assert found == {(begin, name): value for begin in ("read", "write") for name, value in wanted.items()}


def test_a_file_that_left_wal_is_put_back(sqlite_url: str) -> None:
    outside = sa.create_engine(sqlite_url)
    with outside.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    database = Database(sqlite_url)
    database.require_current()
    outside.dispose()
    with outside.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()
    outside.dispose()


def test_what_fails_is_rolled_back(database: Database) -> None:
    def twice() -> None:
        with database.write() as connection:
            mark(connection, "lost")
            mark(connection, "lost")

    with pytest.raises(sa.exc.IntegrityError):
        twice()
    with database.write() as connection:
        mark(connection, "kept")
    with database.read() as connection:
        assert marks(connection) == {"kept"}


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.read() as reader:
        before = marks(reader)
        with database.write() as writer:
            mark(writer, "meanwhile")
        assert marks(reader) == before == set()


def test_writers_in_threads_wait_for_one_another_and_lose_nothing(database: Database) -> None:
    """Each reads, then writes what it read plus one: SQLite refuses that unless the lock is taken first."""
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO jalon_meta VALUES ('count', '0')")
    row = schema.meta.c.name == "count"
    read = sa.select(schema.meta.c.value).where(row).with_for_update()

    def add_ten() -> None:
        for _ in range(10):
            with database.write() as connection:
                count = int(connection.execute(read).scalar_one()) + 1
                connection.execute(schema.meta.update().where(row).values(value=str(count)))

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(add_ten) for _ in range(8)]:
            done.result()
    with database.read() as connection:
        count = connection.exec_driver_sql("SELECT value FROM jalon_meta WHERE name = 'count'").scalar()
    assert count == "80"


def test_a_lock_kept_too_long_is_named(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    holder, other = Database(sqlite_url), Database(sqlite_url)
    with holder.write(), pytest.raises(StorageError) as refused, other.write():
        pytest.fail("two writers at once")
    assert refused.value.data == {"reason": "busy"}
    with other.write() as connection:
        mark(connection, "after")
    holder.close()
    other.close()


_FORKS = """
import os, sys
from jalon.persistence.database import Database
from support.tables import mark

database = Database(sys.argv[1])
with database.write() as connection:
    mark(connection, "before")
with database.read() as held:
    child = os.fork()
    if child == 0:
        with database.write() as connection:
            mark(connection, "child")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
with database.write() as connection:
    mark(connection, "parent")
database.close()
"""


def test_after_a_fork_each_process_has_its_own_connections(database: Database, database_url: str) -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    subprocess.run(
        [sys.executable, "-W", "error", "-c", _FORKS, database_url],
        check=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=30,
    )
    with database.read() as connection:
        assert marks(connection) == {"before", "child", "parent"}


def test_a_connection_cut_while_it_rested_is_replaced(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jalon.persistence.postgres._IDLE_SECONDS", 0.0)
    with postgres_database.read() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    other = sa.create_engine(postgres_database.engine.url)
    with other.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
    other.dispose()
    with postgres_database.write() as connection:
        mark(connection, "again")


def test_on_the_engine_of_a_host_a_write_locks_first_and_a_read_sees_one_moment(sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url, connect_args={"timeout": 0.05})
    ours = Database(sqlite_url)
    hosted = Database(engine=engine)
    with ours.write(), pytest.raises(StorageError), hosted.write():
        pytest.fail("two writers at once")
    with hosted.read() as reader:
        assert marks(reader) == set()
        with ours.write() as writer:
            mark(writer, "meanwhile")
        assert marks(reader) == set()
    hosted.close()
    ours.close()
    engine.dispose()
