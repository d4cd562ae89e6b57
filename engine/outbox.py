"""Messages put in the outbox, in the transaction of the step that causes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.calendars import is_working_day
from ..domain.civil import instant
from ..domain.context import House
from ..domain.workflow import NoticeKind
from ..persistence import outbox, people
from .absences import absences_of
from .casefile import CaseFile
from .recipients import Presence, Recipient, recipients
from .stored import Dated, Step


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a message is written: an act, or a rung of an occurrence."""

    seq: int
    dated: Dated | None = None
    step: Step | None = None

    def key(self, case_id: int, template: str, ref: str) -> str:
        """Give the key under which one message to one recipient can exist once."""
        if self.dated is None or self.step is None:
            return f"{case_id}/{self.seq}/{template}/{ref}"
        item = self.dated.item
        return (
            f"{case_id}/{item.name}/{item.ordinal}/{self.step.generation}/{self.step.rung}/{template}/{ref}"
        )


def write_notices(
    file: CaseFile, templates: Iterable[str], cause: Cause, at: datetime, *, to: Iterable[str] = (),
    who: Iterable[str] = (),
) -> list[str]:  # fmt: skip
    """Write the messages of a step, one for each recipient, and say to whom, by role."""
    if cause.step is not None and cause.dated is not None and cause.step.generation > 1:
        outbox.drop_moved(file.connection, cause.dated.id, cause.step.rung)
    told: list[str] = []
    lines: list[dict[str, Any]] = []
    presence = presence_of(file, file.civil_day(at))
    for template in templates:
        kind = file.workflow.notices[template]
        urgent = _on_call(file, cause) or _urgent(file, kind)
        tokens = tuple(to) or kind.to
        for recipient in recipients(file.workflow, file.case, members_of(file), tokens, who, presence):
            key = cause.key(file.case.id, template, recipient.ref)
            paper = recipient.on_paper or recipient.role in kind.paper
            at_any_hour = recipient.staff and urgent
            not_before = at if at_any_hour else next_opening(file.house, at)
            lines.append(
                {
                    "case_id": file.case.id, "establishment_id": file.house.id, "key": key, "template": template,
                    "role": recipient.role, "recipient": recipient.ref, "seq": cause.seq,
                    "deadline_id": cause.dated.id if cause.dated else None,
                    "generation": cause.step.generation if cause.step else None,
                    "rung": cause.step.rung if cause.step else None, "created_at": at, "not_before": not_before,
                    "status": "paper" if paper else "waiting", "next_attempt_at": not_before,
                    "message_id": file.unit.message_id(key), "context": _kept(recipient, at_any_hour),
                }
            )  # fmt: skip
            told.append(f"{template}:{recipient.role}")
    file.writes.notices(lines)
    return told


def presence_of(file: CaseFile, day: date) -> Presence | None:
    """Say who is away on a day; nothing where nobody is."""
    known = absences_of(file.unit, day)
    return Presence(known, day) if known else None


def members_of(file: CaseFile) -> Sequence[Any]:
    """Give who holds which role in the house, read once."""
    if file.members is None:
        file.members = people.members(file.connection, file.house.id)
    return file.members


def _on_call(file: CaseFile, cause: Cause) -> bool:
    """Say whether a date is one of a house that never closes: its staff is told by night and on holidays too."""
    return (
        cause.dated is not None and file.workflow.deadlines[cause.dated.item.name].due.calendar == "continu"
    )


def _urgent(file: CaseFile, kind: NoticeKind) -> bool:
    """Say whether a message leaves at any hour: it is urgent, or one that was has told of the same appointment.

    Who was called by night is to know by night that it is moved or called off.
    """
    if kind.urgent or kind.about is None:
        return kind.urgent
    same = {
        name for name, other in file.workflow.notices.items() if other.urgent and other.about == kind.about
    }
    told = (name.partition(":")[0] for event in file.events for name in event.body.get("notices", ()))
    return bool(same) and not same.isdisjoint(told)


def _kept(recipient: Recipient, at_any_hour: bool) -> Mapping[str, Any]:
    kept: dict[str, Any] = {"staff": recipient.staff}
    if at_any_hour:
        kept["at_any_hour"] = True
    if recipient.deputy is not None:
        kept["deputy"] = recipient.deputy
    return kept


def written_late(file: CaseFile, seq: int | None) -> bool:
    """Say whether a line of the history was written once its own day was over: a pass came late to it."""
    event = next((event for event in reversed(file.events) if event.seq == seq), None)
    return event is not None and file.civil_day(event.at) > event.effective_on


def next_opening(house: House, at: datetime) -> datetime:
    """Give the first instant from `at` at which the house writes: its hours, on a working day (DOMAIN §1.6)."""
    zone = ZoneInfo(house.timezone)
    opens, closes = time.fromisoformat(house.opens), time.fromisoformat(house.closes)
    local = at.astimezone(zone)
    day = local.date()
    if is_working_day(day, house.calendar):
        if local.time() < opens:
            return instant(day, opens, house.timezone)
        if local.time() < closes:
            return at
    for _ in range(3_660):
        day += timedelta(days=1)
        if is_working_day(day, house.calendar):
            return instant(day, opens, house.timezone)
    return at
