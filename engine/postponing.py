"""A date postponed: an authorised, reasoned, recorded act, which moves one occurrence and never its series."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, date, datetime
from typing import Any

from ..domain.arguments import civil_date
from ..domain.calendars import as_shift, worked
from ..domain.case import Actor, Case, Event
from ..domain.civil_dates import add_months
from ..domain.errors import ActionRefused, InputError, NotFound, Reason
from ..domain.seasons import first_outside, inside
from ..domain.texts import is_row_id, looked_up, paragraph
from ..persistence import dates
from .acts import By, case_number
from .answers import fingerprint
from .arming import arm
from .casefile import CaseFile, Line, append
from .registry import Workflows
from .steps import Ask, Steps
from .stored import Dated
from .world import World

NAME = "postpone"
MOST_YEARS = 2
"""A date put off further than this after its present day is a slip of the pen."""


class Postponing:
    """Postpones dates."""

    def __init__(self, world: World, workflows: Workflows) -> None:
        self._world = world
        self._steps = Steps(world, workflows)

    def postpone(
        self, occurrence: int | None, to: date, *, reason: str, by: By, case: Any, deadline: str | None,
        ordinal: int | None, revision: int | None, key: str | None, session: Any,
    ) -> Case:  # fmt: skip
        """Postpone the occurrence whose row is `occurrence`, or the open one of a deadline of a case."""
        day = civil_date(to, "to")
        number = self._case_of(occurrence, session) if case is None else case_number(case)
        if occurrence is None and deadline is None:
            raise InputError(
                "an occurrence is wanted, or a case and a deadline", argument="deadline", problem="missing"
            )
        print_ = fingerprint("postpone", number, occurrence, deadline, ordinal, by, day, reason)
        ask = Ask(number, by, self._world.now(), print_, revision, key, session)

        def put_off(file: CaseFile, actor: Actor) -> None:
            dated = (
                _named(file, deadline or "", ordinal) if occurrence is None else _numbered(file, occurrence)
            )
            postpone(file, dated, day, actor, ask.at, reason=reason)

        try:
            return self._steps.take(ask, put_off)
        except NotFound as unseen:
            if case is not None or unseen.data["kind"] != "case":
                raise
            raise NotFound("occurrence", occurrence) from None  # its case is not named to who does not see it

    def _case_of(self, occurrence: Any, session: Any) -> int:
        if not is_row_id(occurrence):
            raise NotFound("occurrence", str(occurrence)[:80])
        with self._world.reading(session) as connection:
            found = dates.read_some_occurrences(connection, [occurrence])
        if not found:
            raise NotFound("occurrence", occurrence)
        return int(found[0].case_id)


def _numbered(file: CaseFile, occurrence: int) -> Dated:
    found = next((dated for dated in file.dated if dated.id == occurrence), None)
    if found is None:
        raise NotFound("occurrence", occurrence)
    return found


def _named(file: CaseFile, deadline: str, ordinal: int | None) -> Dated:
    """Find an occurrence by its deadline: the open one, or the last, unless its number is said."""
    found = [dated for dated in file.dated if dated.item.name == looked_up(deadline, "deadline")]
    if not found:
        raise NotFound("deadline", deadline)
    if ordinal is not None:
        found = [dated for dated in found if dated.item.ordinal == ordinal]
        if not found:
            raise NotFound("occurrence", ordinal)
    return next((dated for dated in found if dated.item.status == "open"), found[-1])


def postpone(file: CaseFile, dated: Dated, to: date, actor: Actor, at: datetime, *, reason: str) -> Event:
    """Postpone an open date to a later day. Raises ActionRefused with every reason."""
    if isinstance(reason, str):
        paragraph(reason, "reason")
    reasons = [*_who(file, dated, actor), *_when(file, dated, to, file.civil_day(at))]
    if not isinstance(reason, str) or not reason.strip():
        reasons.append(Reason("reason_missing", {}))
    if reasons:
        raise ActionRefused(NAME, reasons)
    return _write(file, dated, to, actor, at, reason.strip())


def _who(file: CaseFile, dated: Dated, actor: Actor) -> list[Reason]:
    rule = file.workflow.deadlines[dated.item.name]
    if not rule.postponed_by:
        data = {"deadline": dated.item.name, "label": rule.label, "basis": rule.basis}
        return [Reason("postpone_never", data)]
    if actor.roles & set(rule.postponed_by):
        return []
    labels = [file.workflow.roles[name].label for name in rule.postponed_by if name in file.workflow.roles]
    return [Reason("role", {"actor": actor.id, "roles": list(rule.postponed_by), "labels": labels})]


def _when(file: CaseFile, dated: Dated, to: date, today: date) -> list[Reason]:
    """Say why this date cannot go to that day: it is over, it stands still, or the day is none to go to."""
    item = dated.item
    data = {"deadline": item.name, "to": to.isoformat(), "due_on": item.due_on.isoformat()}
    if item.status != "open":
        return [Reason("postpone_closed", {**data, "status": item.status})]
    if item.suspended_on is not None:
        return [Reason("postpone_suspended", {**data, "suspended_on": item.suspended_on.isoformat()})]
    reasons: list[Reason] = []
    if to <= item.due_on:
        reasons.append(Reason("postpone_not_later", data))
    if to < today:
        reasons.append(Reason("postpone_past", {**data, "today": today.isoformat()}))
    if item.lapses_on is not None and to >= item.lapses_on:
        reasons.append(Reason("postpone_lapse", {**data, "lapses_on": item.lapses_on.isoformat()}))
    latest = _latest(max(item.due_on, today))
    if to > latest:
        reasons.append(Reason("postpone_too_far", {**data, "latest": latest.isoformat()}))
    elif to > item.due_on:
        reasons.extend(Reason("postpone_season", {**data, **held}) for held in _season(file, dated, to))
    return reasons


def _latest(present: date) -> date:
    return add_months(present, 12 * MOST_YEARS).day if present.year <= MAXYEAR - MOST_YEARS else date.max


def _season(file: CaseFile, dated: Dated, to: date) -> Iterator[dict[str, str]]:
    """Say that a day is in the season that the date waits for, or would be moved into it by closed days."""
    rule = file.workflow.deadlines[dated.item.name]
    if rule.due.not_before is None:
        return
    season = file.workflow.seasons[rule.due.not_before]
    calendar = file.house.calendar_of(rule.due.calendar)
    on = next(
        (day for day in (to, worked(to, as_shift(rule.due.shift), calendar)) if inside(season, day)), None
    )
    if on is not None:
        yield {
            "season": rule.due.not_before, "label": season.label, "basis": season.basis, "on": on.isoformat(),
            "after": first_outside(season, on).isoformat(),
        }  # fmt: skip


def _write(file: CaseFile, dated: Dated, to: date, actor: Actor, at: datetime, reason: str) -> Event:
    item, today = dated.item, file.civil_day(at)
    body: dict[str, Any] = {
        "deadline": item.name, "ordinal": item.ordinal, "key": item.key, "to": to.isoformat(),
        "from": item.due_on.isoformat(),
    }  # fmt: skip
    provisional = Event(file.case.seq + 1, at, today, "postponement", actor.id, action=NAME, body=dict(body))
    with file.supposing(provisional):
        changes = arm(file, at, today, line="postponement")
    if changes:
        body["changes"] = changes
    line = Line("postponement", at, today, actor.id, action=NAME, body=body, secret={"reason": reason})
    event = append(file, line)
    file.case = replace(file.case, revision=file.case.revision + 1)
    return event
