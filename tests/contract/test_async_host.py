"""A host that is asynchronous: refused with the way in, and joined through it."""

import asyncio

import pytest
import sqlalchemy as sa
from support.tables import mark, marks

from jalon.domain.errors import InputError
from jalon.persistence.database import Database

pytest.importorskip("greenlet", reason="SQLAlchemy's asyncio needs greenlet, which the host brings")
pytest.importorskip("aiosqlite", reason="SQLite for asyncio, which the host brings")

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


def _engine(database: Database) -> AsyncEngine:
    driver = "sqlite+aiosqlite" if database.dialect == "sqlite" else "postgresql+psycopg"
    return create_async_engine(database.engine.url.set(drivername=driver))


class OfTheHost(AsyncSession):
    """Hosts subclass it, and it is refused all the same."""


@pytest.mark.parametrize("kind", [AsyncSession, OfTheHost])
def test_an_asynchronous_session_is_told_of_run_sync(database: Database, kind: type[AsyncSession]) -> None:
    async def refused() -> None:
        engine = _engine(database)
        async with kind(engine) as session, engine.connect() as connection:
            for host in (session, connection):
                with pytest.raises(InputError, match="run_sync"), database.join(host):
                    pytest.fail("it joined")
        await engine.dispose()

    asyncio.run(refused())


def test_run_sync_joins_and_the_host_commits(database: Database) -> None:
    def by_jalon(session: sa.orm.Session, word: str) -> None:
        with database.join(session) as connection:
            mark(connection, word)

    async def by_host() -> None:
        engine = _engine(database)
        async with AsyncSession(engine) as session:
            await session.run_sync(by_jalon, "undone")
            await session.rollback()
            await session.run_sync(by_jalon, "done")
            await session.commit()
        await engine.dispose()

    asyncio.run(by_host())
    with database.read() as connection:
        assert marks(connection) == {"done"}
