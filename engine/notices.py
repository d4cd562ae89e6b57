"""The outbox as operators see it: what left, what waits, what failed, what is to be handed over, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.arguments import checked_limit
from ..domain.case import Actor
from ..domain.errors import ActionRefused, NotFound, Reason
from ..domain.texts import is_name, is_row_id, looked_up
from ..persistence import outbox as rows
from ..persistence.database import Connection
from .absences import absences_at
from .acting import house_day
from .acts import By, case_number
from .casefile import CaseFile, Line, append
from .delivery import Delivery
from .outdated import NO_PURPOSE
from .people import Houses, seen_by
from .referents import checked_reason
from .registry import Workflows
from .steps import Ask, Steps
from .world import World


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one recipient, and what became of it; `deputy` reads it in the place of someone away."""

    id: int
    case_id: int
    number: str
    template: str
    role: str
    recipient: str
    status: str
    created_at: datetime
    not_before: datetime
    next_attempt_at: datetime
    attempts: int
    message_id: str
    address: str | None
    subject: str | None
    body: str | None
    sent_at: datetime | None
    error: str | None
    seq: int
    rung: str | None
    generation: int | None
    deputy: str | None = None


class Notices:
    """Lists the outbox and explains it."""

    def __init__(self, world: World, delivery: Delivery, workflows: Workflows) -> None:
        self._world = world
        self._delivery = delivery
        self._steps = Steps(world, workflows)

    def outbox(
        self, *, by: By = None, establishment: str | None = None, case: int | None = None, status: Sequence[str] = (),
        limit: int | None = None, session: Any = None,
    ) -> tuple[Notice, ...]:  # fmt: skip
        """List messages, the oldest first; someone sees only those of their establishments."""
        limit = checked_limit(limit)
        if establishment is not None:
            looked_up(establishment, "establishment")
        if not all(is_name(word) for word in status):
            return ()
        with self._world.reading(session) as connection:
            houses = seen_by(connection, by, self._world.now())
            if establishment is not None:
                houses = [establishment] if houses is None or establishment in houses else []
            found = rows.list_notices(
                connection,
                houses,
                case_id=None if case is None else case_number(case),
                status=status,
                limit=limit,
            )
            return tuple(_Told(connection, self._world.now()).notices(found))

    def explain(self, notice: int, *, by: By = None) -> Notice:
        """Give one message and what became of it. Raises NotFound."""
        _known(notice)
        with self._world.reading() as connection:
            row = rows.read_notice(connection, notice)
            seen = seen_by(connection, by, self._world.now())
            (found,) = _Told(connection, self._world.now()).notices([_visible(row, seen, notice)])
        return found

    def read(self, notice: int, *, by: By = None) -> Any:
        """Give a message as it left, or as it would leave now: subject, text and html. Raises NotFound."""
        self.explain(notice, by=by)
        return self._delivery.read(notice)

    def retry(self, notice: int, *, by: By = None, session: Any = None) -> Notice:
        """Let a message that failed or was refused try again at the next delivery. Raises NotFound, ActionRefused."""
        return self._change(notice, ("failed", "refused"), "waiting", by, session)

    def handed_over(self, notice: int, *, by: By, session: Any = None) -> Notice:
        """Record that a message on paper was handed over. Raises NotFound, ActionRefused."""
        return self._change(notice, ("paper",), "sent", by, session)

    def drop(self, notice: int, *, by: By, reason: str, session: Any = None) -> Notice:
        """Say that a message on paper has no object any more; the history keeps who said so, and why.

        Raises NotFound, ActionRefused.
        """
        why = checked_reason(reason, "notice", needed=True) or ""
        at = self._world.now()
        _known(notice)
        with self._world.reading(session) as connection:
            row = _visible(rows.read_notice(connection, notice), seen_by(connection, by, at), notice)

        def withdraw(file: CaseFile, actor: Actor) -> None:
            _withdraw(file, notice, actor, at, why)

        self._steps.take(Ask(row.case_id, by, at, "", session=session), withdraw)
        with self._world.reading(session) as connection:
            (found,) = _Told(connection, at).notices([rows.read_notice(connection, notice)])
        return found

    def _change(self, notice: int, before: tuple[str, ...], after: str, by: By, session: Any) -> Notice:
        at = self._world.now()
        _known(notice)
        with self._world.writing(session) as unit:
            row = _visible(
                rows.read_notice(unit.connection, notice), seen_by(unit.connection, by, at), notice
            )
            _only(row, before)
            values: dict[str, Any] = {"status": after, "error": None}
            if after == "sent":
                values["sent_at"] = at
            else:
                values["next_attempt_at"] = at
            rows.update_notice(unit.connection, notice, values)
            changed = rows.read_notice(unit.connection, notice)
            (found,) = _Told(unit.connection, at).notices([changed])
        return found


def _only(row: Any, before: tuple[str, ...]) -> None:
    if row.status not in before:
        raise ActionRefused("notice", [Reason("notice_status", {"status": row.status})])


def _withdraw(file: CaseFile, notice: int, actor: Actor, at: datetime, why: str) -> None:
    """Drop a message on paper, with its line of history: what was due has been played, and may have dropped it."""
    row: Any = rows.read_notice(file.connection, notice)
    _only(row, ("paper",))
    rows.update_notice(file.connection, notice, {"status": "dropped", "error": NO_PURPOSE})
    body = {"notice": notice, "template": row.template, "role": row.role}
    append(file, Line("withdrawn", at, file.civil_day(at), actor.id, body=body, secret={"reason": why}))


def _visible(row: Any, seen: Sequence[str] | None, notice: int) -> Any:
    """Give a message, and say of one in a house where someone has no role that it is not there."""
    if row is None or (seen is not None and row.establishment_id not in seen):
        raise NotFound("notice", notice)
    return row


def _known(notice: object) -> None:
    """Raise NotFound, before any database, for what no message can be numbered."""
    if not is_row_id(notice):
        raise NotFound("notice", ascii(notice)[:80])


class _Told:
    """Messages as they stand: one that waits goes to whoever stands in for its recipient on the day it may leave."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._houses = Houses(connection)
        self._at = at
        self._absences = absences_at(connection, at)

    def notices(self, found: Iterable[Any]) -> Iterator[Notice]:
        """Give messages."""
        for row in found:
            waits = row.status == "waiting" or (row.status == "paper" and row.subject is None)
            yield _notice(row, self._deputy(row) if waits else row.context.get("deputy"))

    def _deputy(self, row: Any) -> str | None:
        kind, _, person = row.recipient.partition(":")
        if kind != "actor" or not self._absences:
            return None
        leaves = max(self._at, row.not_before, row.next_attempt_at)
        found = self._absences.deputy(person, house_day(self._houses.house(row.establishment_id), leaves))
        return None if found is None else str(found.deputy_id)


def _notice(row: Any, deputy: str | None) -> Notice:
    return Notice(
        row.id, row.case_id, f"D-{row.case_id:04d}", row.template, row.role, row.recipient, row.status, row.created_at,
        row.not_before, row.next_attempt_at, row.attempts, row.message_id, row.address, row.subject, row.body,
        row.sent_at, row.error, row.seq, row.rung, row.generation, deputy,
    )  # fmt: skip
