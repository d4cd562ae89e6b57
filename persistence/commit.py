"""Callbacks that run once a transaction is committed, whoever commits it, and never after a rollback."""

import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from ..domain.errors import InputError

_WAITING = "_jalon_after_commit"

_logger = logging.getLogger("jalon")


def after_commit(connection: sa.Connection, callback: Callable[[], object]) -> None:
    """Run `callback` once, right after the COMMIT of the connection's present transaction.

    It never runs if that transaction is rolled back or closed, nor if a savepoint open now is rolled back. An
    exception it raises is logged and changes nothing. The connection still belongs to its owner when it runs:
    it opens its own if it needs one. Raise InputError outside of a transaction, or in a two-phase one.
    """
    transaction = connection.get_transaction()
    if transaction is None:
        raise InputError("a callback waits for a commit: there is no transaction on this connection")
    if isinstance(transaction, sa.TwoPhaseTransaction):
        raise InputError("jalon does not follow two-phase transactions")
    waiting: _Waiting | None = vars(connection).get(_WAITING)
    if waiting is None:
        waiting = _Waiting(connection)
        setattr(connection, _WAITING, waiting)
    waiting.callbacks.append(callback)


class _Waiting:
    """The callbacks of one Connection, and how many there were when each open savepoint was made."""

    def __init__(self, connection: sa.Connection) -> None:
        self.callbacks: list[Callable[[], object]] = []
        self._marks: list[int] = []
        self._follow(connection)

    def _follow(self, connection: sa.Connection) -> None:
        event.listen(connection, "begin", self._forget)
        event.listen(connection, "rollback", self._forget)
        event.listen(connection, "savepoint", self._mark)
        event.listen(connection, "release_savepoint", self._keep)
        event.listen(connection, "rollback_savepoint", self._drop)
        # SQLAlchemy's `commit` event comes before the COMMIT, which may still fail, and none comes after it.
        commit = connection._commit_impl  # noqa: SLF001 - the one call that returns when the COMMIT is done

        def commit_and_tell() -> None:
            commit()
            self._run()

        connection._commit_impl = commit_and_tell  # type: ignore[method-assign]  # noqa: SLF001 - same

    def _run(self) -> None:
        callbacks, self.callbacks = self.callbacks, []
        self._marks = []
        for callback in callbacks:
            try:
                callback()
            except Exception:
                _logger.exception("a callback failed after its transaction was committed")

    def _forget(self, _connection: sa.Connection) -> None:
        self.callbacks, self._marks = [], []

    def _mark(self, _connection: sa.Connection, _name: str | None) -> None:
        self._marks.append(len(self.callbacks))

    def _keep(self, _connection: sa.Connection, _name: str, _context: Any) -> None:
        if self._marks:
            self._marks.pop()

    def _drop(self, _connection: sa.Connection, _name: str, _context: Any) -> None:
        # A savepoint older than the first callback left no mark: every callback came after it.
        del self.callbacks[self._marks.pop() if self._marks else 0 :]
