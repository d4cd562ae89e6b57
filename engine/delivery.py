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
from ..persistence import cases as case_rows
from ..persistence import outbox as rows
from ..persistence import people as people_rows
from ..persistence.delivery import delivery_lock
from .casefile import CaseFile, open_file
from .objects import refuse_closed
from .outbox import next_opening, written_late
from .people import establishment_of
from .registry import Workflows
from .rendering import Letter, context_of
from .world import SANDBOX, Unit, World

BATCH = 50
PAPERS = 1_000

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
            self._write_papers(at, report)
            transport = self._world.transport
            if transport is None:
                report.stopped = "no_transport"
                return report
            try:
                with transport.session() as session:
                    self._drain(session, at, limit, report)
            except ConnectionLost as lost:
                _logger.warning("delivery stopped: %s", type(lost).__name__)
                report.stopped = str(lost) or "connection_lost"
                report.answer = lost.data.get("answer")
                with self._world.reading() as connection:
                    report.waiting = rows.count_due(connection, at)
        return report

    def _write_papers(self, at: datetime, report: DeliveryReport) -> None:
        """Write out what is to be printed, as it reads on its day, whatever changes in the case afterwards."""
        with self._world.reading() as connection:
            batch = rows.due_papers(connection, at, PAPERS)
        for notice_id in batch:
            self._alone(self._write_paper, notice_id, at, report)

    def _write_paper(self, notice_id: int, at: datetime, report: DeliveryReport) -> None:
        with self._world.writing() as unit:
            row = rows.read_notice(unit.connection, notice_id)
            file = open_file(unit, self._workflows, row.case_id, lock=False) if row is not None else None
            if row is not None and file is not None and row.status == "paper":
                name, _ = addressee(unit, row, file)
                self._keep(unit, row, file, name, at, report)

    def _keep(
        self, unit: Unit, row: Any, file: CaseFile, name: str, at: datetime, report: DeliveryReport
    ) -> Any:
        """Render a message and keep it as it reads; one that cannot be rendered is marked, with its reason."""
        try:
            rendered = render(self._renderer, self._world, unit, row, file, name, at)
        except TemplateError as error:
            self._renderer = self._fresh()  # a template that is mended meanwhile is read again
            return self._fail(unit, row.id, error, report)
        self._record(unit, row.id, subject=rendered.subject, body=rendered.text, html=rendered.html)
        return rendered

    def _fail(self, unit: Unit, notice_id: int, error: Exception, report: DeliveryReport) -> None:
        _logger.warning("notice %s cannot be rendered", notice_id)
        self._record(unit, notice_id, status="failed", error=_reason(error))
        report.failed.append(notice_id)

    def _drain(self, session: Session, at: datetime, limit: int | None, report: DeliveryReport) -> None:
        done = 0
        while limit is None or done < limit:
            with self._world.reading() as connection:
                batch = rows.due_notices(connection, at, BATCH if limit is None else min(BATCH, limit - done))
            if not batch:
                return
            for notice_id in batch:
                done += 1
                ready = self._alone(self._prepare, notice_id, at, report)
                if ready is not None:
                    self._send(session, ready, at, report)

    def _alone(
        self, work: Callable[[int, datetime, DeliveryReport], Ready | None], notice_id: int, at: datetime,
        report: DeliveryReport,
    ) -> Ready | None:  # fmt: skip
        """Work on one message; one that cannot be read or written down fails alone, and the others go on."""
        try:
            return work(notice_id, at, report)
        except StorageError:
            raise
        except Exception as error:
            _logger.exception("notice %s cannot be prepared", notice_id)
            with self._world.writing() as unit:
                self._record(unit, notice_id, status="failed", error=type(error).__name__)
            report.failed.append(notice_id)
            return None

    def _prepare(self, notice_id: int, at: datetime, report: DeliveryReport) -> Ready | None:
        """Look at a message once more, render it, and keep it as it will leave."""
        with self._world.writing() as unit:
            row = rows.read_notice(unit.connection, notice_id)
            if row is None or row.status != "waiting":
                return None
            file = open_file(unit, self._workflows, row.case_id, lock=False)
            if file is None:
                return None
            opening = at if row.context.get("at_any_hour") else next_opening(file.house, at)
            if opening > at:
                self._record(unit, notice_id, next_attempt_at=opening)
                report.put_off.append(notice_id)
                return None
            reason = obsolete(unit, row, file)
            if reason is not None:
                self._record(unit, notice_id, status="dropped", error=reason)
                report.dropped.append(notice_id)
                return None
            return self._rendered(unit, row, file, at, report)

    def _rendered(
        self, unit: Unit, row: Any, file: CaseFile, at: datetime, report: DeliveryReport
    ) -> Ready | None:
        name, address = addressee(unit, row, file)
        if address is None:
            self._record(unit, row.id, status="paper", error=None, subject=None, body=None, html=None)
            report.put_off.append(row.id)
            return None
        rendered = self._keep(unit, row, file, name, at, report)
        if rendered is None:
            return None
        try:
            message = self._message(rendered, name, address, row.message_id, at)
        except InputError as error:
            self._fail(unit, row.id, error, report)
            return None
        self._record(unit, row.id, address=address)
        return Ready(row.id, row.attempts, message)

    def _message(self, rendered: Rendered, name: str, address: str, message_id: str, at: datetime) -> Any:
        settings = self._world.settings
        reply_to = Address("", settings.reply_to) if settings.reply_to else None
        return build(
            rendered, to=Address(name, address), sender=Address(settings.sender_name, settings.sender),
            message_id=message_id, date=at, reply_to=reply_to,
        )  # fmt: skip

    def _send(self, session: Session, ready: Ready, at: datetime, report: DeliveryReport) -> None:
        attempts = ready.attempts + 1
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
            file = open_file(unit, self._workflows, row.case_id, lock=False) if row is not None else None
            if row is None or file is None:
                raise NotFound("notice", notice_id)
            if row.status in ("sent", "paper") and row.subject is not None:
                return Rendered(row.subject, row.body, row.html)
            name, _ = addressee(unit, row, file)
            return render(self._renderer, self._world, unit, row, file, name, at)


