"""Engines for the stories, closed when their test ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from support.house import an_engine

from jalon import Engine


@pytest.fixture
def opened() -> Iterator[Callable[..., Engine]]:
    """Open a furnished engine over a database, as `an_engine` does; it is closed when the test ends."""
    with ExitStack() as stack:
        yield lambda database, **more: stack.enter_context(closing(an_engine(database, **more)))


@pytest.fixture
def engine(opened: Callable[..., Engine], sqlite_url: str) -> Engine:
    """A furnished engine over an empty SQLite file, on 24 November 2026 at ten."""
    return opened(sqlite_url)
