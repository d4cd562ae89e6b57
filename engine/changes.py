"""What the history tells of a date that changed: the word, from, to, and why where the line itself does not say."""

from dataclasses import dataclass
from typing import Any

from ..domain.case import Occurrence
from ..domain.deadline import Deadline
from ..domain.model import Setting

WITH_FROM = ("moved", "running", "suspended")


@dataclass(frozen=True, slots=True)
class ToldBy:
    """The line of history that tells a change: its kind and its number; a zone names the calendar of the house."""

    kind: str
    seq: int
    zone: str


def first_word(item: Occurrence) -> dict[str, Any]:
    """Tell an occurrence that was not there."""
    return _change("armed" if item.status == "open" else item.status, item)


def told_change(before: Occurrence, after: Occurrence, rule: Deadline, line: ToldBy) -> dict[str, Any] | None:
    """Tell what changed of an occurrence, or nothing where readers would see no difference."""
    word = _word(before, after)
    if word is None:
        return None
    change = _change(word, after)
    if word == "moved" or (word in WITH_FROM and before.due_on != after.due_on):
        change["from"] = before.due_on.isoformat()
        if before.due_at is not None and before.due_at != after.due_at:
            change["from_at"] = before.due_at.isoformat()
        why = _why(before, after, rule, line)
        if why is not None:
            change["why"] = why
    return change


def _word(before: Occurrence, after: Occurrence) -> str | None:
    if before.status != after.status:
        return "resumed" if after.status == "open" else after.status
    if after.status == "open" and (before.suspended_on is None) is not (after.suspended_on is None):
        return "running" if after.suspended_on is None else "suspended"
    when = (before.due_on, before.due_at, before.act_by)
    return None if when == (after.due_on, after.due_at, after.act_by) else "moved"


def _change(word: str, item: Occurrence) -> dict[str, Any]:
    change: dict[str, Any] = {
        "deadline": item.name, "ordinal": item.ordinal, "change": word, "due_on": item.due_on.isoformat(),
    }  # fmt: skip
    if item.k > 1:
        change["k"] = item.k
    if item.legal_on != item.due_on:
        change["legal_on"] = item.legal_on.isoformat()
    if item.due_at is not None:
        change["due_at"] = item.due_at.isoformat()
    if item.act_by is not None:
        change["act_by"] = item.act_by.isoformat()
    if word == "suspended" and item.suspended_on is not None:
        change["suspended_on"] = item.suspended_on.isoformat()
    if word == "moved" and item.status != "open":
        change["status"] = item.status  # what is over stays so: only its day is put right
    return change


def _why(before: Occurrence, after: Occurrence, rule: Deadline, line: ToldBy) -> dict[str, Any] | None:
    """Say which input moved a date, where the line that tells it does not say so by itself."""
    if after.paused != before.paused:
        return {"paused": after.paused - before.paused}
    if after.restarted is not None and (after.restarted, after.anchor_on) != (
        before.restarted,
        before.anchor_on,
    ):
        return {"restarted": after.restarted}
    if after.postponed_from != before.postponed_from:
        return None if line.kind == "postponement" else {"postponed": after.postponed_from is not None}
    if after.source != before.source:
        return None if after.source.seq == line.seq else {"anchor": after.source.as_data()}
    if after.anchor_on != before.anchor_on:
        # Only a correction changes the day of an act or the value of a fact: its line says which.
        return {"anchor": after.source.as_data()} if after.source.kind == "deadline" else None
    if line.kind in ("settings", "postponement"):
        return None
    return _of_the_house(before, after, rule, line)


def _of_the_house(
    before: Occurrence, after: Occurrence, rule: Deadline, line: ToldBy
) -> dict[str, Any] | None:
    """A setting or a calendar that changed without its own line: the case had been set aside then."""
    if after.delay == before.delay:
        return {"calendar": line.zone}
    for written in (rule.due.after, rule.due.every):
        if isinstance(written, Setting):
            return {"setting": written.param}
    return None
