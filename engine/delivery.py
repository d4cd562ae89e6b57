"""Messages leave: each looked at once more, rendered, kept as sent, sent, and recorded.

A message cannot be sent exactly once. It is one row with one Message-ID; it is never lost; a second copy leaves only
where the process died between the server's acceptance and our record of it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..domain.arguments import checked_limit
from ..domain.errors import InputError, NotFound, StorageError, TemplateError
from ..domain.ports import ConnectionLost, PermanentFailure, Session, TransientFailure
from ..notifications.backoff import next_attempt
from ..notifications.message import Address, Rendered, build
from ..notifications.renderer import Renderer
from ..persistence import outbox as rows
from ..persistence.delivery import delivery_lock
from .last_look import Addressee, Files, Looked, addressee, obsolete, render
from .outbox import next_opening
from .outdated import passed
from .registry import Workflows
from .world import Unit, World

BATCH = 50
PAPERS = 1_000
ALREADY_TOLD = "already_told"

_logger = logging.getLogger("jalon")


@dataclass(slots=True)
class DeliveryReport:
    """What a delivery did, by notice number.

    `stopped` says why it could not go on; `answer` is what the mail server said where it refuses the sender, and
    `waiting` how many messages that may leave wait for it.
    """

    at: datetime
    sent: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    put_off: list[int] = field(default_factory=list)
    stopped: str | None = None
    answer: str | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """One delivery: its instant, what it did, and the cases that it read."""

    at: datetime
    report: DeliveryReport
    files: Files


@dataclass(frozen=True, slots=True)
class Ready:
    """A message ready to leave."""

    notice_id: int
    attempts: int
    message: Any


class Delivery:
    """Delivers the outbox."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._workflows = workflows
        self._renderer = self._fresh()

    def _fresh(self) -> Renderer:
        folder = self._world.settings.templates
        return Renderer((folder,) if folder else ())

    def deliver(self, limit: int | None = None, *, at: datetime | None = None) -> DeliveryReport:
        """Send what may leave now, in the order in which it was written, and stop."""
        limit = checked_limit(limit)
        at = at or self._world.now()
        report = DeliveryReport(at)
        self._world.ready()
        with delivery_lock(self._world.database) as mine:
            if not mine:
                report.stopped = "busy"
                return report
            turn = Pass(at, report, Files(self._workflows))
            self._write_papers(turn)
            transport = self._world.transport
            if transport is None:
                report.stopped = "no_transport"
                return report
            try:
                with transport.session() as session:
                    self._drain(session, limit, turn)
            except ConnectionLost as lost:
                _logger.warning("delivery stopped: %s", type(lost).__name__)
                report.stopped = str(lost) or "connection_lost"
                report.answer = lost.data.get("answer")
                with self._world.reading() as connection:
                    report.waiting = rows.count_due(connection, at)
        return report

    def _write_papers(self, turn: Pass) -> None:
        """Write out what is to be printed, as it reads on its day, whatever changes in the case afterwards."""
        with self._world.reading() as connection:
            batch = rows.due_papers(connection, turn.at, PAPERS)
        for notice_id in batch:
            self._alone(self._write_paper, notice_id, turn)

    def _write_paper(self, notice_id: int, turn: Pass) -> None:
        with self._world.writing() as unit:
            row = rows.read_notice(unit.connection, notice_id)
            if row is not None and row.status == "paper":
                looked = turn.files.look(unit, row.case_id)
                reader = addressee(unit, row, looked.file, turn.at)
                over = passed(looked.file, row, looked.file.civil_day(turn.at))
                if over is not None or reader.told:
                    self._drop(unit, row.id, over or ALREADY_TOLD, turn)
                    return
                rendered = self._render(unit, row, looked, reader.name, turn)
                if rendered is not None:
                    self._record(unit, row.id, **_as_kept(rendered), **_noted(row, reader))

    def _render(self, unit: Unit, row: Any, looked: Looked, name: str, turn: Pass) -> Rendered | None:
        """Render a message; one that cannot be rendered is marked, with its reason."""
        try:
            return render(self._renderer, self._world.settings, row, looked, name, turn.at)
        except TemplateError as error:
            self._renderer = self._fresh()  # a template that is mended meanwhile is read again
            self._fail(unit, row.id, error, turn.report)
            return None

    def _fail(
        self, unit: Unit, notice_id: int, error: Exception, report: DeliveryReport, **kept: str
    ) -> None:
        _logger.warning("notice %s cannot be rendered", notice_id)
        self._record(unit, notice_id, status="failed", error=_reason(error), **kept)
        report.failed.append(notice_id)

    def _drain(self, session: Session, limit: int | None, turn: Pass) -> None:
        done = 0
        while limit is None or done < limit:
            most = BATCH if limit is None else min(BATCH, limit - done)
            with self._world.reading() as connection:
                batch = rows.due_notices(connection, turn.at, most)
            if not batch:
                return
            for notice_id in batch:
                done += 1
                ready = self._alone(self._prepare, notice_id, turn)
                if ready is not None:
                    self._send(session, ready, turn)

    def _alone(self, work: Callable[[int, Pass], Ready | None], notice_id: int, turn: Pass) -> Ready | None:
        """Work on one message; one that cannot be read or written down fails alone, and the others go on."""
        try:
            return work(notice_id, turn)
        except StorageError:
            raise
        except Exception as error:
            _logger.exception("notice %s cannot be prepared", notice_id)
            with self._world.writing() as unit:
                self._record(unit, notice_id, status="failed", error=type(error).__name__)
            turn.report.failed.append(notice_id)
            return None

    def _prepare(self, notice_id: int, turn: Pass) -> Ready | None:
        """Look at a message once more, render it, and keep it as it will leave."""
        with self._world.writing() as unit:
            row = rows.read_notice(unit.connection, notice_id)
            if row is None or row.status != "waiting":
                return None
            looked = turn.files.look(unit, row.case_id)
            opening = turn.at if row.context.get("at_any_hour") else next_opening(looked.file.house, turn.at)
            if opening > turn.at:
                self._record(unit, notice_id, next_attempt_at=opening)
                turn.report.put_off.append(notice_id)
                return None
            reason = obsolete(row, looked.file, turn.at)
            if reason is not None:
                self._drop(unit, notice_id, reason, turn)
                return None
            return self._rendered(unit, row, looked, turn)

    def _rendered(self, unit: Unit, row: Any, looked: Looked, turn: Pass) -> Ready | None:
        reader = addressee(unit, row, looked.file, turn.at)
        if reader.told:
            self._drop(unit, row.id, ALREADY_TOLD, turn)
            return None
        noted = _noted(row, reader)
        name, address = reader.name, reader.address
        if address is None:
            self._record(
                unit, row.id, status="paper", error=None, subject=None, body=None, html=None, **noted
            )
            turn.report.put_off.append(row.id)
            return None
        rendered = self._render(unit, row, looked, name, turn)
        if rendered is None:
            return None
        kept = _as_kept(rendered)
        try:
            message = self._message(rendered, name, address, row.message_id, turn.at)
        except InputError as error:
            self._fail(unit, row.id, error, turn.report, **kept)
            return None
        self._record(unit, row.id, address=address, **kept, **noted)
        return Ready(row.id, row.attempts, message)

    def _drop(self, unit: Unit, notice_id: int, reason: str, turn: Pass) -> None:
        self._record(unit, notice_id, status="dropped", error=reason)
        turn.report.dropped.append(notice_id)

    def _message(self, rendered: Rendered, name: str, address: str, message_id: str, at: datetime) -> Any:
        settings = self._world.settings
        reply_to = Address("", settings.reply_to) if settings.reply_to else None
        return build(
            rendered, to=Address(name, address), sender=Address(settings.sender_name, settings.sender),
            message_id=message_id, date=at, reply_to=reply_to,
        )  # fmt: skip

    def _send(self, session: Session, ready: Ready, turn: Pass) -> None:
        at, report, attempts = turn.at, turn.report, ready.attempts + 1
        try:
            session.send(ready.message)
        except PermanentFailure as refusal:
            with self._world.writing() as unit:
                self._record(
                    unit, ready.notice_id, status="refused", attempts=attempts, error=str(refusal)[:500]
                )
            report.refused.append(ready.notice_id)
            return
        except ConnectionLost:
            raise
        except Exception as refusal:
            # A transport that fails in a way of its own holds up this message, not the others.
            if not isinstance(refusal, TransientFailure):
                _logger.exception("notice %s cannot be sent", ready.notice_id)
            with self._world.writing() as unit:
                self._record(
                    unit, ready.notice_id, attempts=attempts, error=_said(refusal),
                    next_attempt_at=next_attempt(attempts, at),
                )  # fmt: skip
            report.put_off.append(ready.notice_id)
            return
        with self._world.writing() as unit:
            self._record(unit, ready.notice_id, status="sent", attempts=attempts, sent_at=at, error=None)
        report.sent.append(ready.notice_id)

    @staticmethod
    def _record(unit: Unit, notice_id: int, **values: Any) -> None:
        rows.update_notice(unit.connection, notice_id, values)

    def read(self, notice_id: int) -> Rendered:
        """Render a message as it would leave now, to read it or to print it. Raises NotFound, TemplateError."""
        at = self._world.now()
        with self._world.reading() as connection:
            unit = Unit(connection)
            row = rows.read_notice(connection, notice_id)
            if row is None:
                raise NotFound("notice", notice_id)
            if row.status in ("sent", "paper") and row.subject is not None:
                return Rendered(row.subject, row.body, row.html)
            looked = Files(self._workflows).look(unit, row.case_id)
            reader = addressee(unit, row, looked.file, at)
            return render(self._renderer, self._world.settings, row, looked, reader.name, at)


def _as_kept(rendered: Rendered) -> dict[str, str]:
    """Give a message as its row keeps it."""
    return {"subject": rendered.subject, "body": rendered.text, "html": rendered.html}


def _noted(row: Any, reader: Addressee) -> dict[str, Any]:
    """Give what the row of a message is to say of who reads it in the place of someone away."""
    if row.context.get("deputy") == reader.deputy:
        return {}
    kept = {name: value for name, value in row.context.items() if name != "deputy"}
    return {"context": kept if reader.deputy is None else {**kept, "deputy": reader.deputy}}


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:500]


def _reason(error: Exception) -> str:
    detail = getattr(error, "data", {}).get("detail")
    return str(detail or error)[:500]
