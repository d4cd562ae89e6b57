"""How a date was found, step by step: the arithmetic from its anchor, then all that held it back or moved it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.case import Occurrence
from ..domain.dating import NO_DELAY, Dating
from ..domain.deadline import Cases, Deadline
from ..domain.deadline import Dated as DatedRule
from ..domain.delay import Delay
from ..domain.errors import InputError
from ..domain.explain_dates import Explanation, explain
from ..domain.facts import plain
from ..domain.question import setting
from .casefile import CaseFile

HELD = frozenset({"capped", "paused", "season"})
"""What makes a legal date another than the delay alone gives."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that made a date what it is: a stable code, and its data."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A date as it was found: a plain delay from the anchor where there is one, what else counted, and the shifts.

    `starts_on` is the day of what started the clock; `arithmetic` counts from it, or from the date written in a
    decision that has taken its place; `shifted` goes from the legal date to the one that counts; `before` from that one
    to the working day by which to act.
    """

    starts_on: date
    arithmetic: Explanation | None
    notes: tuple[Note, ...]
    shifted: Explanation | None
    before: Explanation | None


def reckon(file: CaseFile, item: Occurrence) -> Reckoning:
    """Say how a date was found; nothing of it where it is beyond the calendar.

    What the settings or the calendar of today would no longer give is not told as if they had.
    """
    rule = file.workflow.deadlines[item.name]
    starts_on = _starts_on(file, item) if _written(file, rule, item) else item.anchor_on
    if date.max in (item.legal_on, item.due_on):
        return Reckoning(starts_on, None, tuple(_notes(file, rule, item, None)), None, None)
    calendar = file.house.calendar_of(rule.due.calendar)
    counted = _counted(file, rule, item)
    notes = tuple(_notes(file, rule, item, counted))
    if counted is not None and counted.raw != item.legal_on and HELD.isdisjoint(note.code for note in notes):
        counted = None
    shifted = explain(item.legal_on, NO_DELAY, shift=rule.due.shift, calendar=calendar)
    before = explain(item.due_on, NO_DELAY, shift=rule.due.act_by or "aucun", calendar=calendar)
    return Reckoning(
        starts_on, counted, notes,
        shifted if shifted.due == (item.postponed_from or item.due_on) else None,
        before if item.act_by is not None and before.due == item.act_by else None,
    )  # fmt: skip


def _counted(file: CaseFile, rule: Deadline, item: Occurrence) -> Explanation | None:
    """Count a delay in days or months from the anchor; with the shift, where nothing else moved the date."""
    whole = _whole(file, rule, item)
    if whole is None or whole.hours:
        return None
    calendar = file.house.calendar_of(rule.due.calendar)
    found = explain(item.anchor_on, whole, shift=rule.due.shift, calendar=calendar, franc=rule.due.franc)
    if (found.raw, found.due) == (item.legal_on, item.due_on):
        return found
    return explain(item.anchor_on, whole, calendar=calendar, franc=rule.due.franc)


def _whole(file: CaseFile, rule: Deadline, item: Occurrence) -> Delay | None:
    """Give the whole delay from the anchor; none for a rhythm of the calendar, or one that rests in some months."""
    try:
        found = Delay.parse(item.delay)
    except InputError:
        return None
    if rule.due.every is None:
        return found
    if rule.due.not_in:
        return None
    if rule.due.after is None:
        return found.times(item.k)
    first = _once(file, rule, item.anchor_on)
    return None if first is None else first.plus(found.times(item.k - 1))


def _once(file: CaseFile, rule: Deadline, since: date) -> Delay | None:
    """Give the delay of one period, as the settings and the facts give it."""
    dating = Dating(
        file.workflow, file.parameters, file.house.calendar, file.case.facts, file.house.timezone, {}
    )
    return dating.delay(rule, 1, since)


def _periods(file: CaseFile, rule: Deadline, item: Occurrence) -> tuple[Delay, int] | None:
    """Give the delay of one period, and how many of them the date counts; none where they give another delay."""
    once = _once(file, rule, _starts_on(file, item))
    whole = _whole(file, rule, item)
    if once is None or whole is None:
        return None
    many = next((number for number in range(item.k + 1) if once.times(number) == whole), None)
    return None if many is None else (once, many)


def _note(code: str, **data: Any) -> Note:
    return Note(code, data)


def _notes(
    file: CaseFile, rule: Deadline, item: Occurrence, counted: Explanation | None
) -> Iterator[Note]:  # fmt: skip
    """Give, in the order in which they count, the things that made the date what it is."""
    yield from _delay(file, rule, item)
    if item.due_at is not None:
        yield _note("hour", at=item.due_at.isoformat(), since=_iso(item.anchor_at), delay=item.delay)
    if item.cap_on is not None:
        code = "capped" if item.legal_on >= item.cap_on else "cap"
        yield _note(code, cap=str(setting(rule.due.cap, file.parameters)), on=item.cap_on.isoformat())
    yield from _stops(file, rule, item)
    yield from _season(file, rule, item, counted)
    if item.postponed_from is not None:
        yield _note("postponed", due_on=item.postponed_from.isoformat(), to=item.due_on.isoformat())


def _stops(file: CaseFile, rule: Deadline, item: Occurrence) -> Iterator[Note]:
    """Say what made the clock run again, what it stood still for, and whether it stands still."""
    if item.restarted is not None:
        because = next((one.because for one in rule.restarts if item.restarted in one.by), "")
        label = file.workflow.actions[item.restarted].label
        yield _note(
            "restarted", action=item.restarted, label=label, because=because, on=item.anchor_on.isoformat()
        )
    if item.paused:
        yield _note("paused", days=item.paused, because=[pause.because for pause in rule.pauses])
    if item.suspended_on is not None:
        because = next((one.because for one in rule.pauses if file.case.state in one.states), "")
        remaining = max((item.due_on - item.suspended_on).days, 0)
        yield _note("suspended", on=item.suspended_on.isoformat(), remaining=remaining, because=because)


def _delay(file: CaseFile, rule: Deadline, item: Occurrence) -> Iterator[Note]:
    """Say which delay was taken where the rule has several, and how a rhythm counts."""
    due, facts = rule.due, file.workflow.facts
    periods = None if due.every is not None else _periods(file, rule, item)
    if due.decided is not None and _written(file, rule, item):
        yield _note(
            "written", fact=due.decided, label=facts[due.decided].label, on=item.anchor_on.isoformat(),
            counted=item.delay != str(NO_DELAY),
        )  # fmt: skip
    if isinstance(due.after, Cases):
        value = plain(file.case.facts.get(due.after.by))
        delay = item.delay if periods is None else str(periods[0])
        yield _note("chosen", fact=due.after.by, label=facts[due.after.by].label, value=value, delay=delay)
    if isinstance(due.after, DatedRule):
        yield Note("dated", _version(due.after, _starts_on(file, item), file.parameters))
    if due.every is not None:
        yield _note("rhythm", every=item.delay, k=item.k, not_in=list(due.not_in))
    elif due.renewed_by and item.k > 1:
        times = {"times": item.k - 1}
        yield Note(
            "renewed",
            times if periods is None else {**times, "periods": periods[1], "delay": str(periods[0])},
        )


def _written(file: CaseFile, rule: Deadline, item: Occurrence) -> bool:
    """Say whether the clock counts from a date written in a decision (R9), and not from what started it."""
    if rule.due.decided is None:
        return False
    return item.delay == str(NO_DELAY) or _starts_on(file, item) != item.anchor_on


def _starts_on(file: CaseFile, item: Occurrence) -> date:
    """Give the day of what started the clock, whatever date was written in its place since."""
    source = item.source
    if source.kind == "deadline":
        key = item.key.partition(":")[2].removesuffix(f".{item.k}")
        parents = (
            one.item.due_on for one in file.dated if (one.item.name, one.item.key) == (source.name, key)
        )
        return next(parents, item.anchor_on)
    act = next((entry for entry in file.acts if entry.seq == source.seq), None)
    if act is None:
        return item.anchor_on
    started = act.facts.get(source.name) if source.kind == "fact" else act.on
    if isinstance(started, datetime):
        return started.date()
    return started if isinstance(started, date) else item.anchor_on


def _version(rule: DatedRule, since: date, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Say which version of a rule that changed on a date was taken, from the day of the anchor."""
    days, number = list(rule.until), rule.version(since)
    return {
        "anchor_on": since.isoformat(), "delay": str(setting(rule.delays[number], parameters)),
        "since": days[number - 1] if number else None, "until": days[number] if number < len(days) else None,
    }  # fmt: skip


def _season(
    file: CaseFile, rule: Deadline, item: Occurrence, counted: Explanation | None
) -> Iterator[Note]:  # fmt: skip
    """Say that a season held the date back: the legal date is its first day after it."""
    if rule.due.not_before is None or item.legal_on == date.max:
        return
    season = file.workflow.seasons[rule.due.not_before]
    eve = item.legal_on - timedelta(days=1)
    held = counted is None or counted.raw + timedelta(days=item.paused) != item.legal_on
    if f"{eve.month:02}-{eve.day:02}" == season.end and held:
        yield _note("season", label=season.label, basis=season.basis, until=eve.isoformat())


def _iso(at: Any) -> str | None:
    return None if at is None else at.isoformat()
