"""A correction and the acts whose day follows it: those of the day that a fact tells, the answers of the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

from ..domain.case import Event, Occurrence
from ..domain.facts import told_on
from ..domain.ladder import of_effect_on
from ..domain.remembered import CLOCK
from ..domain.timeline import Entry, states_before, timeline
from ..domain.workflow import ANY, Workflow
from .arming import scheduled
from .casefile import CaseFile

TO_COME, OUT_OF_ORDER, TOO_EARLY = "clock_to_come", "clock_out_of_order", "clock_too_early"
"""Why such an act is not of the date that is now right: it is not over; other acts stand in between; it precedes the
acts that led there."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The date that an act of the clock answers, and the day on which it is then of effect."""

    item: Occurrence
    day: date


def follow_facts(file: CaseFile, line: Event) -> list[dict[str, Any]]:
    """Give the acts that were of the day told by a fact (`effective`), as a correction about to be written leaves them.

    One that had been given another day keeps it, and so does one that would then pass a change of state.
    """
    followed: list[dict[str, Any]] = []
    for entry in sorted(file.acts, key=attrgetter("seq")):
        rule = file.workflow.actions.get(entry.action)
        name = rule.effective if rule is not None else None
        if name is None or name not in entry.facts or entry.seq == line.body.get("act"):
            continue
        acts = timeline([*file.events, replace(line, body={**line.body, "followed": followed})])
        was, on = _told(file.acts, entry.seq, name), _told(acts, entry.seq, name)
        after = [replace(one, on=on) if one.seq == entry.seq else one for one in acts]
        if entry.on == was != on and states_before(after) == states_before(acts):
            days = {"on": on.isoformat(), "from": was.isoformat()}
            followed.append({"act": entry.seq, "action": entry.action, **days})
    return followed


def _told(acts: Sequence[Entry], seq: int, name: str) -> date:
    """Give the day of an act by what it tells, after those that were entered before it."""
    value = next(one.facts[name] for one in acts if one.seq == seq)
    return told_on(name, value, (one for one in acts if one.seq < seq))


def follow_clock(
    file: CaseFile, line: Event, today: date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the acts of the clock whose day follows a correction about to be written, and those that cannot follow it.

    Such an act (`effective: due`) is of the last day of a delay. Where the correction moves that day, so does the
    act; not to a day that is not over yet, nor past an act that was taken because of it, nor before what led there.
    """
    silences = [
        entry for entry in file.acts
        if entry.seq != line.body.get("act") and _answers(file.workflow, entry)
    ]  # fmt: skip
    followed = list(line.body.get("followed", ()))
    kept: list[dict[str, Any]] = []
    before = scheduled(file, file.acts, today) if silences else ()
    for entry in silences:
        acts = timeline([*file.events, replace(line, body={**line.body, "followed": followed})])
        was = _answered(file.workflow, file.acts, before, entry, None)
        now = was and _answered(file.workflow, acts, scheduled(file, acts, today), entry, was.item.key)
        if was is None or now is None or (was.day, was.item.due_on) == (now.day, now.item.due_on):
            continue
        told = {"act": entry.seq, "action": entry.action, "deadline": now.item.name}
        why, on = _stands(file.workflow, acts, entry, now, today), entry.on
        if why in (None, TOO_EARLY) and now.day not in (was.day, entry.on):
            on = now.day
            followed.append({**told, "on": on.isoformat(), "from": entry.on.isoformat()})
        if why is not None and on != now.item.due_on:
            kept.append({**told, "on": on.isoformat(), "due_on": now.item.due_on.isoformat(), "why": why})
    return followed, kept


def _answers(workflow: Workflow, entry: Entry) -> bool:
    """Say whether an act is one that the clock takes on the last day of a delay."""
    rule = workflow.deadlines.get(entry.actor.removeprefix(CLOCK)) if entry.actor.startswith(CLOCK) else None
    return rule is not None and any(
        rung.perform == entry.action and rung.effective == "due" for rung in rule.ladder
    )


def _answered(
    workflow: Workflow, acts: Sequence[Entry], items: Sequence[Occurrence], entry: Entry, key: str | None
) -> Answered | None:
    """Find the date that an act of the clock answers: the one that it closes, else the one of a key."""
    mine = [item for item in items if item.name == entry.actor.removeprefix(CLOCK)]
    item = next((item for item in mine if item.closed_seq == entry.seq), None)
    item = item or next((item for item in mine if item.key == key), None)
    if item is None or item.due_on == date.max:
        return None
    rung = next(rung for rung in workflow.deadlines[item.name].ladder if rung.perform == entry.action)
    return Answered(item, of_effect_on(rung, item, entry.on, (one for one in acts if one.seq < entry.seq)))


def _stands(
    workflow: Workflow, acts: Sequence[Entry], entry: Entry, now: Answered, today: date
) -> str | None:
    """Say why an act cannot be of the last day of its delay, if so."""
    if now.item.due_on >= today:
        return TO_COME
    moved = [replace(one, on=now.day) if one.seq == entry.seq else one for one in acts]
    before, after = states_before(acts), states_before(moved)
    if not all(_fits(workflow, one, before[one.seq], after[one.seq]) for one in acts):
        return OUT_OF_ORDER
    return TOO_EARLY if now.day > now.item.due_on else None


def _fits(workflow: Workflow, entry: Entry, before: str | None, after: str | None) -> bool:
    """Say whether an act may as well have been taken in another state: it stays there, and leads nowhere."""
    if before == after:
        return True
    rule = workflow.actions.get(entry.action)
    return entry.target is None and (rule is None or rule.stays == (ANY,) or after in rule.stays)


def told_in(body: Mapping[str, Any]) -> Sequence[str]:
    """Give the codes of the warnings of a correction that acts of the clock cannot follow, each once."""
    return list(dict.fromkeys(one["why"] for one in body.get("kept", ())))
