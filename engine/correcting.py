"""Corrections: a fact or a day put right, as a new line of history; the dates that follow from it move."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ..domain.arguments import EARLIEST
from ..domain.case import Actor, Event
from ..domain.errors import ActionRefused, Reason
from ..domain.facts import out_of_range, plain, read_facts
from ..domain.texts import paragraph
from ..domain.timeline import Entry, states_before, timeline
from .arming import arm, scheduled
from .casefile import CaseFile, Line, append, days_of
from .clock_days import follow_clock, follow_facts, told_in
from .day_guards import against_days
from .documents_kept import staff_only
from .link_facts import follow
from .meeting_guards import against_correcting
from .outdated import put_right
from .overlapping import flagged, overlaps
from .people import each_once, unknown_actors
from .persons import keep_people
from .place_again import unfit
from .place_taking import clash, settle
from .place_unsuited import by_correction
from .recognising import people_facts

NAME = "correct"


def correct(
    file: CaseFile, facts: Mapping[str, Any], actor: Actor, at: datetime, *, reason: str, on: date | None,
    act: int | None,
) -> Event:  # fmt: skip
    """Put facts or the day of an act right. Raises ActionRefused with every reason."""
    if isinstance(reason, str):
        paragraph(reason, "reason")
    asked = tuple(name for name, fact in file.workflow.facts.items() if not fact.of)
    facts = each_once(file.connection, file.workflow, facts)
    given, reasons = read_facts(file.workflow, facts, asked)
    values = {name: value for name, value in given.items() if file.case.facts.get(name) != value}
    reasons = staff_only(file, actor) + reasons + unknown_actors(file.connection, file.workflow, facts)
    if not isinstance(reason, str) or not reason.strip():
        reasons.append(Reason("reason_missing", {}))
    if not values and on is None and not reasons:
        reasons.append(Reason("nothing_to_correct", {}))
    body: dict[str, Any] = {}
    if on is not None:
        body, faults = _redated(file, on, act, file.civil_day(at))
        reasons += faults
    reasons += _ranges(file, values, body, file.civil_day(at))
    broken: list[str] = []
    if not reasons:
        body |= _clock(file, values, body, at)
        refused, broken = against_days(file, values, _provisional(file, values, body, "", at), at)
        reasons += refused
    reasons += _place(file, values, body, at) + against_correcting(file, values, at)
    if reasons:
        raise ActionRefused(NAME, reasons)
    housed = _housed(file, values, actor, at)
    warnings = [
        *told_in(body), *broken, *_shortened(file, values, body, at),
        *(warning.code for warning in (*housed, *by_correction(file, values))),
    ]  # fmt: skip
    if warnings:
        body["warnings"] = warnings
        body.update(flagged(housed))
    return _write(file, values, body, actor, at, reason.strip())


def _ranges(file: CaseFile, values: Mapping[str, Any], body: Mapping[str, Any], today: date) -> list[Reason]:
    """Check dates as a form does: what may not be past is counted from the day of the act that gave it."""
    moved = (body["act"], date.fromisoformat(body["on"])) if body else (None, today)
    days: dict[str, date] = {}
    for entry in file.acts:
        if entry.action:
            days |= dict.fromkeys(entry.facts, moved[1] if entry.seq == moved[0] else entry.on)
    found = (
        out_of_range(name, file.workflow.facts[name], value, since=days.get(name), today=today)
        for name, value in values.items()
    )
    return [reason for reason in found if reason is not None]


def _redated(file: CaseFile, on: date, act: int | None, today: date) -> tuple[dict[str, Any], list[Reason]]:
    """Check that an act may have taken effect on another day: the path of the case stays what it was."""
    acts = [entry for entry in file.acts if entry.action]
    known = next((entry for entry in acts if entry.seq == act), None) if act is not None else _last(acts)
    if known is None:
        return {}, [Reason("act_unknown", {"act": act})]
    if on > today:
        return {}, [Reason("effective_future", {"on": on.isoformat(), "today": today.isoformat()})]
    if on < EARLIEST:
        return {}, [Reason("effective_too_old", {"on": on.isoformat()})]
    moved = [replace(entry, on=on) if entry.seq == known.seq else entry for entry in file.acts]
    if states_before(file.acts) != states_before(moved):
        data = {"act": known.seq, "action": known.action, "on": on.isoformat()}
        return {}, [Reason("out_of_order", data)]
    return {"act": known.seq, "on": on.isoformat(), "from": known.on.isoformat()}, []


def _last(acts: Sequence[Entry]) -> Entry | None:
    return max(acts, key=lambda entry: entry.seq, default=None)


def _clock(
    file: CaseFile, values: Mapping[str, Any], body: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """Say which acts of the clock follow what is put right, and which keep their day."""
    told = {**body, "followed": follow_facts(file, _provisional(file, values, body, "", at))}
    followed, kept = follow_clock(file, _provisional(file, values, told, "", at), file.civil_day(at))
    return {name: acts for name, acts in (("followed", followed), ("kept", kept)) if acts}


def _provisional(
    file: CaseFile, values: Mapping[str, Any], body: Mapping[str, Any], actor: str, at: datetime
) -> Event:
    """Give the line of the correction before it is written, so that what follows from it can be said in it."""
    return Event(
        file.case.seq + 1, at, file.civil_day(at), "correction", actor, action=NAME, facts=dict(values), body=dict(body)
    )  # fmt: skip


def _place(file: CaseFile, values: Mapping[str, Any], body: Mapping[str, Any], at: datetime) -> list[Reason]:
    """Refuse a place that, as things are put right, another case would have had too, or that does not suit this one."""
    kind = file.workflow.place
    if kind is None or not (body or kind.fact in values):
        return []
    acts = timeline([*file.events, _provisional(file, values, body, "", at)])
    taken = clash(file, acts, at)
    if taken is None:
        taken = unfit(file, {**file.case.facts, **values}, acts, at)
    return [taken] if taken is not None else []


def _housed(file: CaseFile, values: Mapping[str, Any], actor: Actor, at: datetime) -> list[Reason]:
    """Flag the people who, as things are put right, have two homes: a correction is the truth, and never refused so."""
    if not any(name in values for name in people_facts(file.workflow)):
        return []
    facts = {**file.case.facts, **values}
    return overlaps(file, actor, None, facts, file.civil_day(at), at, mends=True)[1]


def _shortened(file: CaseFile, values: Mapping[str, Any], body: Mapping[str, Any], at: datetime) -> list[str]:
    """Say that a renewal, as its end is put right, ends before what it renewed: an act is refused for that."""
    rules = file.workflow.deadlines
    names = [name for name, rule in rules.items() if rule.due.renewed_by and rule.due.decided in values]
    if not names:
        return []
    acts = timeline([*file.events, _provisional(file, values, body, "", at)])
    items = [item for item in scheduled(file, acts, file.civil_day(at)) if item.status != "void"]
    ends = {(item.name, item.k): item.legal_on for item in items if item.name in names}
    shorter = any(end < ends.get((name, k - 1), end) for (name, k), end in ends.items())
    return ["renewal_shortens"] if shorter else []


def _write(
    file: CaseFile, values: Mapping[str, Any], body: dict[str, Any], actor: Actor, at: datetime, reason: str
) -> Event:
    today = file.civil_day(at)
    facts = file.case.facts
    before = {name: plain(facts.get(name)) for name in values}
    acts = file.acts
    with file.supposing(_provisional(file, values, body, actor.id, at)):
        changes = arm(file, at, today, wake=True, line="correction", mended=acts)
    if changes:
        body["changes"] = changes
    secret: dict[str, Any] = {"reason": reason}
    if before:
        secret["before"] = before
    event = append(
        file, Line("correction", at, today, actor.id, action=NAME, facts=values, body=body, secret=secret)
    )
    opened_on, state_since, closed_on = days_of(file.workflow, file.acts)
    file.case = replace(
        file.case, revision=file.case.revision + 1, opened_on=opened_on or file.case.opened_on,
        state_since=state_since or file.case.state_since, closed_on=closed_on,
    )  # fmt: skip
    settle(file)
    put_right(file, event)
    keep_people(file, NAME)
    follow(file, facts, event, at)
    return event