def render(
    renderer: Renderer, world: World, unit: Unit, row: Any, file: CaseFile, name: str, at: datetime
) -> Rendered:
    """Render one message for its recipient. Raises TemplateError."""
    house = people_rows.read_establishment(unit.connection, file.house.id)
    sandbox = case_rows.read_meta(unit.connection, SANDBOX) == "1"
    letter = Letter(row, file, establishment_of(house), name, file.civil_day(at), sandbox)
    refuse_closed(file.workflow, renderer, row.template)
    return renderer.render(row.template, context_of(letter, world.settings))


def obsolete(unit: Unit, row: Any, file: CaseFile) -> str | None:
    """Say why a reminder no longer holds: what it is about is done, gone, or moved.

    One that a pass wrote late still leaves once its period is over: the rule of its deadline chose so.
    """
    if row.deadline_id is None:
        return None
    still = row.deadline_status == "missed" and written_late(file, row.seq)
    if row.deadline_status != "open" and not still:
        return f"deadline_{row.deadline_status}"
    if row.generation < rows.latest_generation(unit.connection, row.deadline_id, row.rung):
        return "deadline_moved"
    return None


def addressee(unit: Unit, row: Any, file: CaseFile) -> tuple[str, str | None]:
    """Give the name and the address that a recipient has now."""
    kind, _, ref = row.recipient.partition(":")
    if kind == "actor":
        person = people_rows.read_actor(unit.connection, ref)
        if person is None or not person.active:
            return ref, None
        return person.name, person.address if person.consent else None
    if kind == "role":
        return file.workflow.roles[ref].label, None
    contact = file.case.facts.get(ref) or {}
    return str(contact.get("name", "")), contact.get("email") if contact.get("consent", True) else None


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:500]


def _reason(error: Exception) -> str:
    detail = getattr(error, "data", {}).get("detail")
    return str(detail or error)[:500]
