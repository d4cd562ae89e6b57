"""Migrations: up only, once whoever runs them, and nothing written where they do not belong."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from support.tables import mark, marks

from jalon.domain.errors import InputError, NeedsUpgrade, NotInitialised, StorageError, TooRecent
from jalon.persistence import migrate
from jalon.persistence.database import Database
from jalon.persistence.migrate import status, upgrade
from jalon.persistence.revision import REVISIONS, VERSION_TABLE


def _scripts() -> list[Any]:
    config = Config()
    config.set_main_option("script_location", "jalon.persistence:migrations")
    return list(ScriptDirectory.from_config(config).walk_revisions())


def _rewrite_version(database: Database, revision: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'")


def _dump(database: Database) -> Any:
    """Everything the database holds, as far as a test can tell."""
    if database.path is not None:
        return database.path.read_bytes()
    with database.read() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {name: connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables}


def test_the_revisions_known_are_those_of_the_folder() -> None:
    assert tuple(script.revision for script in reversed(_scripts())) == REVISIONS


def test_no_migration_goes_down() -> None:
    assert [script.revision for script in _scripts() if hasattr(script.module, "downgrade")] == []


def test_an_empty_database_becomes_a_current_one(empty_url: str) -> None:
    database = Database(empty_url)
    assert status(database) == "missing"
    with pytest.raises(NotInitialised):
        database.require_current()
    upgrade(database)
    assert status(database) == "current"
    database.require_current()
    database.close()


def test_an_upgrade_again_changes_nothing(database: Database) -> None:
    before = _dump(database)
    upgrade(database)
    assert _dump(database) == before


def test_an_older_database_is_named_and_goes_on_from_where_it_is(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(empty_url)
    with monkeypatch.context() as past:
        past.setattr("jalon.persistence.revision.REVISIONS", REVISIONS[:1])
        past.setattr(migrate, "REVISIONS", REVISIONS[:1])
        upgrade(database)
    older = Database(empty_url)
    assert status(older) == "older"
    with pytest.raises(NeedsUpgrade):
        older.require_current()
    with older.write() as connection:
        mark(connection, "kept")
    upgrade(older)
    assert status(older) == "current"
    with older.read() as connection:
        assert marks(connection) == {"kept"}
    database.close()
    older.close()


def test_a_newer_database_is_refused_and_nothing_is_written(database: Database) -> None:
    _rewrite_version(database, "jalon_9999")
    database.close()  # SQLite folds its log into the file
    before = _dump(database)
    assert status(database) == "newer"
    for attempt in (database.require_current, lambda: upgrade(database)):
        with pytest.raises(TooRecent):
            attempt()
    database.close()
    assert _dump(database) == before


def test_a_database_is_asked_once(database: Database) -> None:
    database.require_current()
    asked: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    database.require_current()
    assert asked == []


def test_a_migration_that_fails_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    database = Database(empty_url)
    with monkeypatch.context() as broken:
        broken.setattr("alembic.migration.MigrationContext.stamp", fail)
        with pytest.raises(ZeroDivisionError):
            upgrade(database)
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == []
    upgrade(database)
    assert status(database) == "current"
    database.close()


_UPGRADE = """
import sys
from jalon.persistence.database import Database
from jalon.persistence.migrate import upgrade
sys.stdin.read()
upgrade(Database(sys.argv[1]))
"""


def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    start = [sys.executable, "-c", _UPGRADE, empty_url]
    processes = [subprocess.Popen(start, stdin=subprocess.PIPE, env=env) for _ in range(3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    database = Database(empty_url)
    assert status(database) == "current"
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM jalon_meta").scalar() == 2
    database.close()


def test_a_host_upgrades_jalon_in_its_own_transaction(empty_url: str) -> None:
    database = Database(empty_url)
    if database.path is not None:
        database.path.parent.mkdir()
    engine = sa.create_engine(database.engine.url)
    with engine.connect() as connection:
        with pytest.raises(InputError, match="begin a transaction"):
            upgrade(connection)
        with connection.begin() as transaction:
            upgrade(connection)
            transaction.rollback()
        assert sa.inspect(connection).get_table_names() == []
        connection.rollback()
        with connection.begin():
            upgrade(connection)
            upgrade(connection)
    engine.dispose()
    assert status(database) == "current"
    database.close()


_HOST_ENV = """
import sqlalchemy as sa
from alembic import context
from jalon.persistence.migrate import host_includes

metadata = sa.MetaData()
people = sa.Table("host_people", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Index("host_people_id", people.c.id)

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection, target_metadata=metadata, include_name=host_includes)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""

_HOST_VERSION = """
import sqlalchemy as sa
from alembic import op
from jalon.persistence import migrate

revision = "1"
down_revision = None

def upgrade():
    op.create_table("host_people", sa.Column("id", sa.Integer, primary_key=True))
    migrate.upgrade(op.get_bind())
    op.create_index("host_people_id", "host_people", ["id"])
"""


def test_the_recipe_for_the_alembic_of_a_host(empty_url: str, tmp_path: Path) -> None:
    """As docs/how-to/host-alembic.md says: jalon's tables come, autogenerate leaves them alone."""
    database = Database(empty_url)
    if database.path is not None:
        database.path.parent.mkdir()
    scripts = tmp_path / "alembic"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text(_HOST_ENV)
    (scripts / "versions" / "one.py").write_text(_HOST_VERSION)
    config = Config()
    config.set_main_option("script_location", str(scripts))
    url = database.engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
    assert status(database) == "current"
    command.check(config)  # raises if autogenerate would write anything
    database.close()


def test_a_folder_where_nothing_can_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        upgrade(Database(f"sqlite:///{tmp_path / 'file' / 'jalon.db'}"))


def test_the_names_of_places_are_compared_as_unicode_does_from_then_on(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept under the old form is found again; of two rows that would be one, the later keeps what it had."""
    database = Database(empty_url)
    with monkeypatch.context() as past:
        past.setattr("jalon.persistence.revision.REVISIONS", REVISIONS[:4])
        past.setattr(migrate, "REVISIONS", REVISIONS[:4])
        upgrade(database)
    apart, whole, wide = "E\u0301 1", "\u00c9 1", "LIT \uff11"
    house = sa.table("jalon_establishments", *map(sa.column, ("id", "name", "zone", "timezone")))
    places = sa.table("jalon_places", *map(sa.column, ("id", "establishment_id", "kind", "place", "name")))
    with database.write() as connection:
        named = {"id": "ophis", "name": "Ophis", "zone": "metropole", "timezone": "Europe/Paris"}
        connection.execute(sa.insert(house).values(named))
        for key in (apart, whole, wide):
            connection.execute(
                sa.insert(places).values(establishment_id="ophis", kind="lit", place=key, name=key)
            )
    database.close()
    upgrade(newer := Database(empty_url))
    with newer.read() as connection:
        kept = connection.execute(sa.select(places.c.name, places.c.place).order_by(places.c.id)).all()
    assert [tuple(row) for row in kept] == [(apart, apart), (whole, whole), (wide, "LIT 1")]
    newer.close()
